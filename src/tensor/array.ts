import { AuricleError } from "../errors.ts";
import { formatShape, sizeOf, type Shape } from "./shape.ts";
import { shownValue } from "../shown-value.ts";

export type DType = "float32" | "int32";

/** Numbers with a shape: what goes into a compiled function and what comes out. Row-major. */
export interface NumericArray {
  readonly shape: Shape;
  readonly data: Float32Array | Int32Array;
}

/** Numbers in double precision, as the operations' reference loops take and give them; int32 values are exact too. */
export interface DoubleArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export interface FloatArray extends NumericArray {
  readonly data: Float32Array;
}

export interface IntArray extends NumericArray {
  readonly data: Int32Array;
}

export function dtypeOf(array: NumericArray): DType {
  return array.data instanceof Int32Array ? "int32" : "float32";
}

/**
 * Wraps numbers as a float32 array of the given shape.
 * @throws AuricleError "shape" when the count does not fit the shape.
 */
export function floatArray(data: Float32Array | readonly number[], shape: Shape): FloatArray {
  checkCount(data.length, shape);
  return { shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** As {@link floatArray}, for int32: class labels. */
export function intArray(data: Int32Array | readonly number[], shape: Shape): IntArray {
  checkCount(data.length, shape);
  return { shape, data: data instanceof Int32Array ? data : Int32Array.from(data) };
}

/**
 * Checks an array that comes from outside, which may have been put together by hand: too few numbers would leave what memory
 * held before in the places of the others.
 * @param what the array, for the message
 * @throws AuricleError "shape" when the numbers are not as many as the shape holds
 */
export function checkArray({ shape, data }: NumericArray, what: string): void {
  checkCount(data.length, shape, what);
}

function checkCount(count: number, shape: Shape, what = "array"): void {
  const axis = shape.findIndex((length) => !Number.isInteger(length) || length < 0);
  if (axis >= 0) {
    throw new AuricleError(
      "shape",
      `${what}: lengths of axes must be whole numbers from 0; got ${formatShape(shape)}`,
    );
  }
  if (count !== sizeOf(shape)) {
    throw new AuricleError(
      "shape",
      `${what}: shape ${formatShape(shape)} holds ${sizeOf(shape)} numbers; got ${shownValue(count)}`,
    );
  }
}

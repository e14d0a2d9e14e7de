/** @file Arrays as NumPy has them. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { shownValue } from "../../shown-value.ts";

/** NumPy's names of element types; `str` is its `<U…`, `bytes` its `S…`. */
export type NpyDtype =
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "str"
  | "bytes";

export type NpyData =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | readonly string[];

export interface NpyArray {
  readonly shape: Shape;
  readonly dtype: NpyDtype;
  /**
   * The elements, row-major: of `bool` 0 and 1 in a Uint8Array, of `float16` a Float32Array, of complex numbers real and imaginary part
   * in turn, of `str` and `bytes` strings (bytes as Latin-1).
   */
  readonly data: NpyData;
}

/**
 * Makes numbers that a network can take: floats become float32, whole numbers and `bool` int32.
 * @param what the array, for messages, such as `data.npz: array "x"`
 * @throws AuricleError "data" for text and complex numbers, and for values that an int32 or a float32 cannot hold
 */
export function numbersOf({ shape, dtype, data }: NpyArray, what: string): NumericArray {
  if (isText(data) || dtype.startsWith("complex")) {
    throw new AuricleError(
      "data",
      `${what} must hold numbers; it has ${dtype} of shape ${formatShape(shape)}`,
    );
  }
  if (data instanceof Float32Array || data instanceof Int32Array) return { shape, data };
  const refuse = (value: number | bigint, i: number, holder: string) =>
    new AuricleError(
      "data",
      `${what}: every value must fit ${holder}; got ${shownValue(value)} at index ${i}`,
    );
  if (data instanceof Float64Array) {
    const narrow = Float32Array.from(data);
    const i = narrow.findIndex((value, at) => !Number.isFinite(value) && Number.isFinite(data[at]));
    if (i >= 0) throw refuse(data[i], i, "a float32");
    return { shape, data: narrow };
  }
  const whole = new Int32Array(data.length);
  for (let i = 0; i < whole.length; i++) {
    const value = data[i];
    whole[i] = Number(value);
    if (whole[i] !== Number(value)) throw refuse(value, i, "an int32");
  }
  return { shape, data: whole };
}

/** Tells the elements of text from numbers. */
export function isText(data: NpyData): data is readonly string[] {
  return Array.isArray(data);
}

import { AuricleError } from "../errors.ts";
import type { DType, DoubleArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { parametersKey } from "./parameters-key.ts";
import { constantTensor } from "./sources.ts";
import type { TaskLibrary } from "./task-library.ts";
import { Tensor, type Operation, type Structure } from "./tensor.ts";

/** Everything about one primitive operation but its gradient (src/ops/gradients). `P` are its parameters, plain data. */
export interface Definition<P> {
  readonly name: string;
  /** The output's shape. @throws AuricleError "shape" or "argument" naming the operation, what came and what must hold. */
  shape(inputs: readonly Tensor[], parameters: P): Shape;
  /** float32 unless given. An operation without it takes float32 only, unless it `readsInt32`. */
  readonly readsInt32?: boolean;
  dtype?(inputs: readonly Tensor[], parameters: P): DType;
  structure(inputs: readonly Tensor[], parameters: P, outputShape: Shape): Structure;
  /** The same values by other operations, where a target does those faster; undefined where it does not. */
  instead?(inputs: readonly Tensor[], parameters: P, library: TaskLibrary): Tensor | undefined;
  /** Slow, obvious loops in double precision: the definition that every kernel is checked against. */
  reference(inputs: readonly DoubleArray[], parameters: P, outputShape: Shape): Float64Array;
  /**
   * Counts the multiply-adds of an operation whose results are sums of products of its inputs' elements. Such an operation
   * yields zeros where an input is empty.
   */
  multiplyAdds?(inputs: readonly Tensor[], parameters: P, outputShape: Shape): number;
}

/** The properties of any primitive that does not depend on its parameters' type. */
export interface AnyPrimitive {
  readonly operationName: string;
}

/** An operation that can be applied. */
export interface Primitive<P> extends AnyPrimitive {
  (inputs: readonly Tensor[], parameters: P): Tensor;
}

function isEmpty(shape: Shape): boolean {
  return shape.includes(0);
}

/*@__NO_SIDE_EFFECTS__*/
export function defineOperation<P extends object>(definition: Definition<P>): Primitive<P> {
  const floatsOnly = definition.dtype === undefined && definition.readsInt32 !== true;
  const apply = (inputs: readonly Tensor[], parameters: P): Tensor => {
    if (floatsOnly) checkFloats(definition.name, inputs);
    const shape = definition.shape(inputs, parameters);
    if (definition.multiplyAdds && [shape, ...inputs.map((input) => input.shape)].some(isEmpty)) {
      return constantTensor({ shape, data: new Float32Array(sizeOf(shape)) });
    }
    let key: string | undefined;
    const operation: Operation = {
      name: definition.name,
      parameters,
      get key() {
        return (key ??= parametersKey(parameters));
      },
      structure: definition.structure(inputs, parameters, shape),
      multiplyAdds: definition.multiplyAdds?.(inputs, parameters, shape) ?? 0,
      reference: (arrays) => definition.reference(arrays, parameters, shape),
      on: (others) => apply(others, parameters),
      instead: (others, library) => definition.instead?.(others, parameters, library),
    };
    return new Tensor(shape, definition.dtype?.(inputs, parameters) ?? "float32", operation, inputs);
  };
  return Object.assign(apply, { operationName: definition.name });
}

/** Kernels would read an int32's bits as a float. @throws AuricleError "argument" */
function checkFloats(name: string, inputs: readonly Tensor[]): void {
  const index = inputs.findIndex((input) => input.dtype !== "float32");
  if (index < 0) return;
  const { dtype, shape } = inputs[index];
  throw new AuricleError(
    "argument",
    `${name}: operand ${index} must be float32; got ${dtype} ${formatShape(shape)}; convert it with toFloat`,
  );
}

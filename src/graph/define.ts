import { AuricleError } from "../errors.ts";
import type { DType, DoubleArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { constantTensor } from "./sources.ts";
import { Tensor, type Operation, type Structure } from "./tensor.ts";

/** Everything that is known about one primitive operation, in one place. `P` are its parameters, plain data. */
export interface Definition<P> {
  readonly name: string;
  /** The output's shape. @throws AuricleError "shape" or "argument" naming the operation, what came and what must hold. */
  shape(inputs: readonly Tensor[], parameters: P): Shape;
  /** float32 unless given. An operation without it takes float32 only, unless it `readsInt32`. */
  readonly readsInt32?: boolean;
  dtype?(inputs: readonly Tensor[], parameters: P): DType;
  structure(inputs: readonly Tensor[], parameters: P, outputShape: Shape): Structure;
  /** Slow, obvious loops in double precision: the definition that every kernel is checked against. */
  reference(inputs: readonly DoubleArray[], parameters: P, outputShape: Shape): Float64Array;
  /** Gradients in terms of other operations. An operation without it stops gradients. */
  gradient?(
    outputGradient: Tensor,
    inputs: readonly Tensor[],
    parameters: P,
    output: Tensor,
  ): readonly (Tensor | undefined)[];
  /**
   * Counts the multiply-adds of an operation whose results are sums of products of its inputs' elements. Such an operation
   * yields zeros where an input is empty.
   */
  multiplyAdds?(inputs: readonly Tensor[], parameters: P, outputShape: Shape): number;
  /** Parameters that tests run it with, beside random inputs of the given shapes. */
  readonly cases: readonly Case<P>[];
}

/** One test of an operation on every target, and of its gradient by finite differences. */
export interface Case<P> {
  readonly shapes: readonly Shape[];
  readonly parameters: P;
  /**
   * Values of the inputs: "normal" (default), "positive", "labels" (integers from 0), "separated" (no near-ties), "indices" (int32
   * in 0 … 4, whose gradient is not checked).
   */
  readonly values?: readonly InputValues[];
  /** Inputs whose gradient is not checked, with the reason: a kink, an integer. */
  readonly withoutGradient?: string;
}

/** "indices" are int32, the others float32. */
export type InputValues = "normal" | "positive" | "labels" | "separated" | "mask" | "indices";

/** A case with its parameters bound, so that operations of all kinds can be tested alike. */
export interface BoundCase {
  readonly title: string;
  readonly inputs: readonly { readonly shape: Shape; readonly dtype: DType; readonly values: InputValues }[];
  readonly withoutGradient: string | undefined;
  apply(inputs: readonly Tensor[]): Tensor;
}

/** The properties of any primitive that tests and documentation need. */
export interface AnyPrimitive {
  readonly operationName: string;
  readonly cases: readonly BoundCase[];
}

/** An operation that can be applied. */
export interface Primitive<P> extends AnyPrimitive {
  (inputs: readonly Tensor[], parameters: P): Tensor;
}

function isEmpty(shape: Shape): boolean {
  return shape.includes(0);
}

/** JSON has no -0, NaN or infinities; keys must tell them from 0 and null. */
function exactNumbers(_: string, value: unknown): unknown {
  const isSpecial = typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0));
  return isSpecial ? `number ${Object.is(value, -0) ? "-0" : value}` : value;
}

export function defineOperation<P extends object>(definition: Definition<P>): Primitive<P> {
  const floatsOnly = definition.dtype === undefined && definition.readsInt32 !== true;
  const apply = (inputs: readonly Tensor[], parameters: P): Tensor => {
    if (floatsOnly) checkFloats(definition.name, inputs);
    const shape = definition.shape(inputs, parameters);
    if (definition.multiplyAdds && [shape, ...inputs.map((input) => input.shape)].some(isEmpty)) {
      return constantTensor({ shape, data: new Float32Array(sizeOf(shape)) });
    }
    const operation: Operation = {
      name: definition.name,
      key: JSON.stringify(parameters, exactNumbers),
      structure: definition.structure(inputs, parameters, shape),
      multiplyAdds: definition.multiplyAdds?.(inputs, parameters, shape) ?? 0,
      reference: (arrays) => definition.reference(arrays, parameters, shape),
      gradient: (outputGradient) =>
        definition.gradient?.(outputGradient, inputs, parameters, output) ?? inputs.map(() => undefined),
    };
    const output = new Tensor(shape, definition.dtype?.(inputs, parameters) ?? "float32", operation, inputs);
    return output;
  };
  const cases = definition.cases.map((one): BoundCase => ({
    title: `${one.shapes.map(formatShape).join(" ")} ${JSON.stringify(one.parameters)}`,
    inputs: one.shapes.map((shape, i) => {
      const values = one.values?.[i] ?? "normal";
      return { shape, dtype: values === "indices" ? "int32" : "float32", values };
    }),
    withoutGradient: one.withoutGradient,
    apply: (inputs) => apply(inputs, one.parameters),
  }));
  return Object.assign(apply, { operationName: definition.name, cases });
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

/** @file Symbolic tensors: the nodes of a traced graph. */
import type { ElementwiseFunction } from "../kernels/expression.ts";
import type { DType, DoubleArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Slab } from "./slab.ts";
import type { TaskLibrary } from "./task-library.ts";
import type { Task } from "./tasks.ts";

/**
 * The properties of an operation that the compiler may use. Passes ask for these fields and never for an operation's name.
 */
export type Structure =
  /** Given at each run. */
  | { readonly kind: "input" }
  /** Numbers known when the graph is traced. */
  | { readonly kind: "constant"; readonly data: Float32Array | Int32Array }
  /** A part of a slab; `offset` in words. */
  | { readonly kind: "variable"; readonly slab: Slab; readonly offset: number }
  /** offset + Σ coordinate·stride, as int32; no memory. */
  | { readonly kind: "index"; readonly strides: readonly number[]; readonly inner?: InnerAxes }
  /** The input's numbers under another shape; no copy. */
  | { readonly kind: "view" }
  /** Reads one contiguous input through strides (elements): transpose, slice, broadcast. */
  | {
      readonly kind: "strided";
      readonly strides: readonly number[];
      readonly offset: number;
      readonly inner?: InnerAxes;
    }
  /** All inputs have the output's shape. */
  | {
      readonly kind: "elementwise";
      readonly function: ElementwiseFunction;
      readonly parameters: readonly number[];
    }
  | { readonly kind: "reduce"; readonly combine: Combine; readonly axes: readonly number[] }
  /** The output is put together from its inputs, each at an offset (elements) of the output; gaps hold `fill`. */
  | {
      readonly kind: "assembled";
      readonly offsets: readonly number[];
      readonly fill: number | undefined;
      /** Its numbers are handed over to whoever runs the program, who may put others in their place before the program goes on. */
      readonly handOver?: string;
    }
  /** Has kernels of its own, which the target's library asks for. */
  | { readonly kind: "kernels"; readonly task: Task };

export type Combine = "sum" | "max" | "min";

/**
 * Axes that are walked in two steps: position p of an axis is ⌊p / length⌋ along the axis itself, and p mod length along an inner
 * one with a stride of its own. A length of 1 leaves an axis as it is; each divides its axis.
 */
export interface InnerAxes {
  readonly lengths: readonly number[];
  readonly strides: readonly number[];
}

/** An operation with its parameters bound, as a tensor carries it. */
export interface Operation {
  readonly name: string;
  /** Plain data: what the operation was called with beside its inputs. */
  readonly parameters: object;
  /** The parameters as text. Two operations with equal names, keys and inputs compute the same; inputs of the graph never do. */
  readonly key: string;
  readonly structure: Structure;
  /** Multiply-adds that the obvious loops would do; 0 for operations that do none. */
  readonly multiplyAdds: number;
  /** The obvious loops, in double precision. */
  reference(inputs: readonly DoubleArray[]): Float64Array;
  /** The same operation, with the same parameters, on other inputs. */
  on(inputs: readonly Tensor[]): Tensor;
  /** The same on these inputs by other operations, where the targets of a library do those faster. */
  instead?(inputs: readonly Tensor[], library: TaskLibrary): Tensor | undefined;
}

/** A gradient rule that replaces the rules of all the operations between some inputs and one output. */
export interface GradientRule {
  readonly inputs: readonly Tensor[];
  gradient(outputGradient: Tensor, output: Tensor): readonly (Tensor | undefined)[];
}

/** Properties of a tensor that its operation does not tell. */
export interface TensorFacts {
  readonly gradientRule?: GradientRule;
  /** Axes over which its sum is 0 whatever it is computed from. */
  readonly zeroSumAxes?: readonly number[];
}

/** A value in a traced graph: known shape and dtype, numbers only when a compiled program runs. Never changes. */
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly operation: Operation;
  readonly inputs: readonly Tensor[];
  /** The layers that it was made in, outermost first: "sequential/conv2d_1". */
  readonly scope: string;
  readonly facts: TensorFacts;

  constructor(
    shape: Shape,
    dtype: DType,
    operation: Operation,
    inputs: readonly Tensor[],
    facts: TensorFacts = {},
  ) {
    this.shape = shape;
    this.dtype = dtype;
    this.operation = operation;
    this.inputs = inputs;
    this.scope = scopes.join("/");
    this.facts = facts;
    Object.freeze(this);
  }
}

/** The same tensor with more known of it. Compiled, the two are one. */
export function withFacts({ shape, dtype, operation, inputs, facts }: Tensor, more: TensorFacts): Tensor {
  return new Tensor(shape, dtype, operation, inputs, { ...facts, ...more });
}

/**
 * The same tensor with a gradient of its own for some of the tensors that it was computed from; what lies between has none.
 * @param gradient gives the gradient for each of `inputs` (undefined: none), from that for the tensor and the tensor itself
 *
 * @example
 * // Rounds, and passes gradients as if it had not.
 * const straightThrough = (x) => withGradient(round(x), [x], (dy) => [dy]);
 */
export function withGradient(
  tensor: Tensor,
  inputs: readonly Tensor[],
  gradient: GradientRule["gradient"],
): Tensor {
  return withFacts(tensor, { gradientRule: { inputs, gradient } });
}

const scopes: string[] = [];

/** Runs `make` so that the tensors it makes carry `name` in their scope: used in messages and profiles. */
export function withScope<T>(name: string, make: () => T): T {
  scopes.push(name);
  try {
    return make();
  } finally {
    scopes.pop();
  }
}

/** "conv2d in layer conv2d_1", for messages. */
export function describeTensor(tensor: Tensor): string {
  return tensor.scope ? `${tensor.operation.name} in ${tensor.scope}` : tensor.operation.name;
}

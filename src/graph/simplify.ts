/**
 * @file Rewrites of a traced graph before fusion: less work for the same numbers, found in the structures of its tensors.
 *
 *   1. A sum over axes on which it is known to be 0 is 0: the gradient of a bias before a batch normalisation.
 *   2. (y + b - m)·s + t with vectors b, m, s, t along one axis, and sums of products y, is y·s + ((b - m)·s + t): a batch
 *      normalisation with given statistics takes two operations for each element, and the vectors' arithmetic is done once. b
 *      and t may be missing. The sums are no more exact than the shift is: both have errors in proportion to what was added up.
 *      Of any other y the mean must be subtracted first: it may be exact, and its mean large against the deviations. Where a
 *      vector is computed from y, as in training, nothing is gained.
 *   3. An operation that a target does faster by others is done by those: a max pooling's gradient from where the maxima are.
 */
import { sameShape, sizeOf } from "../tensor/shape.ts";
import { topologicalOrder } from "./gradient.ts";
import type { Graph } from "./graph.ts";
import { filledTensor } from "./sources.ts";
import { machineLibrary } from "./task-library.ts";
import { withScope, type Tensor } from "./tensor.ts";

/**
 * Applies the rules to all that a graph's outputs and assignments depend on. Inputs stay the same tensors.
 * @param library that of the targets that the graph is lowered for
 */
export function simplify(graph: Graph, library = machineLibrary): Graph {
  const { outputs, assignments } = graph;
  const order = topologicalOrder([...outputs, ...assignments.map(({ value }) => value)]);
  const normalizations = findNormalizations(order);
  const simpler = new Map<Tensor, Tensor>();
  const now = (tensor: Tensor): Tensor => simpler.get(tensor) ?? tensor;
  for (const tensor of order) {
    const found = normalizations.get(tensor);
    const made = withScope(tensor.scope, () => {
      if (isZero(tensor)) return filledTensor(tensor.shape, 0);
      if (found) return scaledSums(found, now);
      const inputs = tensor.inputs.map(now);
      const other = tensor.operation.instead?.(inputs, library);
      if (other) return other;
      return inputs.some((input, i) => input !== tensor.inputs[i]) ? tensor.operation.on(inputs) : tensor;
    });
    if (made !== tensor) simpler.set(tensor, made);
  }
  return {
    ...graph,
    outputs: outputs.map(now),
    assignments: assignments.map((one) => ({ ...one, value: now(one.value) })),
  };
}

/** Rule 1. */
function isZero({ operation: { structure }, inputs: [input] }: Tensor): boolean {
  if (structure.kind !== "reduce" || structure.combine !== "sum") return false;
  const { zeroSumAxes } = input.facts;
  return zeroSumAxes !== undefined && sameShape(structure.axes, zeroSumAxes);
}

/** A vector along one axis of a tensor, and that tensor, which repeats it along the others. */
interface WideVector {
  readonly wide: Tensor;
  readonly vector: Tensor;
  /** undefined of a vector of one number. */
  readonly axis: number | undefined;
}

/** (sums + bias - mean)·scale + shift, as it was traced: the operations, and their operands. */
interface Normalization {
  readonly sums: Tensor;
  readonly plusBias: Tensor | undefined;
  readonly bias: WideVector | undefined;
  readonly minusMean: Tensor;
  readonly mean: WideVector;
  readonly timesScale: Tensor;
  readonly scale: WideVector;
  readonly plusShift: Tensor | undefined;
  readonly shift: WideVector | undefined;
}

/** Rule 2: the normalisations by the last of their operations. */
function findNormalizations(order: readonly Tensor[]): ReadonlyMap<Tensor, Normalization> {
  const turns = new Map(order.map((tensor, i) => [tensor, i]));
  const found = new Map<Tensor, Normalization>();
  for (const tensor of order) {
    const one = matchNormalization(tensor);
    if (!one || dependsOnSums(one, turns)) continue;
    found.set(tensor, one);
    // What is scaled is an inner part of the same one with a shift.
    if (one.plusShift) found.delete(one.timesScale);
  }
  return found;
}

function matchNormalization(last: Tensor): Normalization | undefined {
  const plusShift = operandsOf(last, "add") && last;
  const timesScale = plusShift ? plusShift.inputs[0] : last;
  const product = operandsOf(timesScale, "multiply");
  const difference = product && operandsOf(product.data, "subtract");
  if (!product || !difference) return undefined;
  const biased = operandsOf(difference.data, "add");
  const sums = biased ? biased.data : difference.data;
  if (sums.operation.multiplyAdds === 0) return undefined;
  const vectors = {
    bias: biased?.vector,
    mean: difference.vector,
    scale: product.vector,
    shift: plusShift && operandsOf(plusShift, "add")?.vector,
  };
  const all = Object.values(vectors).filter((one) => one !== undefined);
  const isAlike = ({ axis, vector }: WideVector) =>
    axis === vectors.mean.axis && sameShape(vector.shape, vectors.mean.vector.shape);
  if (!all.every(isAlike)) return undefined;
  const plusBias = biased && difference.data;
  return { sums, plusBias, minusMean: product.data, timesScale, plusShift, ...vectors };
}

/** The operands of arithmetic whose second one is a vector. */
function operandsOf(
  { operation: { structure }, inputs: [data, wide] }: Tensor,
  arithmetic: "add" | "subtract" | "multiply",
): { readonly data: Tensor; readonly vector: WideVector } | undefined {
  if (structure.kind !== "elementwise" || structure.function.arithmetic !== arithmetic) return undefined;
  const vector = vectorOf(wide);
  return vector && { data, vector };
}

function vectorOf(wide: Tensor): WideVector | undefined {
  const { structure } = wide.operation;
  const isRepeated = structure.kind === "strided";
  if (isRepeated && (structure.inner || structure.offset !== 0)) return undefined;
  const steps = isRepeated ? structure.strides : wide.shape.map((length) => (length > 1 ? 1 : 0));
  const axes = steps.flatMap((step, axis) => (step === 0 ? [] : [axis]));
  const [axis] = axes;
  const length = axis === undefined ? 1 : wide.shape[axis];
  if (axes.length > 1 || (axis !== undefined && steps[axis] !== 1)) return undefined;
  let vector = isRepeated ? wide.inputs[0] : wide;
  while (vector.shape.length !== 1 && vector.operation.structure.kind === "view") [vector] = vector.inputs;
  const fits = vector.shape.length === 1 && sizeOf(vector.shape) === length;
  return fits ? { wide, vector, axis } : undefined;
}

/** @param turns the places of all tensors in an order in which each comes after its inputs */
function dependsOnSums(
  { sums, mean, scale, bias, shift }: Normalization,
  turns: ReadonlyMap<Tensor, number>,
): boolean {
  const turnOf = (tensor: Tensor) => turns.get(tensor) ?? -1;
  const open = [mean, scale, bias, shift].flatMap((one) => (one ? [one.vector] : []));
  const seen = new Set<Tensor>();
  for (let tensor = open.pop(); tensor; tensor = open.pop()) {
    if (tensor === sums) return true;
    if (seen.has(tensor) || turnOf(tensor) < turnOf(sums)) continue;
    seen.add(tensor);
    open.push(...tensor.inputs);
  }
  return false;
}

/** sums·scale + ((bias - mean)·scale + shift). */
function scaledSums(one: Normalization, now: (tensor: Tensor) => Tensor): Tensor {
  const { sums, plusBias, bias, minusMean, mean, timesScale, scale, plusShift, shift } = one;
  const apply = (like: Tensor, ...operands: Tensor[]) => like.operation.on(operands);
  const scaled = apply(timesScale, now(sums), now(scale.wide));
  const scaledOf = (vector: Tensor) => apply(timesScale, vector, now(scale.vector));
  const wide = (vector: Tensor) => widened(mean.wide, mean.vector, vector);
  const plus = plusShift ?? plusBias;
  // Without bias and shift there is a difference and no sum.
  if (!plus) return apply(minusMean, scaled, wide(scaledOf(now(mean.vector))));
  if (!bias) {
    const moved = scaledOf(now(mean.vector));
    return apply(plus, scaled, wide(shift ? apply(minusMean, now(shift.vector), moved) : moved));
  }
  const moved = scaledOf(apply(minusMean, now(bias.vector), now(mean.vector)));
  return apply(plus, scaled, wide(shift ? apply(plus, moved, now(shift.vector)) : moved));
}

/** Another vector repeated as one was. */
function widened(wide: Tensor, from: Tensor, to: Tensor): Tensor {
  return wide === from ? to : wide.operation.on([widened(wide.inputs[0], from, to)]);
}

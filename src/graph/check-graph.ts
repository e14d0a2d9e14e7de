/**
 * @file Checks every traced graph, whatever made it: an operation, a gradient, a rewrite. The passes rest on it, and a fault shows
 * here as the tensor that breaks a rule, not as wrong numbers.
 */
import { formatShape, sameShape, sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import type { Graph } from "./graph.ts";
import { topologicalOrder } from "./gradient.ts";
import { describeTensor, type InnerAxes, type Structure, type Tensor } from "./tensor.ts";

/** @throws RangeError that names the first tensor that cannot be what its structure says */
export function checkGraph({ outputs, assignments }: Graph): void {
  const seen = new Set<Tensor>();
  for (const tensor of topologicalOrder([...outputs, ...assignments.map(({ value }) => value)])) {
    const problem = tensor.inputs.every((input) => seen.has(input)) ? problemOf(tensor) : "is in a cycle";
    if (problem !== undefined) {
      throw new RangeError(`${describeTensor(tensor)} ${formatShape(tensor.shape)}: ${problem}`);
    }
    seen.add(tensor);
  }
  for (const { slab, offset, value } of assignments) {
    if (offset >= 0 && offset + sizeOf(value.shape) <= slab.length) continue;
    throw new RangeError(
      `${describeTensor(value)}: assigned beyond slab ${slab.name} of ${slab.length} words`,
    );
  }
}

/** The number of inputs that a structure has, where it says so. */
const INPUTS: Partial<Record<Structure["kind"], number>> = {
  input: 0,
  constant: 0,
  variable: 0,
  index: 0,
  view: 1,
  strided: 1,
  reduce: 1,
};

function problemOf(tensor: Tensor): string | undefined {
  const { shape, inputs, operation, facts } = tensor;
  const { structure } = operation;
  const count = INPUTS[structure.kind];
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) return "its shape has no lengths";
  if (count !== undefined && inputs.length !== count)
    return `must have ${count} inputs; has ${inputs.length}`;
  if (facts.zeroSumAxes && !areAxes(facts.zeroSumAxes, shape)) return "sums to 0 over axes it does not have";
  switch (structure.kind) {
    case "input":
    case "kernels":
      return undefined;
    case "constant":
      return constantProblem(tensor, structure.data);
    case "variable":
      return structure.offset >= 0 && structure.offset + sizeOf(shape) <= structure.slab.length
        ? undefined
        : `lies beyond slab ${structure.slab.name} of ${structure.slab.length} words`;
    case "index":
      return tensor.dtype === "int32"
        ? stridesProblem(shape, structure.strides, structure.inner)
        : "must be int32";
    case "view":
      return sizeOf(shape) === sizeOf(inputs[0].shape) ? dtypeProblem(tensor) : "must have its input's size";
    case "strided":
      return (
        dtypeProblem(tensor) ??
        stridesProblem(shape, structure.strides, structure.inner) ??
        reachProblem(tensor, structure)
      );
    case "elementwise":
      return inputs.length > 0 && inputs.every((input) => sameShape(input.shape, shape))
        ? undefined
        : `its inputs must have its shape; have ${inputs.map((input) => formatShape(input.shape)).join(", ")}`;
    case "reduce":
      return reduceProblem(tensor, structure.axes);
    case "assembled":
      return assemblyProblem(tensor, structure);
  }
}

function areAxes(axes: readonly number[], shape: Shape): boolean {
  return axes.every(
    (axis, i) =>
      Number.isInteger(axis) && axis >= 0 && axis < shape.length && (i === 0 || axis > axes[i - 1]),
  );
}

function constantProblem({ shape, dtype }: Tensor, data: Float32Array | Int32Array): string | undefined {
  if (data.length !== sizeOf(shape)) return `must hold ${sizeOf(shape)} numbers; holds ${data.length}`;
  return (dtype === "int32") === data instanceof Int32Array ? undefined : `must hold ${dtype} numbers`;
}

function dtypeProblem({ dtype, inputs }: Tensor): string | undefined {
  const other = inputs.find((input) => input.dtype !== dtype);
  return other && `must have the inputs' dtype; is ${dtype}, of ${other.dtype}`;
}

function stridesProblem(
  shape: Shape,
  strides: readonly number[],
  inner: InnerAxes | undefined,
): string | undefined {
  if (strides.length !== shape.length) return `must have a stride for each axis; has ${strides.length}`;
  if (!inner) return undefined;
  const divide = shape.every((length, axis) => length % inner.lengths[axis] === 0);
  const fits = inner.lengths.length === shape.length && inner.strides.length === shape.length;
  return fits && divide ? undefined : "its inner lengths must divide its axes";
}

/** Whether all reads lie in the input. */
function reachProblem(
  { shape, inputs: [input] }: Tensor,
  { strides, offset, inner }: Extract<Structure, { kind: "strided" }>,
): string | undefined {
  if (sizeOf(shape) === 0) return undefined;
  let [first, last] = [offset, offset];
  const reach = (steps: number, stride: number) => {
    first += Math.min(0, (steps - 1) * stride);
    last += Math.max(0, (steps - 1) * stride);
  };
  shape.forEach((length, axis) => {
    const innerLength = inner?.lengths[axis] ?? 1;
    reach(length / innerLength, strides[axis]);
    reach(innerLength, inner?.strides[axis] ?? 0);
  });
  const size = sizeOf(input.shape);
  return first >= 0 && last < size ? undefined : `reads elements ${first} to ${last} of ${size}`;
}

function reduceProblem({ shape, inputs: [input] }: Tensor, axes: readonly number[]): string | undefined {
  if (axes.length === 0 || !areAxes(axes, input.shape)) {
    return `must reduce axes of ${formatShape(input.shape)} in order; got ${formatShape(axes)}`;
  }
  const kept = input.shape.filter((_, axis) => !axes.includes(axis));
  return sameShape(shape, kept) ? undefined : `must have the shape of the kept axes, ${formatShape(kept)}`;
}

/** Whether the parts lie inside, apart, and cover everything where there is no fill. */
function assemblyProblem(
  tensor: Tensor,
  { offsets, fill }: Extract<Structure, { kind: "assembled" }>,
): string | undefined {
  const { shape, inputs } = tensor;
  if (offsets.length !== inputs.length) return `must have an offset for each input; has ${offsets.length}`;
  const strides = stridesOf(shape);
  const boxes = inputs.map(({ shape: lengths }, i) => {
    const from = strides.map((stride, axis) => Math.floor(offsets[i] / stride) % shape[axis]);
    return { from, to: from.map((first, axis) => first + lengths[axis]), size: sizeOf(lengths) };
  });
  const parts = boxes.filter(({ size }) => size > 0);
  if (parts.some(({ to }) => to.some((end, axis) => !(end <= shape[axis]))))
    return "a part lies beyond its shape";
  const isApart = parts.every((one, i) =>
    parts
      .slice(0, i)
      .every((other) =>
        one.from.some((first, axis) => first >= other.to[axis] || other.from[axis] >= one.to[axis]),
      ),
  );
  if (!isApart) return "its parts overlap";
  const covered = parts.reduce((sum, { size }) => sum + size, 0);
  if (fill === undefined && covered !== sizeOf(shape))
    return `its parts leave ${sizeOf(shape) - covered} elements out`;
  return dtypeProblem(tensor);
}

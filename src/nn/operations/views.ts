/** @file Operations that move elements: shapes, order of axes, parts, joins, repetitions. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { concat } from "../../ops/concat.ts";
import { pad, type PadMode } from "../../ops/pad.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice, split } from "../../ops/slice-and-pad.ts";
import { stridedSlice } from "../../ops/strided-slice.ts";
import { broadcastTo } from "../../ops/sum.ts";
import { tile } from "../../ops/tile.ts";
import { transpose } from "../../ops/transpose.ts";
import { multiply } from "../../ops/arithmetic.ts";
import { constantTensor } from "../../graph/sources.ts";
import { broadcastShapes, formatShape, normalizeAxis, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { knownValue, requireFew } from "./value.ts";

/** The shape that `Reshape` asks for; 0 copies a length unless `allowzero`, -1 takes the rest. */
export function reshapedShape(shape: Shape, wanted: readonly number[], allowZero: boolean): number[] {
  const lengths = wanted.map((length, axis) => (length === 0 && !allowZero ? (shape[axis] ?? 0) : length));
  const known = lengths.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const full = lengths.map((length) => (length === -1 ? (known === 0 ? 0 : sizeOf(shape) / known) : length));
  if (full.every((length) => Number.isInteger(length) && length >= 0) && sizeOf(full) === sizeOf(shape))
    return full;
  throw new AuricleError("shape", `${formatShape(shape)} cannot become ${formatShape(wanted)}`);
}

function axesOf(call: Call, rank: number): number[] | undefined {
  const axes = call.list(1) ?? call.numbersNamed("axes");
  return axes?.map((axis) => normalizeAxis(axis, rank, "axes"));
}

function squeezed(call: Call): Tensor {
  const x = call.tensor(0);
  const axes =
    axesOf(call, x.shape.length) ?? x.shape.flatMap((length, axis) => (length === 1 ? [axis] : []));
  const wrong = axes.find((axis) => x.shape[axis] !== 1);
  if (wrong !== undefined) call.refuse(`axis ${wrong} of ${formatShape(x.shape)} has not length 1`);
  return reshape(x, x.shape.filter((_, axis) => !axes.includes(axis))); // prettier-ignore
}

function unsqueezed(call: Call): Tensor {
  const x = call.tensor(0);
  const count = (call.list(1) ?? call.numbersNamed("axes") ?? []).length;
  const axes = axesOf(call, x.shape.length + count) ?? [];
  const rest = [...x.shape];
  const shape = Array.from({ length: x.shape.length + count }, (_, axis) =>
    axes.includes(axis) ? 1 : (rest.shift() ?? 1),
  );
  return reshape(x, shape);
}

function flattened(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const axis = call.number("axis", 1);
  const at = axis < 0 ? axis + rank : axis;
  return reshape(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
}

function transposed(call: Call): Tensor {
  const x = call.tensor(0);
  const axes = call.numbersNamed("perm") ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  return transpose(x, axes);
}

function parts(call: Call): Tensor[] {
  const x = call.tensor(0);
  const axis = call.axis("axis", 0);
  const length = x.shape[axis];
  const sizes = call.list(1) ?? call.numbersNamed("split");
  if (sizes) return split(x, sizes, axis);
  const count = call.attributes.num_outputs === undefined ? call.results : call.number("num_outputs");
  if (count !== call.results) call.refuse(`a split into ${count} of which ${call.results} are named`);
  const each = Math.ceil(length / count);
  const equal = Array.from({ length: count }, (_, i) => Math.min(each, length - i * each));
  return split(x, equal, axis);
}

/** Ends are written as numbers of 64 bits where all of an axis is meant. */
function sliced(call: Call): Result {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const starts = call.list(1) ?? call.numbersNamed("starts") ?? [];
  const ends = call.list(2) ?? call.numbersNamed("ends") ?? [];
  const axes = (call.list(3) ?? call.numbersNamed("axes") ?? starts.map((_, i) => i)).map((axis) =>
    normalizeAxis(axis, rank, "axes"),
  );
  const begin = new Array<number | null>(rank).fill(null);
  const end = new Array<number | null>(rank).fill(null);
  const steps = new Array<number>(rank).fill(1);
  axes.forEach((axis, i) => {
    begin[axis] = starts[i];
    end[axis] = ends[i];
    steps[axis] = (call.list(4) ?? [])[i] ?? 1;
  });
  const isEmpty = axes.some((axis) => {
    const [from, to, step] = [clamp(begin[axis] ?? 0, x.shape[axis], steps[axis]), clamp(end[axis] ?? 0, x.shape[axis], steps[axis]), steps[axis]]; // prettier-ignore
    return step > 0 ? from >= to : from <= to;
  });
  if (isEmpty) {
    if (!call.isKnown(0) || rank !== 1) call.refuse(`a slice of ${formatShape(x.shape)} that leaves nothing`);
    return knownValue([], [0], call.type);
  }
  return stridedSlice(x, begin, end, steps);
}

function clamp(bound: number, length: number, step: number): number {
  const from = bound < 0 ? bound + length : bound;
  return step > 0 ? Math.min(Math.max(from, 0), length) : Math.min(Math.max(from, -1), length - 1);
}

const PAD_MODES: Readonly<Record<string, PadMode>> = { reflect: "reflect", edge: "edge", wrap: "wrap" };

function padded(call: Call): Tensor {
  const x = call.tensor(0);
  const rank = x.shape.length;
  const pads = call.list(1) ?? call.numbersNamed("pads") ?? call.numbersNamed("paddings") ?? [];
  const axes = (call.list(3) ?? x.shape.map((_, axis) => axis)).map((axis) =>
    normalizeAxis(axis, rank, "axes"),
  );
  const sides = x.shape.map((): [number, number] => [0, 0]);
  axes.forEach((axis, i) => {
    sides[axis] = [pads[i], pads[i + axes.length]];
  });
  if (pads.length !== 2 * axes.length)
    call.refuse(`pads must be two numbers for each of ${axes.length} axes`);
  // Negative padding cuts off.
  const begin = sides.map(([before]) => Math.max(0, -before));
  const kept = x.shape.map((length, axis) => length - begin[axis] - Math.max(0, -sides[axis][1]));
  const cut =
    begin.every((at) => at === 0) && kept.every((length, axis) => length === x.shape[axis])
      ? x
      : slice(x, begin, kept);
  const added = sides.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  const mode = call.text("mode", "constant");
  if (mode !== "constant") return pad(cut, added, PAD_MODES[mode] ?? call.refuse(`Pad in mode ${mode}`));
  return pad(cut, added, call.scalar(2) ?? call.number("value", 0));
}

function expanded(call: Call): Tensor {
  const x = call.tensor(0);
  const shape = broadcastShapes(x.shape, call.list(1) ?? [], "Expand");
  return broadcastTo(x, shape);
}

function depthToSpace(call: Call): Tensor {
  const x = call.tensor(0);
  const [batch, channels, height, width] = x.shape;
  const size = call.number("blocksize");
  const depth = channels / (size * size);
  const isFirst = call.text("mode", "DCR") === "DCR";
  const apart = reshape(
    x,
    isFirst ? [batch, size, size, depth, height, width] : [batch, depth, size, size, height, width],
  );
  const together = transpose(apart, isFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
  return reshape(together, [batch, depth, height * size, width * size]);
}

function spaceToDepth(call: Call): Tensor {
  const x = call.tensor(0);
  const [batch, channels, height, width] = x.shape;
  const size = call.number("blocksize");
  const apart = reshape(x, [batch, channels, height / size, size, width / size, size]);
  const order = call.text("mode", "DCR") === "DCR" ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4];
  return reshape(transpose(apart, order), [batch, channels * size * size, height / size, width / size]);
}

function triangle(call: Call): Tensor {
  const x = call.numbers(0);
  const [rows, columns] = x.shape.slice(-2);
  requireFew("Trilu", [rows, columns]);
  const shift = call.scalar(1) ?? 0;
  const isUpper = call.flag("upper", true);
  const mask = Float32Array.from({ length: rows * columns }, (_, i) => {
    const distance = (i % columns) - Math.floor(i / columns);
    return (isUpper ? distance >= shift : distance <= shift) ? 1 : 0;
  });
  return multiply(x, constantTensor({ shape: [rows, columns], data: mask }));
}

/** Cut or surrounded with zeros about the middle. */
function centered(call: Call): Tensor {
  const x = call.tensor(0);
  const lengths = call.list(1) ?? [];
  const axes = (call.numbersNamed("axes") ?? x.shape.map((_, axis) => axis)).map((axis) =>
    normalizeAxis(axis, x.shape.length, "axes"),
  );
  return axes.reduce((tensor, axis, i) => {
    const more = lengths[i] - tensor.shape[axis];
    const before = Math.floor(Math.abs(more) / 2);
    if (more > 0) return pad(tensor, tensor.shape.map((_, one) => (one === axis ? [before, more - before] : [0, 0]))); // prettier-ignore
    const begin = tensor.shape.map((_, one) => (one === axis ? before : 0));
    return slice(tensor, begin, tensor.shape.map((length, one) => (one === axis ? lengths[i] : length))); // prettier-ignore
  }, x);
}

/** Operations that move elements, by ONNX's names. */
export const VIEWS = {
  CenterCropPad: (call) => [centered(call)],
  Concat: (call) => {
    const tensors = call.inputs
      .map((_, i) => call.tensor(i))
      .filter(({ shape }) => shape.length !== 1 || shape[0] > 0);
    return [tensors.length === 0 ? call.tensor(0) : concat(tensors, call.number("axis", 1))];
  },
  DepthToSpace: (call) => [depthToSpace(call)],
  Expand: (call) => [expanded(call)],
  Flatten: (call) => [flattened(call)],
  Identity: (call) => [call.value(0)],
  Pad: (call) => [padded(call)],
  Reshape: (call) => {
    const x = call.tensor(0);
    const wanted = call.list(1) ?? call.numbersNamed("shape") ?? [];
    return [reshape(x, reshapedShape(x.shape, wanted, call.flag("allowzero")))];
  },
  Shape: (call) => {
    const { shape } = call.value(0);
    const part = shape.slice(
      call.number("start", 0),
      call.attributes.end === undefined ? undefined : call.number("end"),
    );
    return [knownValue(part, [part.length], "int64")];
  },
  Size: (call) => [knownValue([sizeOf(call.value(0).shape)], [], "int64")],
  Slice: (call) => [sliced(call)],
  SpaceToDepth: (call) => [spaceToDepth(call)],
  Split: parts,
  Squeeze: (call) => [squeezed(call)],
  Tile: (call) => [tile(call.tensor(0), call.list(1) ?? [])],
  Transpose: (call) => [transposed(call)],
  Trilu: (call) => [triangle(call)],
  Unsqueeze: (call) => [unsqueezed(call)],
} satisfies Record<string, OperationFunction>;

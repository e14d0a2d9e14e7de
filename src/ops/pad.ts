/** @file Surrounding a tensor: with a number, or with what lies at its edges, one axis after the other. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape } from "../tensor/shape.ts";
import { concat } from "./concat.ts";
import { expandDims } from "./reshape-axes.ts";
import { reshape } from "./reshape.ts";
import { reverse } from "./reverse.ts";
import { checkPadding, padPrimitive, slice } from "./slice-and-pad.ts";
import { broadcastTo } from "./sum.ts";
import { shownValue } from "../shown-value.ts";

/**
 * Where the surroundings of `a b c d` come from, shown for [2, 2]. The names are NumPy's; PyTorch calls "edge" replicate and
 * "wrap" circular.
 *
 * - "reflect": `c b | a b c d | c b`, mirrored at the outermost element; at most length - 1 on each side
 * - "symmetric": `b a | a b c d | d c`, mirrored behind the outermost element; at most length on each side
 * - "edge": `a a | a b c d | d d`, of any width
 * - "wrap": `c d | a b c d | a b`, of any width
 */
export type PadMode = "reflect" | "symmetric" | "edge" | "wrap";

/** One axis of a tensor that is cut, mirrored and repeated. */
class Axis {
  readonly length: number;
  private readonly tensor: Tensor;
  private readonly axis: number;

  constructor(tensor: Tensor, axis: number) {
    this.tensor = tensor;
    this.axis = axis;
    this.length = tensor.shape[axis];
  }

  /** The tensor's shape with another length on this axis. */
  private shapeOf(length: number): number[] {
    return this.tensor.shape.map((own, i) => (i === this.axis ? length : own));
  }

  part(from: number, count: number): Tensor {
    const begin = this.tensor.shape.map((_, i) => (i === this.axis ? from : 0));
    return slice(this.tensor, begin, this.shapeOf(count));
  }

  mirrored(from: number, count: number): Tensor {
    return reverse(this.part(from, count), this.axis);
  }

  /** One element, `count` times. */
  repeated(at: number, count: number): Tensor {
    return broadcastTo(this.part(at, 1), this.shapeOf(count));
  }

  /** The whole axis, `times` times. */
  tiled(times: number): Tensor {
    if (times === 1) return this.tensor;
    const apart = expandDims(this.tensor, this.axis);
    const copies = apart.shape.map((own, i) => (i === this.axis ? times : own));
    return reshape(broadcastTo(apart, copies), this.shapeOf(times * this.length));
  }
}

/** Parts that are joined along the axis; a count of 0 leaves one out. */
type Part = readonly [count: number, make: () => Tensor];

const PARTS: Record<PadMode, (axis: Axis, before: number, after: number) => readonly Part[]> = {
  reflect: (axis, before, after) => [
    [before, () => axis.mirrored(1, before)],
    [axis.length, () => axis.tiled(1)],
    [after, () => axis.mirrored(axis.length - 1 - after, after)],
  ],
  symmetric: (axis, before, after) => [
    [before, () => axis.mirrored(0, before)],
    [axis.length, () => axis.tiled(1)],
    [after, () => axis.mirrored(axis.length - after, after)],
  ],
  edge: (axis, before, after) => [
    [before, () => axis.repeated(0, before)],
    [axis.length, () => axis.tiled(1)],
    [after, () => axis.repeated(axis.length - 1, after)],
  ],
  wrap: (axis, before, after) => {
    const { length } = axis;
    const [first, last] = [before % length, after % length];
    const times = 1 + (before - first + after - last) / length;
    return [
      [first, () => axis.part(length - first, first)],
      [times, () => axis.tiled(times)],
      [last, () => axis.part(0, last)],
    ];
  },
};

/** The widest padding on one side of an axis. */
function mostOf(mode: PadMode, length: number): number {
  if (mode === "reflect") return Math.max(0, length - 1);
  if (mode === "symmetric") return length;
  return length === 0 ? 0 : Infinity;
}

function padAxis(tensor: Tensor, axis: number, mode: PadMode, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return tensor;
  const most = mostOf(mode, tensor.shape[axis]);
  if (before > most || after > most) {
    throw new AuricleError(
      "argument",
      `pad: mode "${mode}" takes at most ${most} on each side of axis ${axis} of ${formatShape(tensor.shape)}; got [${before},${after}]; pad less, or use mode "edge"`,
    );
  }
  const parts = PARTS[mode](new Axis(tensor, axis), before, after);
  return concat(
    parts.flatMap(([count, make]) => (count === 0 ? [] : [make()])),
    axis,
  );
}

/**
 * Surrounds a tensor with a number, or continues it beyond its edges.
 * @param padding [before, after] for each axis
 * @param fill the number (default 0; an infinity or NaN will do), or a {@link PadMode}
 * @throws AuricleError "argument", also where a mode cannot pad as wide as that.
 */
export function pad(
  tensor: Tensor,
  padding: readonly (readonly [number, number])[],
  fill: number | PadMode = 0,
): Tensor {
  if (typeof fill === "number") return padPrimitive([tensor], { padding, value: fill });
  if (!Object.hasOwn(PARTS, fill)) {
    const modes = Object.keys(PARTS).map((mode) => JSON.stringify(mode));
    throw new AuricleError(
      "argument",
      `pad: the third argument must be a number or one of ${modes.join(", ")}; got ${shownValue(fill)}`,
    );
  }
  checkPadding(tensor.shape, padding);
  return padding.reduce(
    (padded, [before, after], axis) => padAxis(padded, axis, fill, before, after),
    tensor,
  );
}

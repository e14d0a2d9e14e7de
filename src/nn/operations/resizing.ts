/** @file Resizing by ONNX's rules: each axis by a bank of filters, which is a matrix with few numbers. */
import type { Tensor } from "../../graph/tensor.ts";
import { axisFilterBank } from "../../ops/axis-filter-bank.ts";
import { FilterBank } from "../../ops/filter-bank.ts";
import { normalizeAxis } from "../../tensor/shape.ts";
import { requireMemory } from "../size-limit.ts";
import type { Call } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { requireFew } from "./value.ts";

/** Coordinates of results in the input, by name. */
const COORDINATES: Readonly<Record<string, (axis: Axis, at: number) => number>> = {
  half_pixel: ({ scale }, at) => (at + 0.5) / scale - 0.5,
  half_pixel_symmetric: ({ scale, from, to }, at) => {
    const adjusted = to / (scale * from);
    return (from / 2) * (1 - adjusted) + (at + 0.5) / scale - 0.5;
  },
  pytorch_half_pixel: ({ scale, to }, at) => (to > 1 ? (at + 0.5) / scale - 0.5 : 0),
  align_corners: ({ from, scale }, at) => (from * scale === 1 ? 0 : (at * (from - 1)) / (from * scale - 1)),
  asymmetric: ({ scale }, at) => at / scale,
};

/** Rounding of coordinates where the nearest element is taken. */
const NEAREST: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

interface Rule {
  readonly mode: string;
  readonly nearest: (x: number) => number;
  readonly coordinate: (axis: Axis, at: number) => number;
  readonly cubic: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

function ruleOf(call: Call): Rule {
  const mode = call.text("mode", "nearest");
  const names = call.text("coordinate_transformation_mode", "half_pixel");
  const rounding = call.text("nearest_mode", "round_prefer_floor");
  if (!["nearest", "linear", "cubic"].includes(mode)) call.refuse(`Resize in mode ${mode}`);
  return {
    mode,
    nearest: NEAREST[rounding] ?? call.refuse(`nearest_mode ${rounding}`),
    coordinate: COORDINATES[names] ?? call.refuse(`coordinate_transformation_mode ${names}`),
    cubic: call.number("cubic_coeff_a", -0.75),
    excludeOutside: call.flag("exclude_outside"),
    antialias: call.flag("antialias") && mode !== "nearest",
  };
}

/** The share of an element at a distance from the coordinate. */
function share({ mode, cubic: a }: Rule, distance: number): number {
  const x = Math.abs(distance);
  if (mode === "linear") return Math.max(0, 1 - x);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/** The elements that one result is made of. */
function elementsOf(rule: Rule, axis: Axis, at: number) {
  const center = rule.coordinate(axis, at);
  if (rule.mode === "nearest") {
    // Coordinates that are whole but for rounding errors must not become their neighbours.
    const exact = Math.abs(center - Math.round(center)) < 1e-6 ? Math.round(center) : center;
    return [{ place: Math.min(Math.max(rule.nearest(exact), 0), axis.from - 1), weight: 1 }];
  }
  const stretch = rule.antialias ? Math.max(1, 1 / axis.scale) : 1;
  const reach = (rule.mode === "linear" ? 1 : 2) * stretch;
  const first = Math.floor(center - reach) + 1;
  const last = Math.ceil(center + reach) - 1;
  const found = Array.from({ length: last - first + 1 }, (_, i) => ({
    place: first + i,
    weight: share(rule, (first + i - center) / stretch),
  }));
  const isInside = ({ place }: { readonly place: number }) => place >= 0 && place < axis.from;
  const counted = rule.excludeOutside ? found.filter(isInside) : found;
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  return counted.map(({ place, weight }) => ({
    place: Math.min(Math.max(place, 0), axis.from - 1),
    weight: weight / total,
  }));
}

function bankOf(rule: Rule, axis: Axis): FilterBank {
  const filters = Array.from({ length: axis.to }, (_, at) => {
    const elements = elementsOf(rule, axis, at);
    const firstBin = Math.min(...elements.map(({ place }) => place));
    const weights = new Float32Array(Math.max(...elements.map(({ place }) => place)) - firstBin + 1);
    for (const { place, weight } of elements) weights[place - firstBin] += weight;
    return { firstBin, weights };
  });
  return new FilterBank(axis.from, filters);
}

function resized(call: Call): Tensor {
  const x = call.numbers(0);
  const rule = ruleOf(call);
  const listed = call.numbersNamed("axes")?.map((axis) => normalizeAxis(axis, x.shape.length, "axes"));
  const axes = listed ?? x.shape.map((_, axis) => axis);
  const scales = call.list(2) ?? call.numbersNamed("scales") ?? [];
  const sizes = call.list(3) ?? [];
  const lengths = axes.map((axis) => x.shape[axis]);
  if ((scales.length > 0 ? scales : sizes).length !== axes.length)
    call.refuse("Resize without scales or sizes for each axis");
  const factors = scales.length > 0 ? scales : fitted(call, sizes, lengths);
  const targets = axes.map((_, i) => {
    if (scales.length > 0) return Math.floor(lengths[i] * scales[i]);
    return call.text("keep_aspect_ratio_policy", "stretch") === "stretch"
      ? sizes[i]
      : Math.round(factors[i] * lengths[i]);
  });
  if (targets.some((to) => !(to >= 1))) call.refuse("Resize to nothing");
  axes.forEach((axis, i) =>
    requireFew("Resize", [targets[i], Math.ceil(4 * Math.max(1, x.shape[axis] / targets[i]))]),
  );
  requireMemory("Resize", [...x.shape.filter((_, axis) => !axes.includes(axis)), ...targets]);
  return axes.reduce((tensor, axis, i) => {
    const one = { from: lengths[i], to: targets[i], scale: factors[i] };
    return one.from === one.to && one.scale === 1 ? tensor : axisFilterBank(tensor, bankOf(rule, one), axis);
  }, x);
}

function fitted(call: Call, sizes: readonly number[], lengths: readonly number[]): number[] {
  const own = sizes.map((size, i) => size / lengths[i]);
  const policy = call.text("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return own;
  const factor = policy === "not_larger" ? Math.min(...own) : Math.max(...own);
  return own.map(() => factor);
}

/** Resizing, by ONNX's names. */
export const RESIZING = {
  Resize: (call) => [resized(call)],
} satisfies Record<string, OperationFunction>;

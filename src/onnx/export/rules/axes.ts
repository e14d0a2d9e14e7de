/** @file Operations that cut, join and repeat along axes. Those that only view a tensor otherwise are in ../views.ts. */
import type { ConcatParameters } from "../../../ops/concat.ts";
import type { RepetitionParameters } from "../../../ops/repetition.ts";
import type { ReverseParameters } from "../../../ops/reverse.ts";
import type { PadParameters, SliceParameters } from "../../../ops/slice-and-pad.ts";
import type { StridedSliceParameters } from "../../../ops/strided-slice.ts";
import { END } from "../builder.ts";
import { dimOf } from "../dims.ts";
import { LengthError } from "../traces.ts";
import { flowing, whole, type Flowing } from "../values.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";

function wholeInput({ builder, inputs, node }: Site<object>): Flowing {
  return whole(builder, inputs[0], node.inputs[0].dims);
}

/** The result of a node on a value, whose axes stay where they are. */
function inPlace({ builder, dims }: Site<object>, name: string, { axes, dtype }: Flowing): Flowing {
  return flowing(
    builder,
    name,
    axes,
    axes.map((axis) => dims[axis]),
    dtype,
  );
}

interface Cut {
  readonly axis: number;
  readonly start: number | bigint;
  readonly end: number | bigint;
  readonly step: number;
}

function sliced(site: Site<object>, value: Flowing, cuts: readonly Cut[]): Flowing {
  if (cuts.length === 0) return value;
  const { builder } = site;
  const name = builder.node("Slice", [
    value.name,
    builder.integers(cuts.map(({ start }) => start)),
    builder.integers(cuts.map(({ end }) => end)),
    builder.integers(cuts.map(({ axis }) => value.axes.indexOf(axis))),
    builder.integers(cuts.map(({ step }) => step)),
  ]);
  return inPlace(site, name, value);
}

/** A number where it is the same in every trace. */
function fixed(values: readonly number[]): number | undefined {
  const dim = dimOf(values);
  return typeof dim === "number" ? dim : undefined;
}

/** A place on an axis in each trace, counted from the axis' beginning or from its end, whichever is the same in all. */
function placeOn(axis: number, places: readonly number[], lengths: readonly number[]): number | bigint {
  const fromEnd = fixed(places.map((place, trace) => place - lengths[trace]));
  if (fromEnd === 0) return END;
  const found = fixed(places) ?? fromEnd;
  if (found !== undefined) return found;
  throw new LengthError(
    `a slice of axis ${axis} begins or ends at a place that depends on the input's length`,
  );
}

export const slice: Rule<SliceParameters> = (site) => {
  const { node, eachParameters } = site;
  const value = wholeInput(site);
  const cuts = value.axes.flatMap((axis): Cut[] => {
    const lengths = node.inputs[0].tensors.map(({ shape }) => shape[axis]);
    const starts = eachParameters.map(({ begin }) => begin[axis]);
    const ends = eachParameters.map(({ size }, trace) => starts[trace] + size[axis]);
    const isAll = starts.every((start, trace) => start === 0 && ends[trace] === lengths[trace]);
    if (isAll) return [];
    return [{ axis, start: placeOn(axis, starts, lengths), end: placeOn(axis, ends, lengths), step: 1 }];
  });
  return sliced(site, value, cuts);
};

/** The end of a slice that goes backwards to the first element. */
const BEFORE_FIRST = -END;

export const stridedSlice: Rule<StridedSliceParameters> = (site) => {
  const { begin, steps, size } = parametersOf(site);
  const cuts = begin.map((start, axis): Cut => {
    const step = steps[axis];
    const end = start + (size[axis] - 1) * step + Math.sign(step);
    return { axis, start, end: end < 0 ? BEFORE_FIRST : end, step };
  });
  return sliced(site, wholeInput(site), cuts);
};

export const reverse: Rule<ReverseParameters> = (site) => {
  const cuts = parametersOf(site).axes.map((axis): Cut => ({ axis, start: -1, end: BEFORE_FIRST, step: -1 }));
  return sliced(site, wholeInput(site), cuts);
};

export const pad: Rule<PadParameters> = (site) => {
  const { builder } = site;
  const parameters = parametersOf(site);
  const value = wholeInput(site);
  const { padding, value: fill } = parameters;
  const sides = value.axes.map((axis) => padding[axis]);
  const pads = builder.integers([...sides.map(([before]) => before), ...sides.map(([, after]) => after)]);
  const filling = value.dtype === "int32" ? builder.constant(Int32Array.of(fill), []) : builder.number(fill);
  return inPlace(site, builder.node("Pad", [value.name, pads, filling]), value);
};

export const concat: Rule<ConcatParameters> = (site) => {
  const { builder, node, inputs } = site;
  const parameters = parametersOf(site);
  const leader = inputs.findIndex(({ kind }) => kind === "flowing");
  const { axes } = whole(builder, inputs[leader], node.inputs[leader].dims);
  const parts = inputs.map((value, i) => whole(builder, value, node.inputs[i].dims, axes));
  const place = axes.indexOf(parameters.axis);
  const names = parts.map(({ name }) => name);
  return inPlace(site, builder.node("Concat", names, { axis: { int: place } }), parts[leader]);
};

/** Each element so many times in a row: the nearest element of an axis that many times as long. */
export const repeat: Rule<RepetitionParameters> = (site) => {
  const { builder } = site;
  const parameters = parametersOf(site);
  const value = wholeInput(site);
  const scales = value.axes.map((axis) => parameters.repeats[axis]);
  const name = builder.node(
    "Resize",
    [value.name, "", builder.constant(Float32Array.from(scales), [scales.length])],
    {
      mode: { text: "nearest" },
      coordinate_transformation_mode: { text: "asymmetric" },
      nearest_mode: { text: "floor" },
    },
  );
  return inPlace(site, name, value);
};

export const tile: Rule<RepetitionParameters> = (site) => {
  const { builder } = site;
  const parameters = parametersOf(site);
  const value = wholeInput(site);
  const repeats = builder.integers(value.axes.map((axis) => parameters.repeats[axis]));
  return inPlace(site, builder.node("Tile", [value.name, repeats]), value);
};

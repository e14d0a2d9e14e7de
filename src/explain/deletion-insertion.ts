/** @file Whether a map names what a score rests on: deletion and insertion, against the same map elsewhere. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { exampleOf, givenInputs } from "./inputs.ts";
import { fillsOf } from "./occlusion.ts";
import { scoresAt, type Points } from "./points.ts";
import type { ExplainedModel } from "./programs.ts";
import { rolled } from "./rolled.ts";
import { resolveScore, SCORE_OPTIONS, type ScoreOptions } from "./score.ts";
import { shownValue } from "../shown-value.ts";

export interface DeletionInsertionOptions extends ScoreOptions {
  /** The number that covers a position; "mean": of each example and channel its mean. Default "mean". */
  readonly fill?: number | "mean";
  /** The parts of the positions that are kept or covered, rising, in 0 … 1. Default 0.1, 0.2, 0.4, 0.7. */
  readonly parts?: readonly number[];
  /** The number of random masks. Default 8. */
  readonly masks?: number;
  /** The seed of the random masks. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<DeletionInsertionOptions> = {
  fill: true,
  parts: true,
  masks: true,
  seed: true,
  ...SCORE_OPTIONS,
};

const PARTS = [0.1, 0.2, 0.4, 0.7];

/** Scores with a part of the input covered: the mean over the examples. */
export interface MaskCurve {
  /** The scores with only that part of the positions kept, in the order of the parts. */
  readonly kept: readonly number[];
  /** The scores with that part covered. */
  readonly covered: readonly number[];
  /** The mean height of `kept` from nothing to everything: high for a map that finds the evidence. */
  readonly insertion: number;
  /** The mean height of `covered`: low for such a map. */
  readonly deletion: number;
}

export interface DeletionInsertion {
  readonly parts: readonly number[];
  /** The most relevant positions first. */
  readonly own: MaskCurve;
  /** Masks of the same form at other places: the map shifted at random along each axis, ends joined. */
  readonly random: readonly MaskCurve[];
  /** The score of the examples as they are, and with everything covered. */
  readonly whole: number;
  readonly nothing: number;
  /** The number of random masks that are worse in both insertion and deletion. */
  readonly beaten: number;
}

/**
 * Keeps or covers the most relevant positions of each example, more and more of them, and computes the score (Petsiuk, Das and
 * Saenko 2018, arXiv:1806.07421). Random masks of the same form tell how far that says something of the map.
 *
 * @example
 * const { map } = await gradCam(model, x, { class: 3 });
 * const { own, random, beaten } = await deletionInsertion(model, x, map, { class: 3 });
 * @param x `[N, …, C]`, for a model with one input
 * @param map `[N, …]`: the relevance of each position
 * @throws AuricleError as `inputGradient`; "shape" for a map of other positions, "argument" for parts outside 0 … 1
 */
export async function deletionInsertion(
  model: ExplainedModel,
  x: ModelInputs,
  map: FloatArray,
  options: DeletionInsertionOptions = {},
): Promise<DeletionInsertion> {
  checkOptions("deletionInsertion", options, OPTIONS, "model, x, map, ");
  const { network } = model;
  const { parts = PARTS, masks = 8, seed = 0 } = options;
  checkParts(parts, masks);
  const { arrays, length } = givenInputs(network, x);
  const positions = checkMap(arrays, map);
  const score = await resolveScore(model, arrays, { score: "outputs", ...options });
  const fills = fillsOf(arrays[0], options.fill ?? "mean", "deletionInsertion");
  // Each example: as it is, covered, then for each mask and part what is kept and what is covered.
  const each = 2 + (1 + masks) * parts.length * 2;
  const sums = new Float64Array(each);
  const ranks = ranksOf(map, positions, seed);
  const points: Points = {
    length: length * each,
    example: (point) => Math.floor(point / each),
    write(point, [to]) {
      const [example, variant] = [Math.floor(point / each), point % each];
      to.set(exampleOf(arrays[0], example));
      if (variant === 0) return;
      const { mask, part, keeps } = variantOf(variant, parts);
      const limit = part * sizeOf(positions);
      const [order, fill] = [ranks(example, mask), fills[example]];
      for (let at = 0; at < order.length; at++) {
        if (order[at] < limit !== keeps) to.set(fill, at * fill.length);
      }
    },
    take: (point, value) => (sums[point % each] += value / length),
  };
  await scoresAt(model, score, points, options);
  const [whole, nothing] = sums;
  const curves = Array.from({ length: 1 + masks }, (_, mask) =>
    curveOf(
      parts,
      sums.subarray(2 + mask * 2 * parts.length, 2 + (mask + 1) * 2 * parts.length),
      whole,
      nothing,
    ),
  );
  const [own, ...random] = curves;
  // A score that falls with the evidence, as a number may, is told the other way round.
  const sign = Math.sign(whole - nothing);
  const beaten = random.filter(
    ({ insertion, deletion }) =>
      sign * (own.insertion - insertion) > 0 && sign * (deletion - own.deletion) > 0,
  ).length;
  return { parts, own, random, whole, nothing, beaten };
}

/** Variant 1 covers everything; from 2 on each mask has for each part first what is kept, then what is covered. */
function variantOf(variant: number, parts: readonly number[]) {
  if (variant === 1) return { mask: 0, part: 1, keeps: false };
  const index = variant - 2;
  const part = parts[Math.floor(index / 2) % parts.length];
  return { mask: Math.floor(index / (2 * parts.length)), part, keeps: index % 2 === 0 };
}

function curveOf(parts: readonly number[], scores: Float64Array, whole: number, nothing: number): MaskCurve {
  const kept = parts.map((_, i) => scores[2 * i]);
  const covered = parts.map((_, i) => scores[2 * i + 1]);
  return {
    kept,
    covered,
    insertion: meanHeight(parts, [nothing, ...kept, whole]),
    deletion: meanHeight(parts, [whole, ...covered, nothing]),
  };
}

/** By the trapezoidal rule over 0 … 1. */
function meanHeight(parts: readonly number[], heights: readonly number[]): number {
  const places = [0, ...parts, 1];
  return heights
    .slice(1)
    .reduce((sum, height, i) => sum + ((height + heights[i]) / 2) * (places[i + 1] - places[i]), 0);
}

/** The rank of each position of an example under a mask, 0 for the most relevant; mask 0 is the map itself. */
function ranksOf(map: FloatArray, positions: Shape, seed: number) {
  let [lastExample, lastMask] = [-1, -1];
  let own: Float32Array = new Float32Array(0);
  let current = own;
  return (example: number, mask: number): Float32Array => {
    if (example === lastExample && mask === lastMask) return current;
    if (example !== lastExample) own = rank(exampleOf(map, example), deriveKey(seed, "ties", example));
    [lastExample, lastMask] = [example, mask];
    current = mask === 0 ? own : shifted(own, positions, deriveKey(seed, "mask", example, mask));
    return current;
  };
}

/** Equal values come in random order: where a map is flat, it says nothing about their order. */
function rank(values: Float32Array, key: number): Float32Array {
  const generator = new Generator(key);
  const ties = Float64Array.from(values, () => generator.uniform());
  const order = Uint32Array.from(values.keys()).sort((a, b) => values[b] - values[a] || ties[a] - ties[b]);
  const ranks = new Float32Array(values.length);
  order.forEach((position, place) => (ranks[position] = place));
  return ranks;
}

function shifted(ranks: Float32Array, positions: Shape, key: number): Float32Array {
  const generator = new Generator(key);
  const array = { shape: [1, ...positions, 1], data: ranks };
  const shifts = positions.map((size) => generator.integer(size));
  return rolled(array, shifts);
}

/** The positions of one example. */
function checkMap(arrays: readonly NumericArray[], { shape, data }: FloatArray): Shape {
  const expected = arrays[0].shape.slice(0, -1);
  if (arrays.length !== 1 || expected.length < 2 || !sameShape(expected, shape)) {
    throw new AuricleError(
      "shape",
      `deletionInsertion: the model must have one input with positions, and map one value for each, ${formatShape(expected)}; got ${formatShape(shape)}`,
    );
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return expected.slice(1);
  throw new AuricleError("data", `deletionInsertion: map must be finite; value ${wrong} is ${data[wrong]}`);
}

function checkParts(parts: readonly number[], masks: number): void {
  const isRising = parts.every((part, i) => part > (i === 0 ? 0 : parts[i - 1]) && part < 1);
  if (parts.length === 0 || !isRising) {
    throw new AuricleError(
      "argument",
      `deletionInsertion: parts must rise between 0 and 1; got ${shownValue(parts)}`,
    );
  }
  if (!Number.isInteger(masks) || masks < 0) {
    throw new AuricleError(
      "argument",
      `deletionInsertion: masks must be a whole number from 0; got ${shownValue(masks)}`,
    );
  }
}

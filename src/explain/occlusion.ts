/** @file Occlusion: by how much a score falls when a part of the input is covered. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import type { ModelInputs } from "../nn/training/example-source.ts";
import { perAxis } from "../ops/window.ts";
import { checkOptions, didYouMean, type OptionNames } from "../options.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { exampleOf, givenInputs } from "./inputs.ts";
import { scoresAt, scoresOf } from "./points.ts";
import type { ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type ScoreOptions } from "./score.ts";
import { shownValue } from "../shown-value.ts";

export interface OcclusionOptions extends ScoreOptions {
  /** The name of the input that is covered, for a model with several. Default: the only one. */
  readonly input?: string;
  /** The length of the window along each axis but the channels', or one number for all. Default: an eighth of each axis. */
  readonly window?: number | readonly number[];
  /** From one window to the next, along each axis or all. Default: half of the window. */
  readonly stride?: number | readonly number[];
  /** The number that covers; "mean": of each example and channel its mean. Default "mean". */
  readonly fill?: number | "mean";
}

const OPTIONS: OptionNames<OcclusionOptions> = {
  input: true,
  window: true,
  stride: true,
  fill: true,
  ...SCORE_OPTIONS,
};

export interface Occlusion {
  /** `[N, …]` with the input's positions: the mean fall over all windows that cover a position. */
  readonly map: FloatArray;
  /** `[N, …]`: the score minus that with each window covered; windows along each axis. */
  readonly falls: FloatArray;
  /** The first position of each window, along each axis. */
  readonly starts: readonly (readonly number[])[];
  /** The length of the windows along each axis. */
  readonly window: readonly number[];
  readonly classes: readonly number[];
  /** The score of each example's class with nothing covered. */
  readonly scores: readonly number[];
}

/**
 * Covers one window of the input after the other, all its channels, and computes the score of each (Zeiler and Fergus 2014,
 * arXiv:1311.2901). The last window along an axis ends with it, so that every position is covered.
 *
 * @param x `[N, …, C]` for each input, as `predict` takes it
 * @throws AuricleError as `inputGradient`; "argument" for an input that there is not, or a window or stride that does not fit it
 */
export async function occlusion(
  model: ExplainedModel,
  x: ModelInputs,
  options: OcclusionOptions = {},
): Promise<Occlusion> {
  checkOptions("occlusion", options, OPTIONS, "model, x, ");
  const { network } = model;
  const input = inputNamed(network, options.input);
  const windows = windowsOf(network.inputShapes[input], options);
  const { arrays, length } = givenInputs(network, x);
  const score = await resolveScore(model, arrays, options);
  const scores = await scoresOf(model, score, arrays, options);
  const fills = fillsOf(arrays[input], options.fill ?? "mean", "occlusion");
  const { counts } = windows;
  const each = sizeOf(counts);
  const falls = new Float32Array(length * each);
  await scoresAt(
    model,
    score,
    {
      length: falls.length,
      example: (point) => Math.floor(point / each),
      write(point, inputs) {
        const example = Math.floor(point / each);
        inputs.forEach((to, i) => to.set(exampleOf(arrays[i], example)));
        const channels = fills[example];
        forEachPosition(windows, point % each, (position) =>
          inputs[input].set(channels, position * channels.length),
        );
      },
      take: (point, value) => (falls[point] = scores[Math.floor(point / each)] - value),
    },
    options,
  );
  return {
    map: spread(falls, windows, length),
    falls: { shape: [length, ...counts], data: falls },
    starts: windows.starts,
    window: windows.window,
    classes: score.classes,
    scores,
  };
}

interface Windows {
  /** The input's axes of positions. */
  readonly positions: Shape;
  readonly window: readonly number[];
  readonly starts: readonly (readonly number[])[];
  /** Windows along each axis. */
  readonly counts: Shape;
}

function windowsOf(shape: Shape, options: OcclusionOptions): Windows {
  const positions = shape.slice(0, -1);
  if (positions.length === 0) {
    throw new AuricleError(
      "argument",
      `occlusion: the input must have positions, [T,C] or [H,W,C]; it is [${shape.join(",")}]`,
    );
  }
  const axes = positions.length;
  const window = perAxis(
    options.window ?? positions.map((size) => Math.max(1, Math.round(size / 8))),
    axes,
    "window",
    "occlusion",
  );
  const large = window.findIndex((size, axis) => size > positions[axis]);
  if (large >= 0) {
    throw new AuricleError(
      "argument",
      `occlusion: window must fit the input's [${positions.join(",")}]; got [${window.join(",")}]`,
    );
  }
  const stride = perAxis(
    options.stride ?? window.map((size) => Math.ceil(size / 2)),
    axes,
    "stride",
    "occlusion",
  );
  const gap = stride.findIndex((step, axis) => step > window[axis]);
  if (gap >= 0) {
    throw new AuricleError(
      "argument",
      `occlusion: stride must not be above the window, or positions are never covered; got [${stride.join(",")}] for windows of [${window.join(",")}]`,
    );
  }
  const starts = positions.map((size, axis) => {
    const last = size - window[axis];
    return Array.from({ length: Math.ceil(last / stride[axis]) + 1 }, (_, i) =>
      Math.min(i * stride[axis], last),
    );
  });
  return { positions, window, starts, counts: starts.map((list) => list.length) };
}

/** Calls `visit` with the number of each position of a window. */
function forEachPosition(
  { positions, window, starts, counts }: Windows,
  number: number,
  visit: (position: number) => void,
): void {
  const first: number[] = [];
  let rest = number;
  for (let axis = counts.length - 1; axis >= 0; axis--) {
    first[axis] = starts[axis][rest % counts[axis]];
    rest = Math.floor(rest / counts[axis]);
  }
  const walk = (axis: number, base: number): void => {
    if (axis === positions.length) {
      visit(base);
      return;
    }
    for (let i = 0; i < window[axis]; i++) walk(axis + 1, base * positions[axis] + first[axis] + i);
  };
  walk(0, 0);
}

/** At each position the mean fall of the windows that cover it. */
function spread(falls: Float32Array, windows: Windows, length: number): FloatArray {
  const size = sizeOf(windows.positions);
  const each = sizeOf(windows.counts);
  const map = new Float32Array(length * size);
  const covering = new Uint32Array(size);
  for (let number = 0; number < each; number++) forEachPosition(windows, number, (at) => covering[at]++);
  for (let example = 0; example < length; example++) {
    const sums = new Float64Array(size);
    for (let number = 0; number < each; number++) {
      forEachPosition(windows, number, (at) => (sums[at] += falls[example * each + number]));
    }
    map.set(
      sums.map((sum, at) => sum / covering[at]),
      example * size,
    );
  }
  return { shape: [length, ...windows.positions], data: map };
}

/** One number for each channel of each example, to cover its positions with. @throws AuricleError "argument" */
export function fillsOf(array: NumericArray, fill: number | "mean", where: string): readonly Float32Array[] {
  const [length] = array.shape;
  const channels = array.shape[array.shape.length - 1];
  if (typeof fill === "number" ? !Number.isFinite(fill) : fill !== "mean") {
    throw new AuricleError("argument", `${where}: fill must be a number or "mean"; got ${shownValue(fill)}`);
  }
  return Array.from({ length }, (_, example) => {
    if (typeof fill === "number") return new Float32Array(channels).fill(fill);
    const sums = new Float64Array(channels);
    const values = exampleOf(array, example);
    values.forEach((value, i) => (sums[i % channels] += value));
    return Float32Array.from(sums, (sum) => (sum * channels) / values.length);
  });
}

function inputNamed({ name: network, inputNames }: InferenceNetwork, name: string | undefined): number {
  if (name === undefined && inputNames.length === 1) return 0;
  const index = name === undefined ? -1 : inputNames.indexOf(name);
  if (index >= 0) return index;
  throw new AuricleError(
    "argument",
    `${network}: input must be one of ${inputNames.join(", ")}; ` +
      (name === undefined
        ? 'none was named: { input: "…" }'
        : `got "${name}"${didYouMean(name, inputNames)}`),
  );
}

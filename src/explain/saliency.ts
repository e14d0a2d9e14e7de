/** @file Saliency: maps of how strongly a score reacts to each element of the input. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { exampleOf, givenInputs, type GivenInputs } from "./inputs.ts";
import type { Attribution } from "./input-gradient.ts";
import { gradientsAt, scoresOf, type Points } from "./points.ts";
import type { ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type ScoreOptions } from "./score.ts";
import { shownValue } from "../shown-value.ts";

export interface SaliencyOptions extends ScoreOptions {
  /**
   * "gradient": |d score / d x| (Simonyan, Vedaldi and Zisserman 2014, arXiv:1312.6034). "gradientTimesInput": x·d score / d x, with
   * its sign. "smoothGrad": the magnitude of the mean gradient at noisy copies of x, which leaves out what changes from one to
   * the next (Smilkov et al. 2017, arXiv:1706.03825). Default "gradient".
   */
  readonly method?: SaliencyMethod;
  /** Noisy copies of each example; for "smoothGrad". Default 50. */
  readonly samples?: number;
  /** The noise's standard deviation as a fraction of each example's range, maximum - minimum; for "smoothGrad". Default 0.15. */
  readonly noise?: number;
  /** The seed of the noise; for "smoothGrad". Default 0. */
  readonly seed?: number;
}

export type SaliencyMethod = "gradient" | "gradientTimesInput" | "smoothGrad";

const METHODS: readonly SaliencyMethod[] = ["gradient", "gradientTimesInput", "smoothGrad"];

const OPTIONS: OptionNames<SaliencyOptions> = {
  method: true,
  samples: true,
  noise: true,
  seed: true,
  ...SCORE_OPTIONS,
};

/**
 * Computes a saliency map of each example, in the shape of x; {@link overChannels} makes one number of those of a pixel's channels.
 *
 * @param x `[N, …]` for each input, as `predict` takes it
 * @throws AuricleError as `inputGradient`; "argument" for options of another method
 */
export async function saliency<X extends ModelInputs>(
  model: ExplainedModel,
  x: X,
  options: SaliencyOptions = {},
): Promise<Attribution<X>> {
  checkOptions("saliency", options, OPTIONS, "model, x, ");
  const { method = "gradient", samples, noise, seed = 0 } = checkMethod(options);
  const given = givenInputs(model.network, x);
  const score = await resolveScore(model, given.arrays, options);
  const copies = samples ?? 1;
  const draw = method === "smoothGrad" ? noisyCopies(given, noise ?? 0, seed) : exactCopies(given);
  const sums = given.arrays.map(({ shape }) => ({ shape, data: new Float64Array(sizeOf(shape)) }));
  const points: Points = {
    length: given.length * copies,
    example: (point) => Math.floor(point / copies),
    write: (point, inputs) => draw(Math.floor(point / copies), point % copies, inputs),
    take(point, _, gradients) {
      const example = Math.floor(point / copies);
      gradients.forEach((gradient, i) => {
        const size = gradient.length;
        gradient.forEach((value, at) => (sums[i].data[example * size + at] += value / copies));
      });
    },
  };
  await gradientsAt(model, score, points, options);
  const scores = await scoresOf(model, score, given.arrays, options);
  const values = sums.map(({ shape, data }, i) => {
    const { data: input } = given.arrays[i];
    const mapped = method === "gradientTimesInput" ? data.map((g, at) => g * input[at]) : data.map(Math.abs);
    return { shape, data: Float32Array.from(mapped) };
  });
  return { values: given.inForm(values), classes: score.classes, scores };
}

/** Refuses options that the method does not read; fills in the defaults of those it does. */
function checkMethod(options: SaliencyOptions): SaliencyOptions {
  const { method = "gradient", samples = 50, noise = 0.15, seed = 0 } = options;
  if (!METHODS.includes(method)) {
    throw new AuricleError(
      "argument",
      `saliency: method must be one of ${METHODS.join(", ")}; got ${shownValue(method)}`,
    );
  }
  if (method !== "smoothGrad") {
    const other = (["samples", "noise", "seed"] as const).find((name) => options[name] !== undefined);
    if (other === undefined) return { method };
    throw new AuricleError(
      "argument",
      `saliency: ${other} is an option of "smoothGrad"; the method is "${method}"`,
    );
  }
  if (!Number.isInteger(samples) || samples < 1) {
    throw new AuricleError(
      "argument",
      `saliency: samples must be a whole number above 0; got ${shownValue(samples)}`,
    );
  }
  if (!(noise >= 0 && noise < Infinity)) {
    throw new AuricleError("argument", `saliency: noise must be 0 or more; got ${shownValue(noise)}`);
  }
  return { method, samples, noise, seed };
}

type Draw = (example: number, copy: number, to: readonly (Float32Array | Int32Array)[]) => void;

function exactCopies({ arrays }: GivenInputs<ModelInputs>): Draw {
  return (example, _, to) => arrays.forEach((array, i) => to[i].set(exampleOf(array, example)));
}

/** Each copy's noise depends on seed, example, copy and input alone. */
function noisyCopies({ arrays }: GivenInputs<ModelInputs>, noise: number, seed: number): Draw {
  const deviations = arrays.map((array) =>
    Array.from({ length: array.shape[0] }, (_, example) => noise * rangeOf(array, example)),
  );
  return (example, copy, to) =>
    arrays.forEach((array, i) => {
      const generator = new Generator(deriveKey(seed, "smoothGrad", example, copy, i));
      exampleOf(array, example).forEach(
        (value, at) => (to[i][at] = value + deviations[i][example] * generator.normal()),
      );
    });
}

function rangeOf(array: NumericArray, example: number): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of exampleOf(array, example)) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return greatest - least;
}

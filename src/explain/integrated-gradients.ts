/** @file Integrated gradients. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { inputArrays, type ModelInputs } from "../nn/training/example-source.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { exampleOf, givenInputs, zerosLike, type GivenInputs } from "./inputs.ts";
import type { Attribution } from "./input-gradient.ts";
import { gradientsAt, scoresOf } from "./points.ts";
import type { ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type Score, type ScoreOptions } from "./score.ts";
import { shownValue } from "../shown-value.ts";

export interface IntegratedGradientsOptions extends ScoreOptions {
  /**
   * The input that stands for "nothing there", which the path to x begins at: a number for all elements, or arrays like x with one
   * example for all or one for each. Default 0; of spectrograms in decibels rather their silence.
   */
  readonly baseline?: number | ModelInputs;
  /** Gradients on the path, by Gauss and Legendre's rule, to begin with. Default 32. */
  readonly steps?: number;
  /** The greatest relative error of completeness: while it is larger, steps are doubled. Default 0.01. */
  readonly tolerance?: number;
  /** The most steps; where they do not suffice, the result says so. Default 512. */
  readonly maxSteps?: number;
}

const OPTIONS: OptionNames<IntegratedGradientsOptions> = {
  baseline: true,
  steps: true,
  tolerance: true,
  maxSteps: true,
  ...SCORE_OPTIONS,
};

/** How well an example's attributions add up to the difference that they explain. */
export interface Completeness {
  /** The sum of the attributions over all elements and inputs. */
  readonly sum: number;
  /** The score of x minus that of the baseline. */
  readonly difference: number;
  /** |sum - difference| relative to the sum of the attributions' magnitudes, or to |difference| where that is larger. */
  readonly error: number;
  /** Gradients taken on the path. */
  readonly steps: number;
  /** Whether the error is at most the tolerance. */
  readonly isWithin: boolean;
}

export interface IntegratedGradients<X extends ModelInputs> extends Attribution<X> {
  /** For each example. */
  readonly completeness: readonly Completeness[];
}

/**
 * Computes (x - baseline)·∫ d score / d x along the straight path from the baseline to x: contributions of all elements that add up
 * to score(x) - score(baseline) (Sundararajan, Taly and Yan 2017, arXiv:1703.01365).
 *
 * @param x `[N, …]` for each input, as `predict` takes it
 * @throws AuricleError as `inputGradient`; "shape" for a baseline that does not fit
 */
export async function integratedGradients<X extends ModelInputs>(
  model: ExplainedModel,
  x: X,
  options: IntegratedGradientsOptions = {},
): Promise<IntegratedGradients<X>> {
  checkOptions("integratedGradients", options, OPTIONS, "model, x, ");
  const { steps, tolerance, maxSteps } = checkSteps(options);
  const given = givenInputs(model.network, x);
  const baseline = baselineOf(model.network, given, options.baseline ?? 0);
  const score = await resolveScore(model, given.arrays, options);
  const scores = await scoresOf(model, score, given.arrays, options);
  const ofBaseline = await scoresOf(model, score, baseline, options);
  const values = zerosLike(given.arrays);
  const completeness: Completeness[] = [];
  let pending = scores.map((_, example) => example);
  for (let count = steps; pending.length > 0; count = Math.min(2 * count, maxSteps)) {
    const sums = await integrate({ model, score, x: given.arrays, baseline }, pending, count, options);
    sums.forEach((parts, i) => {
      const example = pending[i];
      parts.forEach((part, input) => exampleOf(values[input], example).set(part));
      const difference = scores[example] - ofBaseline[example];
      completeness[example] = completenessOf(parts, difference, count, tolerance);
    });
    pending = pending.filter((example) => !completeness[example].isWithin && count < maxSteps);
  }
  return { values: given.inForm(values), classes: score.classes, scores, completeness };
}

interface Paths {
  readonly model: ExplainedModel;
  readonly score: Score;
  readonly x: readonly NumericArray[];
  readonly baseline: readonly FloatArray[];
}

/** The attributions of some examples, for each input, in double precision. */
async function integrate(
  { model, score, x, baseline }: Paths,
  examples: readonly number[],
  steps: number,
  options: IntegratedGradientsOptions,
): Promise<readonly (readonly Float64Array[])[]> {
  const { places, weights } = gaussLegendre(steps);
  const sums = examples.map(() => x.map(({ shape }) => new Float64Array(sizeOf(shape.slice(1)))));
  const at = (point: number) => examples[Math.floor(point / steps)];
  await gradientsAt(
    model,
    score,
    {
      length: examples.length * steps,
      example: at,
      write(point, inputs) {
        const place = places[point % steps];
        inputs.forEach((input, i) => {
          const [to, from] = [exampleOf(x[i], at(point)), exampleOf(baseline[i], at(point))];
          for (let k = 0; k < input.length; k++) input[k] = from[k] + place * (to[k] - from[k]);
        });
      },
      take(point, _, gradients) {
        const weight = weights[point % steps];
        gradients.forEach((gradient, i) => {
          const sum = sums[Math.floor(point / steps)][i];
          for (let k = 0; k < sum.length; k++) sum[k] += weight * gradient[k];
        });
      },
    },
    options,
  );
  sums.forEach((parts, i) =>
    parts.forEach((sum, input) => {
      const [to, from] = [exampleOf(x[input], examples[i]), exampleOf(baseline[input], examples[i])];
      for (let k = 0; k < sum.length; k++) sum[k] *= to[k] - from[k];
    }),
  );
  return sums;
}

function completenessOf(
  parts: readonly Float64Array[],
  difference: number,
  steps: number,
  tolerance: number,
): Completeness {
  let [sum, magnitude] = [0, 0];
  for (const part of parts) {
    for (const value of part) {
      sum += value;
      magnitude += Math.abs(value);
    }
  }
  const scale = Math.max(magnitude, Math.abs(difference));
  const error = scale === 0 ? 0 : Math.abs(sum - difference) / scale;
  return { sum, difference, error, steps, isWithin: error <= tolerance };
}

function checkSteps({ steps = 32, tolerance = 0.01, maxSteps = 512 }: IntegratedGradientsOptions) {
  const isCount = (value: number) => Number.isInteger(value) && value >= 1 && value <= 4096;
  if (!isCount(steps) || !isCount(maxSteps) || steps > maxSteps) {
    throw new AuricleError(
      "argument",
      `integratedGradients: steps and maxSteps must be whole numbers in 1 … 4096, steps not above maxSteps; got ${shownValue(steps)} and ${shownValue(maxSteps)}`,
    );
  }
  if (!(tolerance >= 0)) {
    throw new AuricleError(
      "argument",
      `integratedGradients: tolerance must be 0 or more; got ${shownValue(tolerance)}`,
    );
  }
  return { steps, tolerance, maxSteps };
}

/** The baseline of each example, for each input. */
function baselineOf(
  network: InferenceNetwork,
  { arrays, length }: GivenInputs<ModelInputs>,
  baseline: number | ModelInputs,
): readonly FloatArray[] {
  if (typeof baseline === "number") {
    if (!Number.isFinite(baseline)) {
      throw new AuricleError(
        "argument",
        `integratedGradients: baseline must be finite; got ${shownValue(baseline)}`,
      );
    }
    return zerosLike(arrays).map(({ shape, data }) => ({ shape, data: data.fill(baseline) }));
  }
  const given = inputArrays(network, baseline);
  const [count] = given[0].shape;
  if (count !== 1 && count !== length) {
    throw new AuricleError(
      "shape",
      `integratedGradients: baseline must have one example, or one for each of the ${length}; got ${shownValue(count)}`,
    );
  }
  const infinite = given.findIndex(({ data }) => !data.every(Number.isFinite));
  if (infinite >= 0) {
    const name = network.inputNames[infinite];
    throw new AuricleError(
      "data",
      `integratedGradients: baseline of ${name} must be finite; it has a NaN or infinity`,
    );
  }
  return zerosLike(arrays).map((array, i) => {
    for (let example = 0; example < length; example++) {
      exampleOf(array, example).set(exampleOf(given[i], count === 1 ? 0 : example));
    }
    return array;
  });
}

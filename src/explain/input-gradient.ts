/** @file The gradient of a score with respect to a model's inputs. Browser-safe. */
import type { ModelInputs } from "../nn/training/example-source.ts";
import { checkOptions } from "../options.ts";
import { exampleOf, givenInputs, zerosLike, type InFormOf } from "./inputs.ts";
import { gradientsAt } from "./points.ts";
import type { ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type ScoreOptions } from "./score.ts";

/** Numbers that say how each element of the input bears on a score. */
export interface Attribution<X extends ModelInputs> {
  /** One number for each element of each input, in x's form and shapes. */
  readonly values: InFormOf<X>;
  /** The class explained, for each example. */
  readonly classes: readonly number[];
  /** The score of that class, for each example. */
  readonly scores: readonly number[];
}

/**
 * Computes d score / d x for each example: how fast the score of a class grows with each element of the input (Simonyan,
 * Vedaldi and Zisserman 2014, arXiv:1312.6034).
 *
 * @example
 * const { values, classes } = await inputGradient(model, x); // of the predicted classes
 * const ofSevens = await inputGradient(model, x, { class: 7 });
 * @param x `[N, …]` for each input, as `predict` takes it
 * @throws AuricleError "shape" or "data" for examples that do not fit, "argument" for an output or class that there is not
 */
export async function inputGradient<X extends ModelInputs>(
  model: ExplainedModel,
  x: X,
  options: ScoreOptions = {},
): Promise<Attribution<X>> {
  checkOptions("inputGradient", options, SCORE_OPTIONS, "model, x, ");
  const given = givenInputs(model.network, x);
  const score = await resolveScore(model, given.arrays, options);
  const results = zerosLike(given.arrays);
  const scores: number[] = [];
  await gradientsAt(
    model,
    score,
    {
      length: given.length,
      example: (point) => point,
      write: (point, inputs) => inputs.forEach((input, i) => input.set(exampleOf(given.arrays[i], point))),
      take(point, value, found) {
        scores.push(value);
        found.forEach((gradient, i) => exampleOf(results[i], point).set(gradient));
      },
    },
    options,
  );
  return { values: given.inForm(results), classes: score.classes, scores };
}

/** @file The gradient of a score with respect to a model's inputs. Browser-safe. */
import type { ModelInputs } from "../nn/training/example-source.ts";
import { gradients } from "../ops/gradients.ts";
import { sum } from "../ops/sum.ts";
import { checkOptions } from "../options.ts";
import { sizeOf } from "../tensor/shape.ts";
import { exampleOf, givenInputs, zerosLike, type InFormOf } from "./inputs.ts";
import { runFunction, type BatchFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";
import { resolveScore, SCORE_OPTIONS, type Score, type ScoreOptions } from "./score.ts";

/** Numbers that say how each element of the input bears on a score. */
export interface Attribution<X extends ModelInputs> {
  /** One number for each element of each input, in x's form and shapes. */
  readonly values: InFormOf<X>;
  /** The class explained, for each example. */
  readonly classes: readonly number[];
  /** The score of that class, for each example. */
  readonly scores: readonly number[];
}

/** Points in the space of inputs at which gradients are taken. */
export interface Points {
  readonly length: number;
  /** The example whose class is explained at this point. */
  example(point: number): number;
  /** Writes the point to the given array of each input. */
  write(point: number, inputs: readonly (Float32Array | Int32Array)[]): void;
  /** Takes the score there and its gradient by each input; the arrays are used again afterwards. */
  take(point: number, score: number, gradients: readonly (Float32Array | Int32Array)[]): void;
}

/** Computes a score and its gradients at many points, in their order. */
export function gradientsAt(
  model: ExplainedModel,
  score: Score,
  points: Points,
  options: BatchOptions,
): Promise<void> {
  const sizes = model.network.inputShapes.map(sizeOf);
  const part = (array: Float32Array | Int32Array, i: number, row: number) =>
    array.subarray(row * sizes[i], (row + 1) * sizes[i]);
  const rows = {
    length: points.length,
    read(indices: Uint32Array, input: (i: number) => Float32Array | Int32Array) {
      const arrays = sizes.map((_, i) => input(i));
      indices.forEach((point, row) =>
        points.write(
          point,
          arrays.map((array, i) => part(array, i, row)),
        ),
      );
      score.choose(Array.from(indices, points.example), input(sizes.length));
    },
    take(indices: Uint32Array, output: (i: number) => Float32Array | Int32Array) {
      const scores = output(0);
      const found = sizes.map((_, i) => output(1 + i));
      indices.forEach((point, row) =>
        points.take(
          point,
          scores[row],
          found.map((array, i) => part(array, i, row)),
        ),
      );
    },
  };
  return runFunction(model, gradientFunction(model, score), rows, options);
}

/** Examples do not depend on each other in inference, so the gradient of the sum of scores has each one's own gradient. */
function gradientFunction({ network }: ExplainedModel, score: Score): BatchFunction {
  return {
    name: `gradient ${score.key}`,
    further: [[score.width]],
    trace(inputs, [chosen]) {
      const scores = score.trace(network.applyAll(inputs, { training: false }), chosen);
      return [scores, ...gradients(sum(scores), inputs)];
    },
  };
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

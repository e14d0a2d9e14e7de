/** @file Scores and their gradients at points in the space of inputs. Browser-safe. */
import type { Rows } from "../nn/training/run-batches.ts";
import { gradients } from "../ops/gradients.ts";
import { sum } from "../ops/sum.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { exampleOf } from "./inputs.ts";
import { runFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";
import type { Score } from "./score.ts";

type Words = Float32Array | Int32Array;

/** Points at which a score is computed. */
export interface Points {
  readonly length: number;
  /** The example whose class is explained at this point. */
  example(point: number): number;
  /** Writes the point to the given array of each input. */
  write(point: number, inputs: readonly Words[]): void;
  /** Takes the score there, and its gradient by each input; the arrays are views of a batch's. */
  take(point: number, score: number, gradients: readonly Words[]): void;
}

/** Computes scores at points, in their order; `take` is given no gradients. */
export function scoresAt(
  model: ExplainedModel,
  score: Score,
  points: Points,
  options: BatchOptions,
): Promise<void> {
  const { network } = model;
  return runFunction(
    model,
    {
      name: `score ${score.key}`,
      further: [[score.width]],
      trace: (inputs, [chosen]) => [score.trace(network.applyAll(inputs, { training: false }), chosen)],
    },
    rowsOf(model, score, points, []),
    options,
  );
}

/** Computes the score of each example. */
export async function scoresOf(
  model: ExplainedModel,
  score: Score,
  arrays: readonly NumericArray[],
  options: BatchOptions,
): Promise<number[]> {
  const scores: number[] = [];
  const points: Points = {
    length: score.classes.length,
    example: (point) => point,
    write: (point, inputs) => inputs.forEach((input, i) => input.set(exampleOf(arrays[i], point))),
    take: (_, value) => scores.push(value),
  };
  await scoresAt(model, score, points, options);
  return scores;
}

/**
 * Computes scores and their gradients at points, in their order. Examples do not depend on each other in inference, so the gradient
 * of the sum of scores holds each one's own.
 */
export function gradientsAt(
  model: ExplainedModel,
  score: Score,
  points: Points,
  options: BatchOptions,
): Promise<void> {
  const { network } = model;
  return runFunction(
    model,
    {
      name: `gradient ${score.key}`,
      further: [[score.width]],
      trace(inputs, [chosen]) {
        const scores = score.trace(network.applyAll(inputs, { training: false }), chosen);
        return [scores, ...gradients(sum(scores), inputs)];
      },
    },
    rowsOf(model, score, points, network.inputShapes.map(sizeOf)),
    options,
  );
}

/** @param gradientSizes the number of elements of each gradient that follows the scores */
function rowsOf(
  { network }: ExplainedModel,
  score: Score,
  points: Points,
  gradientSizes: readonly number[],
): Rows {
  const inputSizes = network.inputShapes.map(sizeOf);
  const parts = (arrays: readonly Words[], sizes: readonly number[], row: number) =>
    arrays.map((array, i) => array.subarray(row * sizes[i], (row + 1) * sizes[i]));
  return {
    length: points.length,
    read(rows, input) {
      const arrays = inputSizes.map((_, i) => input(i));
      rows.forEach((point, row) => points.write(point, parts(arrays, inputSizes, row)));
      score.choose(
        Array.from(rows, (point) => points.example(point)),
        input(inputSizes.length),
      );
    },
    take(rows, output) {
      const scores = output(0);
      const found = gradientSizes.map((_, i) => output(1 + i));
      rows.forEach((point, row) => points.take(point, scores[row], parts(found, gradientSizes, row)));
    },
  };
}

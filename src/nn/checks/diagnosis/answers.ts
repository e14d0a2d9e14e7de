/** @file Compares a network's answers with those of somebody who always gives the same, best guess. Browser-safe. */

import type { AnswerKind } from "../../losses/registry.ts";

/** How far answers are from guessing. Losses are in nats for classes and tags, squared units for numbers. */
export interface AnswerFigures {
  readonly examples: number;
  readonly loss: number;
  /** The loss of the best constant answer: the mean of the targets. */
  readonly guessLoss: number;
  /** The share of right answers, and of the most frequent class; for classes alone. */
  readonly accuracy?: number;
  readonly guessAccuracy?: number;
  /**
   * The standard deviation of an answer from example to example, divided by that of its target: 1 for perfect answers, 0
   * where all are alike. The largest one of all outputs whose targets differ.
   */
  readonly spread: number;
  /**
   * The mean correlation of answers and targets over the outputs whose targets differ: 1 for perfect answers, about 0 for
   * guesses, however sure they are.
   */
  readonly agreement: number;
}

/** Rows of a sample, row-major. */
export interface Sample {
  readonly kind: AnswerKind;
  /** Logits for classes and tags, or numbers: `[examples, outputs]`. */
  readonly outputs: Float32Array;
  /** Probabilities of the classes (one-hot or mixed), 0 or 1 for each tag, or numbers: `[examples, outputs]`. */
  readonly targets: Float32Array;
  readonly width: number;
}

/** The least probability that is taken the logarithm of. */
const LEAST_PROBABILITY = 1e-12;

/** float32's, with room. */
const ROUNDING = 1e-6;

/** @returns undefined where all targets are the same, so that there is nothing to learn. */
export function compareWithGuessing(sample: Sample): AnswerFigures | undefined {
  const { kind, targets, width } = sample;
  const examples = targets.length / width;
  const answers = answersOf(sample);
  const target = momentsOf(targets, width);
  if (target.deviations.every((deviation) => deviation === 0)) return undefined;
  const answer = momentsOf(answers, width);
  const constant = Float32Array.from(targets, (_, i) => target.means[i % width]);
  const differing = target.deviations.flatMap((deviation, i) => (deviation > 0 ? [i] : []));
  const ratios = differing.map((i) => answer.deviations[i] / target.deviations[i]);
  const covariances = covariancesOf({ rows: answers, ...answer }, { rows: targets, ...target }, width);
  const correlations = differing.map((i) =>
    answer.deviations[i] > 0 ? covariances[i] / (answer.deviations[i] * target.deviations[i]) : 0,
  );
  return {
    examples,
    loss: meanLoss(kind, answers, targets, width),
    guessLoss: meanLoss(kind, constant, targets, width),
    ...(kind === "classes" && {
      accuracy: shareRight(answers, targets, width),
      guessAccuracy: shareRight(constant, targets, width),
    }),
    spread: Math.max(...ratios),
    agreement: correlations.reduce((sum, one) => sum + one, 0) / correlations.length,
  };
}

/**
 * The loss of the best constant answer, from the mean of the targets.
 * @param means the means of the targets: shares of the classes or tags, not used for numbers
 * @param labelSmoothing as the loss takes it
 * @returns the loss in nats; 1 for numbers, whose targets are taken to have a variance of 1
 */
export function guessingLoss(kind: AnswerKind, means: readonly number[], labelSmoothing = 0): number {
  if (kind === "values") return 1;
  const rest = kind === "classes" ? 1 / means.length : 0.5;
  const smoothed = means.map((mean) => (1 - labelSmoothing) * mean + labelSmoothing * rest);
  const losses = smoothed.map((mean) =>
    kind === "classes" ? -mean * logarithm(mean) : -mean * logarithm(mean) - (1 - mean) * logarithm(1 - mean),
  );
  const sum = losses.reduce((total, loss) => total + loss, 0);
  return kind === "classes" ? sum : sum / means.length;
}

/** Probabilities, or the numbers as they are. */
function answersOf({ kind, outputs, width }: Sample): Float32Array {
  if (kind === "values") return outputs;
  if (kind === "yes-or-no") return outputs.map((logit) => 1 / (1 + Math.exp(-logit)));
  const answers = new Float32Array(outputs.length);
  for (let start = 0; start < outputs.length; start += width) {
    const logits = outputs.subarray(start, start + width);
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const powers = logits.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, i) => (answers[start + i] = power / sum));
  }
  return answers;
}

interface Columns {
  readonly rows: Float32Array;
  readonly means: readonly number[];
}

function covariancesOf(one: Columns, other: Columns, width: number): number[] {
  const count = one.rows.length / width;
  const sums = new Array<number>(width).fill(0);
  one.rows.forEach((value, i) => {
    const column = i % width;
    sums[column] += ((value - one.means[column]) * (other.rows[i] - other.means[column])) / count;
  });
  return sums;
}

function momentsOf(rows: Float32Array, width: number) {
  const count = rows.length / width;
  const means = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  rows.forEach((value, i) => (means[i % width] += value / count));
  rows.forEach((value, i) => (squares[i % width] += (value - means[i % width]) ** 2 / count));
  // Rounding is no difference: equal targets must have none.
  const deviations = squares.map((square, i) =>
    Math.sqrt(square) > ROUNDING * Math.abs(means[i]) ? Math.sqrt(square) : 0,
  );
  return { means, deviations };
}

function meanLoss(kind: AnswerKind, answers: Float32Array, targets: Float32Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    if (kind === "values") sum += (answers[i] - targets[i]) ** 2;
    else sum -= targets[i] * logarithm(answers[i]);
    if (kind === "yes-or-no") sum -= (1 - targets[i]) * logarithm(1 - answers[i]);
  }
  return kind === "classes" ? (sum * width) / targets.length : sum / targets.length;
}

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, LEAST_PROBABILITY));
}

function shareRight(answers: Float32Array, targets: Float32Array, width: number): number {
  const rows = answers.length / width;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    const answer = indexOfLargest(answers.subarray(row * width, (row + 1) * width));
    const target = indexOfLargest(targets.subarray(row * width, (row + 1) * width));
    if (answer === target) right++;
  }
  return right / rows;
}

function indexOfLargest(row: Float32Array): number {
  return row.reduce((best, value, i) => (value > row[best] ? i : best), 0);
}

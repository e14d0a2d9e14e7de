import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { minimize } from "./lbfgs.ts";
import { rowSpace, type RowSpace } from "./row-space.ts";

/** The loss of a linear head: softmax cross entropy, the mean of the tags' binary ones, or the mean squared error. */
export type LinearLoss = "softmax" | "sigmoid" | "squared";

export interface LinearHeadOptions {
  readonly loss: LinearLoss;
  /**
   * Strength of the penalty: half of it times the sum of the squares of the kernel for standardised features is added to the
   * mean loss; the bias is free. Above 0.
   */
  readonly l2: number;
  /** A factor of each example's loss, `[N]`, 0 or more. Default: 1 for all. */
  readonly sampleWeight?: Float32Array;
  /** The largest element of the gradient at which the search ends. Default 1e-5. */
  readonly tolerance?: number;
  /** The minimum for another strength, to begin the search with. It changes the time, and nothing beyond rounding. */
  readonly from?: LinearHead;
}

const OPTIONS: OptionNames<LinearHeadOptions> = {
  loss: true,
  l2: true,
  sampleWeight: true,
  tolerance: true,
  from: true,
};

/** The weights of a dense layer. */
export interface LinearHead {
  /** `[D, outputs]`, for features as they are: their standardisation is in it. */
  readonly kernel: FloatArray;
  /** `[outputs]`. */
  readonly bias: FloatArray;
  /** The mean loss over the examples, without the penalty. */
  readonly loss: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** The same for standardised features, in double precision: kernel, then bias. */
  readonly solution: Float64Array;
}

/**
 * Trains a linear layer on fixed features until nothing changes: multinomial logistic, logistic or ridge regression with L2 on
 * features of mean 0 and deviation 1. The problem is convex, so that there is one result; it is computed in double precision
 * by one thread, with the same bits each time.
 *
 * @example const { kernel, bias } = fitLinearHead(features, targets, { loss: "softmax", l2: 0.01 });
 * @param features `[N, D]`; those that are the same for all examples get the weight 0
 * @param targets `[N, outputs]`: probabilities of the classes, with sum 1, or of the tags, or numbers
 * @throws AuricleError "shape" where both do not fit together, "data" for features or targets that are not finite
 */
export function fitLinearHead(
  features: FloatArray,
  targets: FloatArray,
  options: LinearHeadOptions,
): LinearHead {
  checkOptions("fitLinearHead", options, OPTIONS, "features, targets, ");
  const { loss, l2, sampleWeight, tolerance, from } = options;
  checkArguments(features, targets, options);
  const [examples, width] = features.shape;
  const [, outputs] = targets.shape;
  const shares = sharesOf(examples, sampleWeight);
  const scale = standardisation(features, shares);
  const rows = standardised(features, scale);
  // No answer depends on more dimensions than there are examples.
  const space = examples < width ? rowSpace(rows, width) : undefined;
  const problem: HeadProblem = {
    features: space?.coordinates ?? rows,
    targets: targets.data,
    shares,
    width: space?.rank ?? width,
    outputs,
    loss,
  };
  const kernelStart = from && space?.toCoordinates(from.solution.subarray(0, width * outputs), outputs);
  const start =
    from && kernelStart ? joined(kernelStart, from.solution.subarray(width * outputs)) : from?.solution;
  const found = solveHead(problem, { l2, tolerance, ...(start && { start }) });
  const solution = space ? inFeatures(space, found.solution, outputs) : found.solution;
  return { ...found, ...unstandardised(solution, scale, outputs), solution };
}

/** A solution for the rows as they were, of one for their coordinates. */
export function inFeatures(space: RowSpace, solution: Float64Array, outputs: number): Float64Array {
  const end = space.rank * outputs;
  return joined(space.toRows(solution.subarray(0, end), outputs), solution.subarray(end));
}

function joined(kernel: Float64Array, bias: Float64Array): Float64Array {
  const both = new Float64Array(kernel.length + bias.length);
  both.set(kernel);
  both.set(bias, kernel.length);
  return both;
}

/** The minimum for standardised features. */
export type HeadSolution = Pick<LinearHead, "loss" | "iterations" | "converged" | "solution">;

/** @param options `start` is a solution of another problem of the same size */
export function solveHead(
  problem: HeadProblem,
  {
    l2,
    tolerance = 1e-5,
    start,
  }: { readonly l2: number; readonly tolerance?: number; readonly start?: Float64Array },
): HeadSolution {
  const { at, iterations, converged } = minimize(
    (weights, gradient) => meanLoss(problem, weights, gradient) + penalty(problem, l2, weights, gradient),
    start ?? new Float64Array((problem.width + 1) * problem.outputs),
    { tolerance },
  );
  return { loss: meanLoss(problem, at, new Float64Array(at.length)), iterations, converged, solution: at };
}

function checkArguments(
  features: FloatArray,
  targets: FloatArray,
  { l2, sampleWeight, from }: LinearHeadOptions,
): void {
  const [examples, width] = features.shape;
  const [rows, outputs] = targets.shape;
  const fits =
    features.shape.length === 2 &&
    targets.shape.length === 2 &&
    examples === rows &&
    examples > 0 &&
    (sampleWeight === undefined || sampleWeight.length === examples) &&
    (from === undefined || from.solution.length === (width + 1) * outputs);
  if (!fits) {
    throw new AuricleError(
      "shape",
      `fitLinearHead: takes features [N,D] and targets [N,outputs] of one example or more; got ${shownValue(features.shape)} and ` +
        shownValue(targets.shape),
    );
  }
  if (!(l2 > 0 && l2 < Infinity)) {
    throw new AuricleError("argument", `fitLinearHead: l2 must be a number above 0; got ${shownValue(l2)}`);
  }
  for (const [what, { data, shape }] of [["feature", features] as const, ["target", targets] as const]) {
    const at = data.findIndex((one) => !Number.isFinite(one));
    if (at < 0) continue;
    throw new AuricleError(
      "data",
      `fitLinearHead: every ${what} must be finite; got ${data[at]} in example ${Math.floor(at / shape[1])}`,
    );
  }
}

export interface HeadProblem {
  /** Standardised, `[N, D]`. */
  readonly features: Float32Array | Float64Array;
  readonly targets: Float32Array;
  /** Each example's share of the mean loss. */
  readonly shares: Float64Array;
  readonly width: number;
  readonly outputs: number;
  readonly loss: LinearLoss;
}

/** Mean and deviation of each feature; the deviation is 0 where rounding alone makes them differ. */
export interface Standardisation {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** Each example's part of all weights. */
export function sharesOf(examples: number, sampleWeight: Float32Array | undefined): Float64Array {
  const weights = sampleWeight ?? new Float32Array(examples).fill(1);
  const sum = weights.reduce((total, one) => total + one, 0);
  return Float64Array.from(weights, (one) => one / sum);
}

/** @param shares those of the examples, the first of the features' rows */
export function standardisation(
  { shape: [, width], data }: FloatArray,
  shares: Float64Array,
): Standardisation {
  const examples = shares.length;
  const means = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let row = 0; row < examples; row++) {
    for (let i = 0; i < width; i++) means[i] += shares[row] * data[row * width + i];
  }
  for (let row = 0; row < examples; row++) {
    for (let i = 0; i < width; i++) squares[i] += shares[row] * (data[row * width + i] - means[i]) ** 2;
  }
  const deviations = squares.map((square, i) => {
    const deviation = Math.sqrt(square);
    return deviation > LEAST_DEVIATION * Math.max(Math.abs(means[i]), Number.MIN_VALUE) ? deviation : 0;
  });
  return { means, deviations };
}

/** Deviations that are a smaller part of the mean are the rounding of float32. */
const LEAST_DEVIATION = 1e-6;

export function standardised(
  { shape: [, width], data }: FloatArray,
  { means, deviations }: Standardisation,
): Float32Array {
  return data.map((value, i) => {
    const feature = i % width;
    return deviations[feature] === 0 ? 0 : (value - means[feature]) / deviations[feature];
  });
}

/** The layer for features as they are that answers as the given one does to standardised features. */
export function unstandardised(
  solution: Float64Array,
  { means, deviations }: Standardisation,
  outputs: number,
): Pick<LinearHead, "kernel" | "bias"> {
  const width = means.length;
  const kernel = new Float32Array(width * outputs);
  const bias = solution.slice(width * outputs);
  for (let i = 0; i < width; i++) {
    for (let output = 0; output < outputs; output++) {
      const weight = deviations[i] === 0 ? 0 : solution[i * outputs + output] / deviations[i];
      kernel[i * outputs + output] = weight;
      bias[output] -= weight * means[i];
    }
  }
  return {
    kernel: { shape: [width, outputs], data: kernel },
    bias: { shape: [outputs], data: Float32Array.from(bias) },
  };
}

function penalty(
  { width, outputs }: HeadProblem,
  l2: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < width * outputs; i++) {
    sum += weights[i] ** 2;
    gradient[i] += l2 * weights[i];
  }
  return (l2 / 2) * sum;
}

/** The mean loss; its gradient takes the place of what is in the array. */
function meanLoss(problem: HeadProblem, weights: Float64Array, gradient: Float64Array): number {
  const { targets, shares, width, outputs, loss } = problem;
  gradient.fill(0);
  const bias = width * outputs;
  const columns = transposed(weights, width, outputs);
  const slopes = new Float64Array(bias);
  const answers = new Float64Array(ROWS_AT_ONCE * outputs);
  let sum = 0;
  for (let first = 0; first < shares.length; first += ROWS_AT_ONCE) {
    for (let n = 0; n < ROWS_AT_ONCE; n++) answers.set(weights.subarray(bias), n * outputs);
    addAnswers(problem, first, columns, answers);
    for (let n = 0; n < ROWS_AT_ONCE; n++) {
      const row = first + n;
      const own = answers.subarray(n * outputs, (n + 1) * outputs);
      if (row >= shares.length) {
        own.fill(0);
        continue;
      }
      sum += shares[row] * LOSSES[loss](own, targets.subarray(row * outputs, (row + 1) * outputs));
      // From here on, they are the derivatives of the mean loss.
      for (let output = 0; output < outputs; output++) {
        own[output] *= shares[row];
        gradient[bias + output] += own[output];
      }
    }
    addSlopes(problem, first, answers, slopes);
  }
  gradient.set(transposed(slopes, outputs, width));
  return sum;
}

/** Rows that are taken at once, as each weight that is read then serves all of them. */
const ROWS_AT_ONCE = 4;

/** Where the rows from the first one on begin; in the place of those that are not there is the last one. */
function tileOf({ shares, width }: HeadProblem, first: number): readonly number[] {
  return Array.from({ length: ROWS_AT_ONCE }, (_, n) => width * Math.min(first + n, shares.length - 1));
}

/**
 * Adds each row's product with each column of weights.
 * @param columns `[outputs, width]`
 * @param answers `[ROWS_AT_ONCE, outputs]`
 */
function addAnswers(problem: HeadProblem, first: number, columns: Float64Array, answers: Float64Array): void {
  const { features, width, outputs } = problem;
  const [a, b, c, d] = tileOf(problem, first);
  for (let output = 0; output < outputs; output++) {
    const column = output * width;
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let i = 0; i < width; i++) {
      const weight = columns[column + i];
      p += features[a + i] * weight;
      q += features[b + i] * weight;
      r += features[c + i] * weight;
      s += features[d + i] * weight;
    }
    [p, q, r, s].forEach((value, n) => (answers[n * outputs + output] += value));
  }
}

/**
 * Adds the rows, each times its derivatives.
 * @param derivatives `[ROWS_AT_ONCE, outputs]`
 * @param slopes `[outputs, width]`
 */
function addSlopes(
  problem: HeadProblem,
  first: number,
  derivatives: Float64Array,
  slopes: Float64Array,
): void {
  const { features, width, outputs } = problem;
  const [a, b, c, d] = tileOf(problem, first);
  for (let output = 0; output < outputs; output++) {
    const column = output * width;
    const p = derivatives[output];
    const q = derivatives[outputs + output];
    const r = derivatives[2 * outputs + output];
    const s = derivatives[3 * outputs + output];
    for (let i = 0; i < width; i++) {
      slopes[column + i] +=
        features[a + i] * p + features[b + i] * q + features[c + i] * r + features[d + i] * s;
    }
  }
}

/** @param matrix `[rows, columns]` @returns `[columns, rows]` */
function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = matrix[row * columns + column];
  return turned;
}

/** The loss of one example; its derivatives take the place of the answers. */
const LOSSES: Readonly<Record<LinearLoss, (answers: Float64Array, target: Float32Array) => number>> = {
  softmax(answers, target) {
    let most = -Infinity;
    for (const answer of answers) most = Math.max(most, answer);
    let total = 0;
    for (const answer of answers) total += Math.exp(answer - most);
    const logTotal = most + Math.log(total);
    let loss = 0;
    for (let i = 0; i < answers.length; i++) {
      loss += target[i] * (logTotal - answers[i]);
      answers[i] = Math.exp(answers[i] - logTotal) - target[i];
    }
    return loss;
  },
  sigmoid(answers, target) {
    let loss = 0;
    for (let i = 0; i < answers.length; i++) {
      const answer = answers[i];
      loss += Math.max(answer, 0) - answer * target[i] + Math.log1p(Math.exp(-Math.abs(answer)));
      answers[i] = (1 / (1 + Math.exp(-answer)) - target[i]) / answers.length;
    }
    return loss / answers.length;
  },
  squared(answers, target) {
    let loss = 0;
    for (let i = 0; i < answers.length; i++) {
      const difference = answers[i] - target[i];
      loss += difference ** 2;
      answers[i] = (2 * difference) / answers.length;
    }
    return loss / answers.length;
  },
};

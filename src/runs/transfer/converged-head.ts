/** @file The linear head of a frozen network: trained to convergence, with the strength of L2 chosen on examples that are held out. Browser-safe. */

import { clipOutputs, windowLoss, windowOutputs } from "../../audio-model/outputs.ts";
import type { Task } from "../../data/collection/collection.ts";
import { nextTurn } from "../../io/next-turn.ts";
import type { LinearHead, LinearLoss } from "../../nn/index.ts";
import {
  inFeatures,
  sharesOf,
  solveHead,
  standardisation,
  standardised,
  unstandardised,
  type HeadSolution,
} from "../../nn/transfer/linear-head.ts";
import { rowSpace } from "../../nn/transfer/row-space.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import type { HeadChoice } from "./head-choice.ts";

/** An example as its rows, `[windows, width]`, and what it is. */
export interface HeadExample {
  readonly rows: Float32Array;
  /** Probabilities of the classes or tags, or standardised numbers. */
  readonly target: Float32Array;
  /** Examples of one group are alike, and are held out together. */
  readonly group: string;
  /** A factor of its loss. */
  readonly weight: number;
}

type TriedStrength = HeadChoice["tried"][number];

export interface ConvergedHead {
  readonly head: LinearHead;
  readonly choice: HeadChoice;
}

/** Parts of the training part that are held out one after the other. */
const FOLDS = 5;

/** Fewer examples of a validation part say less than the training part does. */
const LEAST_VALIDATION = 30;

export interface HeadOptions {
  /** Numbers in a row. */
  readonly width: number;
  readonly strengths: readonly number[];
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** An example whose rows are standardised, `[windows, dimensions]`. */
interface TrialExample extends Omit<HeadExample, "rows"> {
  readonly rows: Float32Array | Float64Array;
  readonly windows: number;
}

/** Examples that a head is trained on, and those that it is judged by. */
interface Trial {
  readonly fitted: readonly TrialExample[];
  readonly judged: readonly TrialExample[];
}

/** The largest element of the gradient at which a head that is only compared with others is good enough. */
const TRIAL_TOLERANCE = 1e-4;

/**
 * Trains a head with each strength, and then that of the strength with the least loss on all training examples: on the validation
 * part, or where that has fewer than 30 examples, on it and on fifths of the training part, held out one after the other.
 * @throws the signal's reason
 */
export async function convergedHead(
  task: Task,
  train: readonly HeadExample[],
  validation: readonly HeadExample[],
  { width, strengths, seed, signal }: HeadOptions,
): Promise<ConvergedHead> {
  const chosenOn = validation.length >= LEAST_VALIDATION ? "validation" : "training";
  const { examples, dimensions, headOf } = standardisedExamples(
    [...train, ...validation],
    train.length,
    width,
  );
  const [fitting, held] = [examples.slice(0, train.length), examples.slice(train.length)];
  const trials: readonly Trial[] =
    chosenOn === "validation"
      ? [{ fitted: fitting, judged: held }]
      : foldsOf(fitting, seed).map(({ fitted, judged }) => ({ fitted, judged: [...judged, ...held] }));
  const descending = [...strengths].sort((a, b) => b - a);
  const losses = new Map<number, number>();
  for (const { fitted, judged } of descending.length > 1 ? trials : []) {
    let start: Float64Array | undefined;
    // From the strongest on: each begins near its end.
    for (const strength of descending) {
      await nextTurn();
      signal?.throwIfAborted();
      const tolerance = TRIAL_TOLERANCE;
      const { solution } = solve(task, fitted, { dimensions, strength, tolerance, ...(start && { start }) });
      start = solution;
      const loss = judged.reduce((sum, example) => sum + lossOf(task, solution, dimensions, example), 0);
      losses.set(strength, (losses.get(strength) ?? 0) + loss);
    }
  }
  const count = trials.reduce((sum, { judged }) => sum + judged.length, 0);
  const tried = strengths
    .filter((strength) => losses.has(strength))
    .map((strength) => ({ strength, loss: (losses.get(strength) ?? 0) / count }));
  const best = tried.reduce<TriedStrength | undefined>(
    (least, one) => (least && least.loss <= one.loss ? least : one),
    undefined,
  );
  const strength = best?.strength ?? (strengths.length === 1 ? strengths[0] : DEFAULT_STRENGTH);
  const head = headOf(solve(task, fitting, { dimensions, strength }), train[0].target.length);
  const { iterations, converged } = head;
  return {
    head,
    choice: {
      strength,
      chosenOn: best ? chosenOn : "nothing",
      tried,
      features: width,
      iterations,
      converged,
    },
  };
}

/** Examples in the form in which all trials have them. */
interface StandardisedExamples {
  readonly examples: readonly TrialExample[];
  /** Numbers in a row of theirs. */
  readonly dimensions: number;
  /** Makes the layer for features as they are of a solution for these rows. */
  headOf(found: HeadSolution, outputs: number): LinearHead;
}

/**
 * Gives features the mean 0 and the deviation 1 over the training part. Where they are more than there are rows, rows become their
 * coordinates in the space that they span: every head has the same answers and the same length there, and is found in less time.
 * @param fitted how many examples, the first ones, are of the training part
 */
function standardisedExamples(
  all: readonly HeadExample[],
  fitted: number,
  width: number,
): StandardisedExamples {
  const { features, weights, starts } = joinedRows(all, width);
  const scale = standardisation(
    { shape: [weights.length, width], data: features },
    sharesOf(starts[fitted], weights.subarray(0, starts[fitted])),
  );
  const rows = standardised({ shape: [weights.length, width], data: features }, scale);
  const space = weights.length < width ? rowSpace(rows, width) : undefined;
  const dimensions = space?.rank ?? width;
  const within = space?.coordinates ?? rows;
  return {
    dimensions,
    examples: all.map((example, i) => ({
      ...example,
      windows: starts[i + 1] - starts[i],
      rows: within.subarray(starts[i] * dimensions, starts[i + 1] * dimensions),
    })),
    headOf(found, outputs) {
      const solution = space ? inFeatures(space, found.solution, outputs) : found.solution;
      return { ...found, ...unstandardised(solution, scale, outputs), solution };
    },
  };
}

/** The rows of all examples, one after the other. */
interface JoinedRows<Data> {
  readonly features: Data;
  /** Each window of an example has the same part of the example's weight. */
  readonly weights: Float32Array;
  /** The first row of each example, and the number of all rows. */
  readonly starts: readonly number[];
}

function joinedRows(examples: readonly HeadExample[], width: number): JoinedRows<Float32Array> {
  const starts = [0];
  for (const { rows } of examples) starts.push(starts[starts.length - 1] + rows.length / width);
  const count = starts[examples.length];
  const features = new Float32Array(count * width);
  const weights = new Float32Array(count);
  examples.forEach(({ rows, weight }, i) => {
    features.set(rows, starts[i] * width);
    weights.fill(weight / (starts[i + 1] - starts[i]), starts[i], starts[i + 1]);
  });
  return { features, weights, starts };
}

/** For examples that cannot be divided, such as those of a single recording. */
const DEFAULT_STRENGTH = 0.3;

/** Fifths of the examples, held out one after the other, with groups kept whole; none where there is a single group. */
function foldsOf(examples: readonly TrialExample[], seed: number): readonly Trial[] {
  const groups = [...new Set(examples.map(({ group }) => group))];
  const order = Uint32Array.from(groups.keys());
  new Generator(deriveKey(seed, "head")).shuffle(order);
  const places = new Map(Array.from(order, (group, place) => [groups[group], place % FOLDS]));
  return Array.from({ length: FOLDS }, (_, fold) => ({
    fitted: examples.filter(({ group }) => places.get(group) !== fold),
    judged: examples.filter(({ group }) => places.get(group) === fold),
  })).filter(({ fitted, judged }) => fitted.length > 0 && judged.length > 0);
}

const LOSSES: Readonly<Record<Task, LinearLoss>> = {
  classification: "softmax",
  tagging: "sigmoid",
  regression: "squared",
};

interface SolveOptions {
  readonly dimensions: number;
  readonly strength: number;
  readonly tolerance?: number;
  readonly start?: Float64Array;
}

/** Each window of an example has the same part of the example's weight. */
function solve(
  task: Task,
  examples: readonly TrialExample[],
  { dimensions, strength, ...search }: SolveOptions,
): HeadSolution {
  const outputs = examples[0].target.length;
  const count = examples.reduce((sum, { windows }) => sum + windows, 0);
  const features = new Float64Array(count * dimensions);
  const targets = new Float32Array(count * outputs);
  const weights = new Float32Array(count);
  let at = 0;
  for (const { rows, windows, target, weight } of examples) {
    features.set(rows, at * dimensions);
    for (let window = 0; window < windows; window++) targets.set(target, (at + window) * outputs);
    weights.fill(weight / windows, at, at + windows);
    at += windows;
  }
  const problem = {
    features,
    targets,
    shares: sharesOf(count, weights),
    width: dimensions,
    outputs,
    loss: LOSSES[task],
  };
  return solveHead(problem, { l2: strength, ...search });
}

/** The loss of a solution's answer to an example, times the example's weight. */
function lossOf(task: Task, solution: Float64Array, dimensions: number, example: TrialExample): number {
  const { target, weight } = example;
  const end = dimensions * target.length;
  const layer = { kernel: solution.subarray(0, end), bias: solution.subarray(end) };
  return weight * windowLoss(task, meanAnswer(task, layer, example), target);
}

/** The head's answer to an example: the mean over its windows. */
export function answerOf(
  task: Task,
  { kernel, bias }: Pick<LinearHead, "kernel" | "bias">,
  { rows }: Pick<HeadExample, "rows">,
): Float32Array {
  const windows = rows.length / kernel.shape[0];
  return meanAnswer(task, { kernel: kernel.data, bias: bias.data }, { rows, windows });
}

/** A linear layer: `[width, outputs]` and `[outputs]`. */
interface Layer {
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

function meanAnswer(
  task: Task,
  { kernel, bias }: Layer,
  { rows, windows }: Pick<TrialExample, "rows" | "windows">,
): Float32Array {
  const outputs = bias.length;
  const width = rows.length / windows;
  const raw = new Float32Array(windows * outputs);
  for (let window = 0; window < windows; window++) {
    const answers = Float64Array.from(bias);
    for (let i = 0; i < width; i++) {
      const value = rows[window * width + i];
      for (let output = 0; output < outputs; output++)
        answers[output] += value * kernel[i * outputs + output];
    }
    raw.set(answers, window * outputs);
  }
  return clipOutputs(windowOutputs(task, { shape: [windows, outputs], data: raw }));
}

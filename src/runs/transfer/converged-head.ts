/** @file The linear head of a frozen network: trained to convergence, with the strength of L2 chosen on examples that are held out. Browser-safe. */

import * as z from "zod/mini";
import { clipOutputs, windowLoss, windowOutputs } from "../../audio-model/outputs.ts";
import type { Task } from "../../data/collection/collection.ts";
import { nextTurn } from "../../io/next-turn.ts";
import { fitLinearHead, type LinearHead, type LinearLoss } from "../../nn/index.ts";
import { deriveKey, Generator } from "../../random/generator.ts";

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

/** The figures of a converged head, as checkpoints and result.json have them. */
export const headChoiceSchema = z.strictObject({
  /** The strength of L2. */
  strength: z.number(),
  /** The examples that it was chosen on: the validation part, or parts of the training part held out one after the other. */
  chosenOn: z.enum(["validation", "training", "nothing"]),
  /** The mean over these examples of the loss of their answer, which is the mean over their windows. */
  tried: z.array(z.strictObject({ strength: z.number(), loss: z.number() })),
  /** The number of features that the head takes. */
  features: z.int(),
  iterations: z.int(),
  converged: z.boolean(),
});

export type HeadChoice = z.infer<typeof headChoiceSchema>;

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

/** Examples that a head is trained on, and those that it is judged by. */
interface Trial {
  readonly fitted: readonly HeadExample[];
  readonly judged: readonly HeadExample[];
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
  const trials: readonly Trial[] =
    chosenOn === "validation"
      ? [{ fitted: train, judged: validation }]
      : foldsOf(train, seed).map(({ fitted, judged }) => ({ fitted, judged: [...judged, ...validation] }));
  const descending = [...strengths].sort((a, b) => b - a);
  const losses = new Map<number, number>();
  for (const { fitted, judged } of descending.length > 1 ? trials : []) {
    let from: LinearHead | undefined;
    // From the strongest on: each begins near its end.
    for (const strength of descending) {
      await nextTurn();
      signal?.throwIfAborted();
      const head = fitHead(task, fitted, {
        width,
        strength,
        tolerance: TRIAL_TOLERANCE,
        ...(from && { from }),
      });
      const loss = judged.reduce((sum, example) => sum + lossOf(task, head, example), 0);
      from = head;
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
  const head = fitHead(task, train, { width, strength });
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

/** For examples that cannot be divided, such as those of a single recording. */
const DEFAULT_STRENGTH = 0.3;

/** Fifths of the examples, held out one after the other, with groups kept whole; none where there is a single group. */
function foldsOf(examples: readonly HeadExample[], seed: number): readonly Trial[] {
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

interface FitOptions {
  readonly width: number;
  readonly strength: number;
  readonly tolerance?: number;
  readonly from?: LinearHead;
}

/** Each window of an example has the same part of the example's weight. */
function fitHead(
  task: Task,
  examples: readonly HeadExample[],
  { width, strength, ...search }: FitOptions,
): LinearHead {
  const [{ target }] = examples;
  const length = examples.reduce((sum, { rows }) => sum + rows.length / width, 0);
  const data = new Float32Array(length * width);
  const targets = new Float32Array(length * target.length);
  const sampleWeight = new Float32Array(length);
  let at = 0;
  for (const { rows, target: own, weight } of examples) {
    const windows = rows.length / width;
    data.set(rows, at * width);
    for (let window = 0; window < windows; window++) targets.set(own, (at + window) * own.length);
    sampleWeight.fill(weight / windows, at, at + windows);
    at += windows;
  }
  return fitLinearHead(
    { shape: [length, width], data },
    { shape: [length, target.length], data: targets },
    { loss: LOSSES[task], l2: strength, sampleWeight, ...search },
  );
}

/** The loss of the head's answer to an example, times the example's weight. */
function lossOf(task: Task, head: LinearHead, example: HeadExample): number {
  return example.weight * windowLoss(task, answerOf(task, head, example), example.target);
}

/** The head's answer to an example: the mean over its windows. */
export function answerOf(
  task: Task,
  { kernel, bias }: Pick<LinearHead, "kernel" | "bias">,
  { rows }: Pick<HeadExample, "rows">,
): Float32Array {
  const [width, outputs] = kernel.shape;
  const windows = rows.length / width;
  const raw = new Float32Array(windows * outputs);
  for (let window = 0; window < windows; window++) {
    const answers = Float64Array.from(bias.data);
    for (let i = 0; i < width; i++) {
      const value = rows[window * width + i];
      for (let output = 0; output < outputs; output++)
        answers[output] += value * kernel.data[i * outputs + output];
    }
    raw.set(answers, window * outputs);
  }
  return clipOutputs(windowOutputs(task, { shape: [windows, outputs], data: raw }));
}

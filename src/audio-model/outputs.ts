/** @file From a network's last layer to what a model says: about a window, and about a clip of several. Browser-safe. */

import type { Task } from "../data/collection/collection.ts";
import { outputPredictions } from "../nn/metrics/clip-predictions.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { AudioDescription } from "./description.ts";

/**
 * Turns a network's outputs, `[windows, outputs]` row-major, into predictions for each window.
 * @returns for each window probabilities with sum 1 (classification: softmax), one probability for each tag (tagging:
 * sigmoid), or the numbers as they are (regression)
 */
export function windowOutputs(task: Task, raw: FloatArray): Float32Array[] {
  const [windows, outputs] = raw.shape;
  const values = outputPredictions(raw, ACTIVATIONS[task]);
  return Array.from({ length: windows }, (_, window) =>
    Float32Array.from(values.subarray(window * outputs, (window + 1) * outputs)),
  );
}

const ACTIVATIONS = { classification: "softmax", tagging: "sigmoid", regression: "linear" } as const;

/** A model's prediction for a clip: the mean over its windows. */
export function clipOutputs(windows: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(windows[0].length);
  for (const window of windows) window.forEach((value, i) => (sums[i] += value));
  return Float32Array.from(sums, (sum) => sum / windows.length);
}

/** A network's outputs in the units of the targets; `scale` as {@link AudioDescription} has it. */
export function inTargetUnits(outputs: Float32Array, scale: AudioDescription["targetScale"]): Float32Array {
  return scale ? outputs.map((value, i) => value * scale[i].deviation + scale[i].mean) : outputs;
}

/** The index of the largest; the first of equals. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** The least that is taken the logarithm of: a probability of 0 would make one mistake infinitely bad. */
const LEAST_PROBABILITY = 1e-12;

/**
 * The loss of one window: cross entropy in nats (classification), the mean of the binary ones over the tags (tagging), or the
 * mean squared error (regression).
 */
export function windowLoss(task: Task, outputs: Float32Array, target: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < target.length; i++) {
    if (task === "regression") sum += (outputs[i] - target[i]) ** 2;
    else {
      sum -= target[i] * logarithm(outputs[i]);
      if (task === "tagging") sum -= (1 - target[i]) * logarithm(1 - outputs[i]);
    }
  }
  return task === "classification" ? sum : sum / target.length;
}

function logarithm(probability: number): number {
  return Math.log(Math.max(probability, LEAST_PROBABILITY));
}

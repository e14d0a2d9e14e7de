/** @file The losses that the lesson compares. */
import type { Tensor } from "auricle";
import { logSoftmax, mean, multiply, negative, sum } from "auricle/ops";

export type LossName = "crossEntropy" | "squared" | "twice" | "own";

export const LOSS_NAMES: readonly LossName[] = ["crossEntropy", "squared", "twice", "own"];

/** The classes that the four outputs of the lesson stand for. */
export const CLASS_NAMES = ["guitar", "piano", "drums", "voice"] as const;

export const LOSS_TITLES: Readonly<{ [Name in LossName]: string }> = {
  crossEntropy: "softmax, cross-entropy",
  squared: "linear, squared error",
  twice: "softmax twice",
  own: "yours",
};

/** Colours by Okabe and Ito, and strokes beside them. */
export const LOSS_LINES: Readonly<{
  [Name in LossName]: { readonly color: string; readonly dash: readonly number[] };
}> = {
  crossEntropy: { color: "#009E73", dash: [] },
  squared: { color: "#0072B2", dash: [8, 3] },
  twice: { color: "#D55E00", dash: [2, 3] },
  own: { color: "#CC79A7", dash: [10, 3, 2, 3] },
};

/**
 * The mean over examples of -Σ y · log softmax(z).
 * @param y [N, classes], 1 for the right class
 * @param z [N, classes]
 */
export function crossEntropyOf(y: Tensor, z: Tensor): Tensor {
  return mean(negative(sum(multiply(y, logSoftmax(z)), -1)));
}

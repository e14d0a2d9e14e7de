/** @file The loss of an untrained model, beside the loss of guessing. Browser-safe. */

import type { Task } from "../data/collection/collection.ts";

/** The loss before the first step of a training. */
export interface InitialLoss {
  readonly loss: number;
  /** The part of the data that it was measured on. */
  readonly part: "validation" | "training";
  /** That of a model whose outputs are all alike; undefined where that is not known. */
  readonly expected: number | undefined;
  /** Where `expected` comes from, such as "ln 10, that of guessing among 10 classes". */
  readonly reason: string;
}

/** Returns the loss for outputs near 0, those of an untrained network with a well-scaled input. */
export function expectedLoss(task: Task, classes: number): Pick<InitialLoss, "expected" | "reason"> {
  switch (task) {
    case "classification":
      return { expected: Math.log(classes), reason: `ln ${classes}, guessing among ${classes} classes` };
    case "tagging":
      return { expected: Math.LN2, reason: "ln 2, guessing each tag" };
    case "regression":
      return { expected: 1, reason: "predicting the mean" };
  }
}

/** How many times the expected loss is so much that it is worth a word. */
const FAR = 3;

/** One line, or two where the loss is far from what is expected. */
export function describeInitialLoss({ loss, part, expected, reason }: InitialLoss): string {
  const about = `Loss before training: ${loss.toFixed(4)} on the ${part} part`;
  if (expected === undefined) return `${about}.`;
  const line = `${about}; expected near ${expected.toFixed(4)} (${reason}).`;
  if (loss < FAR * expected) return line;
  return (
    `${line} It is far above: the first outputs are large, which often means that the input is not normalised. The ` +
    "first epochs will only make them smaller."
  );
}

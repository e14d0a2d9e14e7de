/** @file How the answers of a run to its test part compare with the truth: by class, by tag, by number. */
import type { TestedExample } from "./served-runs.ts";

type Answered = Pick<TestedExample, "truth" | "outputs">;

/** The class with the greatest probability. */
export function answerOf({ outputs }: Pick<Answered, "outputs">): number {
  return outputs.indexOf(Math.max(...outputs));
}

/** Counts of answers, [truth, answer]. */
export function confusionOf(examples: readonly Answered[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const example of examples) {
    const row = counts[example.truth[0]];
    const answer = answerOf(example);
    if (row?.[answer] !== undefined) row[answer]++;
  }
  return counts;
}

/** The probability from which on a tag counts as answered. */
export const THRESHOLD = 0.5;

/** Where an example stands with a tag. */
export type TagCase = "hit" | "miss" | "false alarm" | "rightly not";

export function tagCase({ truth, outputs }: Answered, tag: number, threshold = THRESHOLD): TagCase {
  const [has, said] = [truth[tag] >= 0.5, outputs[tag] >= threshold];
  if (has) return said ? "hit" : "miss";
  return said ? "false alarm" : "rightly not";
}

export interface TagFigures {
  readonly counts: Readonly<Record<TagCase, number>>;
  /** The share of those answered that has the tag; NaN where none was answered. */
  readonly precision: number;
  /** The share of those that have the tag that was answered; NaN where none has it. */
  readonly recall: number;
}

export function tagFigures(examples: readonly Answered[], tag: number, threshold = THRESHOLD): TagFigures {
  const counts: Record<TagCase, number> = { hit: 0, miss: 0, "false alarm": 0, "rightly not": 0 };
  for (const example of examples) counts[tagCase(example, tag, threshold)]++;
  return {
    counts,
    precision: counts.hit / (counts.hit + counts["false alarm"]),
    recall: counts.hit / (counts.hit + counts.miss),
  };
}

export interface NumberFigures {
  /** The mean of the errors' sizes. */
  readonly meanError: number;
  /** The same of always answering the mean of the true numbers. */
  readonly baseline: number;
}

export function numberFigures(examples: readonly Answered[], output: number): NumberFigures {
  const mean = (of: (example: Answered) => number) =>
    examples.reduce((sum, example) => sum + of(example), 0) / examples.length;
  const middle = mean(({ truth }) => truth[output]);
  return {
    meanError: mean(({ truth, outputs }) => Math.abs(outputs[output] - truth[output])),
    baseline: mean(({ truth }) => Math.abs(truth[output] - middle)),
  };
}

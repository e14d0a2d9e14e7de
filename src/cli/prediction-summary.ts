/** @file A summary of one command's predictions: the number for each class, and the number of unreadable files. */

import { compareNames } from "../io/natural-order.ts";
import { colorsOf, type TextStream } from "./terminal.ts";
import { formatCount, formatPercent, formatTable, printable, shorten } from "./text.ts";

const SILENT = "silent";
const NO_TAG = "no tag";

/** One prediction, as it is counted. */
export interface CountedPrediction {
  /** The class, or the tags; absent for numbers. */
  readonly labels?: readonly string[];
  /** The numbers of a regression, by name. */
  readonly values?: Readonly<Record<string, number>>;
  readonly isSilent?: boolean;
  /** The part of the training data that it was in. */
  readonly heardIn?: "training" | "validation";
  /** Whether the class is the true one; absent where that is not known. */
  readonly isRight?: boolean;
}

export class PredictionSummary {
  private readonly counts = new Map<string, number>();
  private readonly values = new Map<string, number[]>();
  private readonly known = { training: 0, validation: 0 };
  private readonly right = { is: 0, of: 0 };
  private unread = 0;
  private predicted = 0;
  private readonly noun: string;

  /** @param noun the predicted things, in the plural */
  constructor(noun: "recordings" | "images") {
    this.noun = noun;
  }

  add({ labels, values, isSilent = false, heardIn, isRight }: CountedPrediction): void {
    this.predicted++;
    if (heardIn) this.known[heardIn]++;
    if (isRight !== undefined) {
      this.right.of++;
      this.right.is += Number(isRight);
    }
    if (isSilent) this.count(SILENT);
    else if (labels) for (const label of labels.length > 0 ? labels : [NO_TAG]) this.count(label);
    else {
      for (const [name, value] of Object.entries(values ?? {})) {
        this.values.set(name, [...(this.values.get(name) ?? []), value]);
      }
    }
  }

  /** Counts one that could not be read. */
  addUnread(): void {
    this.unread++;
  }

  /** Lines; none for fewer predictions than `least`, which can be seen at a glance. */
  format(stream: TextStream, least = 2): string[] {
    const all = this.predicted + this.unread;
    if (all < least) return [];
    const { bold } = colorsOf(stream);
    const rows = [...this.counts]
      .sort(([a, n], [b, m]) => m - n || compareNames(a, b))
      .map(([name, count]) => this.rowOf(name, count));
    const ranges = [...this.values].map(([name, values]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const [low, middle, high] = [Math.min(...values), mean, Math.max(...values)].map((value) =>
        value.toPrecision(5),
      );
      return `  ${shorten(printable(name), 30)}: ${low} … ${high}, mean ${middle}`;
    });
    return [
      "",
      bold(`Summary: ${formatCount(this.predicted)} of ${formatCount(all)} ${this.noun} predicted`),
      ...formatTable(rows),
      ...ranges,
      ...this.remarks(),
    ];
  }

  private rowOf(name: string, count: number): string[] {
    const share = formatPercent(count / this.predicted, 1);
    return [`  ${shorten(printable(name), 40)}`, formatCount(count), share];
  }

  private remarks(): string[] {
    const { training, validation } = this.known;
    const { is, of } = this.right;
    return [
      ...(of > 0 ? [`Classified correctly: ${formatCount(is)} of ${formatCount(of)}.`] : []),
      ...(training > 0 ? [`The model was trained on ${formatCount(training)} of them.`] : []),
      ...(validation > 0 ? [`The model was selected on ${formatCount(validation)} of them.`] : []),
      ...(this.unread > 0 ? [`Could not be read: ${formatCount(this.unread)}.`] : []),
    ];
  }

  private count(label: string): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }
}

/** @file One example's result in the words of the page, whatever the task: right or wrong, how surely, and why. Browser-safe. */

import { formatNumber, formatPercent } from "./format.ts";
import type { ExampleResult, Evaluation, OutputScores } from "./report-data.ts";

/** A row of the strip over time, or a bar: one class, tag or number. */
export interface OutputView {
  /** Its place in {@link ExampleResult.outputs}. */
  readonly index: number;
  readonly name: string;
  /** The true class, the predicted class, or another. */
  readonly role: "right" | "wrong" | "other";
}

/** Examples that are opened together: a cell of the confusion matrix. */
export interface ExampleGroup {
  /** Part of the page's addresses: "test-3-5". */
  readonly key: string;
  /** "jazz taken for blues". */
  readonly title: string;
}

export interface ExampleView {
  /** Part of the page's addresses: "test-12". */
  readonly key: string;
  readonly result: ExampleResult;
  readonly isWrong: boolean;
  /** Greater is worse among the wrong, and surer among the right: the predicted class's probability, or the error. */
  readonly weight: number;
  /** The true and the predicted answer, in one line. */
  readonly verdict: string;
  /** The class index it is counted under, so that the right ones shown are of every class. */
  readonly label: number;
  readonly groups: readonly ExampleGroup[];
  /** At most {@link OUTPUTS_SHOWN}. */
  readonly outputs: readonly OutputView[];
}

/** Classes of an example that are shown with their probabilities. */
const OUTPUTS_SHOWN = 4;

/** From this probability on, a tag counts as given. */
export const TAG_THRESHOLD = 0.5;

/** Views of an evaluation's examples, in their order. */
export function exampleViews(evaluation: Evaluation): ExampleView[] {
  const part = partKey(evaluation.name);
  return evaluation.results.map((result, i) => {
    const key = `${part}-${i}`;
    if (evaluation.task === "classification") return classified(key, part, result, namesOf(evaluation));
    if (evaluation.task === "tagging") return tagged(key, part, result, namesOf(evaluation));
    return regressed(key, part, result, evaluation.outputs);
  });
}

/** Names of an evaluation's classes, tags or numbers. */
export function namesOf(evaluation: Evaluation): string[] {
  if (evaluation.task === "classification") return evaluation.classes.map(({ name }) => name);
  return (evaluation.task === "tagging" ? evaluation.tags : evaluation.outputs).map(({ name }) => name);
}

/** A name that can be part of an address within the page. */
export function partKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** The group of the examples of one class that were taken for another, or for itself. */
export function cellGroup(
  part: string,
  names: readonly string[],
  truth: number,
  guess: number,
): ExampleGroup {
  const title =
    truth === guess
      ? `${names[truth]}, classified correctly`
      : `${names[truth]} classified as ${names[guess]}`;
  return { key: `${part}-${truth}-${guess}`, title };
}

function classified(key: string, part: string, result: ExampleResult, names: readonly string[]): ExampleView {
  const [label] = result.truth;
  const order = descending(result.outputs);
  const guess = order[0];
  const isWrong = guess !== label;
  const sure = formatPercent(result.outputs[guess]);
  const shown = [...new Set([guess, label, ...order])].slice(0, OUTPUTS_SHOWN);
  return {
    key,
    result,
    isWrong,
    weight: result.outputs[guess],
    verdict: isWrong
      ? `${names[label]} classified as ${names[guess]}, probability ${sure}`
      : `${names[label]}, classified correctly, probability ${sure}`,
    label,
    groups: [cellGroup(part, names, label, guess)],
    outputs: shown.map((index) => ({
      index,
      name: names[index],
      role: index === label ? "right" : index === guess ? "wrong" : "other",
    })),
  };
}

/** Tags that are missed, and those that are given and should not be. */
export function tagGroups(
  part: string,
  name: string,
  tag: number,
): { missed: ExampleGroup; false: ExampleGroup } {
  return {
    missed: { key: `${part}-missed-${tag}`, title: `${name} missed` },
    false: { key: `${part}-false-${tag}`, title: `${name} predicted, but absent` },
  };
}

function tagged(key: string, part: string, result: ExampleResult, names: readonly string[]): ExampleView {
  const isTrue = (tag: number) => result.truth.includes(tag);
  const isSaid = (tag: number) => result.outputs[tag] >= TAG_THRESHOLD;
  const all = names.map((_, tag) => tag);
  const wrong = all.filter((tag) => isTrue(tag) !== isSaid(tag));
  const errors = all.map((tag) => Math.abs(result.outputs[tag] - Number(isTrue(tag))));
  const list = (tags: readonly number[]) => tags.map((tag) => names[tag]).join(", ") || "none";
  const shown = [...new Set([...wrong, ...all.filter(isTrue), ...descending(result.outputs)])];
  const greatestError = errors.reduce((a, b) => Math.max(a, b), 0);
  return {
    key,
    result,
    isWrong: wrong.length > 0,
    weight: wrong.length > 0 ? greatestError : 1 - greatestError,
    verdict: `tags: ${list(result.truth)}; said: ${list(all.filter(isSaid))}`,
    label: result.truth[0] ?? -1,
    groups: wrong.map((tag) => tagGroups(part, names[tag], tag)[isTrue(tag) ? "missed" : "false"]),
    outputs: shown.slice(0, OUTPUTS_SHOWN).map((tag) => ({
      index: tag,
      name: names[tag],
      role: isTrue(tag) ? "right" : isSaid(tag) ? "wrong" : "other",
    })),
  };
}

/** Nothing is right or wrong in a regression; an error greater than the mean one counts as wrong. */
function regressed(
  key: string,
  part: string,
  result: ExampleResult,
  outputs: readonly OutputScores[],
): ExampleView {
  const errors = outputs.map(({ meanAbsoluteError }, i) =>
    meanAbsoluteError > 0 ? Math.abs(result.outputs[i] - result.truth[i]) / meanAbsoluteError : 0,
  );
  const worst = errors.reduce((a, b) => Math.max(a, b), 0);
  const verdict = outputs.map(({ name, unit }, i) => {
    const [truth, guess] = [result.truth[i], result.outputs[i]].map(formatNumber);
    return `${name}: true ${truth}, predicted ${guess}${unit && ` ${unit}`}`;
  });
  return {
    key,
    result,
    isWrong: worst > 1,
    weight: worst > 1 ? worst : -worst,
    verdict: verdict.join("; "),
    label: 0,
    groups: [{ key: `${part}-all`, title: `${part}: all, worst first` }],
    outputs: outputs.slice(0, OUTPUTS_SHOWN).map(({ name }, index) => ({ index, name, role: "other" })),
  };
}

/** Indices from the greatest value to the least; of equal ones, the first comes first. */
function descending(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
}

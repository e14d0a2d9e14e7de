/** @file One clip's result in the words of the page, whatever the task: right or wrong, how surely, and why. Browser-safe. */

import { formatNumber, formatPercent } from "./format.ts";
import type { ClipResult, Evaluation, OutputScores } from "./report-data.ts";

/** A row of the strip over time, or a bar: one class, tag or number. */
export interface OutputView {
  /** Its place in {@link ClipResult.outputs}. */
  readonly index: number;
  readonly name: string;
  /** The true class, the predicted class, or another. */
  readonly role: "right" | "wrong" | "other";
}

/** Clips that are opened together: a cell of the confusion matrix. */
export interface ClipGroup {
  /** Part of the page's addresses: "test-3-5". */
  readonly key: string;
  /** "jazz taken for blues". */
  readonly title: string;
}

export interface ClipView {
  /** Part of the page's addresses: "test-12". */
  readonly key: string;
  readonly clip: ClipResult;
  readonly isWrong: boolean;
  /** Greater is worse among the wrong, and surer among the right: the predicted class's probability, or the error. */
  readonly weight: number;
  /** The true and the predicted answer, in one line. */
  readonly verdict: string;
  /** The class index it is counted under, so that the right ones shown are of every class. */
  readonly label: number;
  readonly groups: readonly ClipGroup[];
  /** At most {@link OUTPUTS_SHOWN}. */
  readonly outputs: readonly OutputView[];
}

/** Classes of a clip that are shown with their probabilities. */
const OUTPUTS_SHOWN = 4;

/** From this probability on, a tag counts as given. */
export const TAG_THRESHOLD = 0.5;

/** Views of an evaluation's clips, in their order. */
export function clipViews(evaluation: Evaluation): ClipView[] {
  const part = partKey(evaluation.name);
  return evaluation.clips.map((clip, i) => {
    const key = `${part}-${i}`;
    if (evaluation.task === "classification") return classified(key, part, clip, namesOf(evaluation));
    if (evaluation.task === "tagging") return tagged(key, part, clip, namesOf(evaluation));
    return regressed(key, part, clip, evaluation.outputs);
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

/** The group of the clips of one class that were taken for another, or for itself. */
export function cellGroup(part: string, names: readonly string[], truth: number, guess: number): ClipGroup {
  const title =
    truth === guess
      ? `${names[truth]}, classified correctly`
      : `${names[truth]} classified as ${names[guess]}`;
  return { key: `${part}-${truth}-${guess}`, title };
}

function classified(key: string, part: string, clip: ClipResult, names: readonly string[]): ClipView {
  const [label] = clip.truth;
  const order = descending(clip.outputs);
  const guess = order[0];
  const isWrong = guess !== label;
  const sure = formatPercent(clip.outputs[guess]);
  const shown = [...new Set([guess, label, ...order])].slice(0, OUTPUTS_SHOWN);
  return {
    key,
    clip,
    isWrong,
    weight: clip.outputs[guess],
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
export function tagGroups(part: string, name: string, tag: number): { missed: ClipGroup; false: ClipGroup } {
  return {
    missed: { key: `${part}-missed-${tag}`, title: `${name} missed` },
    false: { key: `${part}-false-${tag}`, title: `${name} predicted, but absent` },
  };
}

function tagged(key: string, part: string, clip: ClipResult, names: readonly string[]): ClipView {
  const isTrue = (tag: number) => clip.truth.includes(tag);
  const isSaid = (tag: number) => clip.outputs[tag] >= TAG_THRESHOLD;
  const all = names.map((_, tag) => tag);
  const wrong = all.filter((tag) => isTrue(tag) !== isSaid(tag));
  const errors = all.map((tag) => Math.abs(clip.outputs[tag] - Number(isTrue(tag))));
  const list = (tags: readonly number[]) => tags.map((tag) => names[tag]).join(", ") || "none";
  const shown = [...new Set([...wrong, ...all.filter(isTrue), ...descending(clip.outputs)])];
  const greatestError = errors.reduce((a, b) => Math.max(a, b), 0);
  return {
    key,
    clip,
    isWrong: wrong.length > 0,
    weight: wrong.length > 0 ? greatestError : 1 - greatestError,
    verdict: `tags: ${list(clip.truth)}; said: ${list(all.filter(isSaid))}`,
    label: clip.truth[0] ?? -1,
    groups: wrong.map((tag) => tagGroups(part, names[tag], tag)[isTrue(tag) ? "missed" : "false"]),
    outputs: shown.slice(0, OUTPUTS_SHOWN).map((tag) => ({
      index: tag,
      name: names[tag],
      role: isTrue(tag) ? "right" : isSaid(tag) ? "wrong" : "other",
    })),
  };
}

/** Nothing is right or wrong in a regression; an error greater than the mean one counts as wrong. */
function regressed(key: string, part: string, clip: ClipResult, outputs: readonly OutputScores[]): ClipView {
  const errors = outputs.map(({ meanAbsoluteError }, i) =>
    meanAbsoluteError > 0 ? Math.abs(clip.outputs[i] - clip.truth[i]) / meanAbsoluteError : 0,
  );
  const worst = errors.reduce((a, b) => Math.max(a, b), 0);
  const verdict = outputs.map(({ name, unit }, i) => {
    const [truth, guess] = [clip.truth[i], clip.outputs[i]].map(formatNumber);
    return `${name}: true ${truth}, predicted ${guess}${unit && ` ${unit}`}`;
  });
  return {
    key,
    clip,
    isWrong: worst > 1,
    weight: worst > 1 ? worst : -worst,
    verdict: verdict.join("; "),
    label: 0,
    groups: [{ key: `${part}-all`, title: `${part}: all clips` }],
    outputs: outputs.slice(0, OUTPUTS_SHOWN).map(({ name }, index) => ({ index, name, role: "other" })),
  };
}

/** Indices from the greatest value to the least; of equal ones, the first comes first. */
function descending(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
}

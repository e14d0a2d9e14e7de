/** @file Makes a collection of what a folder, a list or a data set's own files say. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { AudioClip, AudioCollection, FileProblem, SplitRole, Task } from "./collection.ts";

/** One clip as its source describes it. */
export interface ClipEntry {
  /** The path below the collection's folder, with `/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Seconds. */
  readonly start?: number;
  readonly end?: number;
  /** One class, or any number of tags. */
  readonly labels?: readonly string[];
  /** In a regression. */
  readonly numbers?: readonly number[];
  /** Default: its name, so that parts of one file are a group. */
  readonly group?: string;
  readonly split?: SplitRole;
  /** From 0. */
  readonly fold?: number;
}

export interface BuildOptions {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly task: Task;
  /** Default: the labels that occur, sorted. For a regression, which needs it, the names of the numbers. */
  readonly classNames?: readonly string[];
  readonly entries: readonly ClipEntry[];
  readonly problems: readonly FileProblem[];
  readonly notes?: readonly string[];
  readonly officialLeaks?: string;
}

/** @throws AuricleError "data" when nothing is left that a model could learn from. */
export function buildCollection(options: BuildOptions): AudioCollection {
  const { name, folder, task, entries, problems, notes = [], officialLeaks } = options;
  if (entries.length === 0) throw nothingLeft(options);
  const classNames =
    options.classNames ?? [...new Set(entries.flatMap((entry) => entry.labels ?? []))].sort();
  if (task === "classification" && classNames.length < 2) {
    throw new AuricleError(
      "data",
      `${folder}: all recordings are of one class, "${classNames.join()}"; a classifier needs at least two to tell ` +
        `apart`,
    );
  }
  if (task === "tagging" && classNames.length === 0) {
    throw new AuricleError("data", `${folder}: no recording has a tag; at least one tag is needed`);
  }
  const clips = describeClips(entries, task, classNames);
  const folds = entries.flatMap(({ fold }) => (fold === undefined ? [] : [fold]));
  return {
    name,
    folder,
    task,
    classNames,
    clips,
    problems,
    notes: [...notes, ...warnOfSingles(clips, task, classNames)],
    ...(officialLeaks !== undefined && { officialLeaks }),
    ...(folds.length === clips.length && { folds }),
  };
}

function nothingLeft({ folder, problems, notes = [] }: BuildOptions): AuricleError {
  const [first] = problems;
  const reason = first
    ? `none of the ${problems.length} recordings can be used; the first, ${first.path}: ${first.problem}`
    : ["there are no recordings", ...notes].join(". ");
  return new AuricleError("data", `${folder}: ${reason}`);
}

function describeClips(
  entries: readonly ClipEntry[],
  task: Task,
  classNames: readonly string[],
): AudioClip[] {
  const indexOf = new Map(classNames.map((className, index) => [className, index]));
  const classIndex = (label: string) => {
    const index = indexOf.get(label);
    if (index === undefined)
      throw new AuricleError("data", `"${label}" is none of: ${classNames.join(", ")}`);
    return index;
  };
  // Clips of a class share their target: a large collection has hundreds of thousands.
  const oneHot = classNames.map((_, index) => classNames.map((__, i) => (i === index ? 1 : 0)));
  const targets = oneHot.map((row) => Float32Array.from(row));
  return entries.map((entry) => {
    const { name, path, start = 0, end, labels = [], numbers = [], group = name, split } = entry;
    const isPart = start > 0 || end !== undefined;
    const about = { id: isPart ? `${name}#${start}-${end ?? ""}` : name, path, start, end, group, split };
    if (task === "regression") return { ...about, target: Float32Array.from(numbers), label: -1 };
    const indices = labels.map(classIndex);
    if (task === "classification") return { ...about, target: targets[indices[0]], label: indices[0] };
    const target = new Float32Array(classNames.length);
    for (const index of indices) target[index] = 1;
    return { ...about, target, label: -1 };
  });
}

function warnOfSingles(clips: readonly AudioClip[], task: Task, classNames: readonly string[]): string[] {
  if (task !== "classification") return [];
  const counts = new Uint32Array(classNames.length);
  for (const { label } of clips) counts[label]++;
  const singles = classNames.filter((_, index) => counts[index] === 1);
  if (singles.length === 0) return [];
  const shown = singles.slice(0, 5).map((className) => `"${className}"`);
  const more = singles.length > 5 ? ` and ${singles.length - 5} more` : "";
  return [
    `There is only one recording of ${shown.join(", ")}${more}: it can be trained on or tested, not both; add more`,
  ];
}

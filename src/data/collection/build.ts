/** @file Makes a collection of what a folder, a list or a data set's own files say. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { warnOfLookAlikes } from "./class-names.ts";
import type { AudioClip, AudioCollection } from "../audio/collection.ts";
import type { FileProblem, SplitRole, Task } from "./collection.ts";
import { nameProblems, nameSome } from "./in-words.ts";

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
  /** The clips left out because their files could not be used; these files are among `problems`. Default none. */
  readonly lost?: readonly ClipEntry[];
  readonly problems: readonly FileProblem[];
  readonly notes?: readonly string[];
  readonly officialLeaks?: string;
}

/** @throws AuricleError "data" when nothing is left that a model could learn from. */
export function buildCollection(options: BuildOptions): AudioCollection {
  const { name, folder, task, entries, lost = [], problems, notes = [], officialLeaks } = options;
  if (entries.length === 0) throw nothingLeft(options);
  const classNames =
    options.classNames ?? [...new Set(entries.flatMap((entry) => entry.labels ?? []))].sort();
  if (task === "classification" && classNames.length < 2) {
    throw oneClass(options, classNames[0]);
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
    notes: [
      ...notes,
      ...warnOfLost(classNames, lost, problems),
      ...(task === "regression" ? [] : warnOfLookAlikes(classNames, countsOf(clips, classNames.length))),
      ...warnOfSingles(clips, task, classNames),
    ],
    ...(officialLeaks !== undefined && { officialLeaks }),
    ...(folds.length === clips.length && { folds }),
  };
}

function oneClass({ folder, lost = [], problems }: BuildOptions, className: string): AuricleError {
  const others = [...new Set(lost.flatMap((entry) => entry.labels ?? []))].filter(
    (label) => label !== className,
  );
  if (others.length === 0) {
    return new AuricleError(
      "data",
      `${folder}: all recordings are of one class, "${className}"; a classifier needs at least two classes`,
    );
  }
  const theirs = problemsOf(
    lost.filter(({ labels = [] }) => labels[0] !== className),
    problems,
  );
  return new AuricleError(
    "data",
    `${folder}: only recordings of "${className}" can be used; a classifier needs at least two classes to tell apart. ` +
      `All ${theirs.length} files of ${nameSome(others)} are left out: ${nameProblems(theirs)}`,
  );
}

function problemsOf(entries: readonly ClipEntry[], problems: readonly FileProblem[]): FileProblem[] {
  const paths = new Set(entries.map(({ path }) => path));
  return problems.filter(({ path }) => paths.has(path));
}

/** Classes or tags of which nothing is left: a model will not know them. */
function warnOfLost(
  classNames: readonly string[],
  lost: readonly ClipEntry[],
  problems: readonly FileProblem[],
): string[] {
  const left = new Set(classNames);
  const gone = lost.filter(({ labels = [] }) => labels.some((label) => !left.has(label)));
  if (gone.length === 0) return [];
  const names = [...new Set(gone.flatMap(({ labels = [] }) => labels.filter((label) => !left.has(label))))];
  const files = problemsOf(gone, problems);
  return [
    `No recording of ${nameSome(names)} can be used, so a model cannot learn ${names.length === 1 ? "it" : "them"}: ` +
      nameProblems(files),
  ];
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

function countsOf(clips: readonly AudioClip[], classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const { target } of clips) {
    for (let index = 0; index < classes; index++) if (target[index] > 0) counts[index]++;
  }
  return counts;
}

function warnOfSingles(clips: readonly AudioClip[], task: Task, classNames: readonly string[]): string[] {
  if (task !== "classification") return [];
  const counts = new Uint32Array(classNames.length);
  for (const { label } of clips) counts[label]++;
  const singles = classNames.filter((_, index) => counts[index] === 1);
  if (singles.length === 0) return [];
  return [
    `There is only one recording of ${nameSome(singles)}: it can serve training or the test, not both; add more`,
  ];
}

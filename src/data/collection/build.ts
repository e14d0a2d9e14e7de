/** @file Makes a collection of what a folder, a list or a data set's own files say. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { warnOfLookAlikes } from "./class-names.ts";
import type { Entry, ExampleKind } from "./entry.ts";
import type { Collection, Example, FileProblem, Task } from "./collection.ts";
import { nameProblems, nameSome } from "./in-words.ts";

import type { MediumWords } from "./words.ts";

export interface BuildOptions<F extends object = object> {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly task: Task;
  /** Default: the labels that occur, sorted. For a regression, which needs it, the names of the numbers. */
  readonly classNames?: readonly string[];
  readonly entries: readonly (Entry & F)[];
  /** The examples left out because their files could not be used; these files are among `problems`. Default none. */
  readonly lost?: readonly Entry[];
  readonly problems: readonly FileProblem[];
  readonly notes?: readonly string[];
  readonly officialLeaks?: string;
}

/** @throws AuricleError "data" when nothing is left that a model could learn from. */
export function buildCollection<F extends object, E extends Example>(
  kind: ExampleKind<F, E>,
  options: BuildOptions<F>,
): Collection<E> {
  const { words } = kind;
  const { name, folder, task, entries, lost = [], problems, notes = [], officialLeaks } = options;
  if (entries.length === 0) throw nothingLeft(options, words);
  const classNames =
    options.classNames ?? [...new Set(entries.flatMap((entry) => entry.labels ?? []))].sort();
  if (task === "classification" && classNames.length < 2) {
    throw oneClass(options, words, classNames[0]);
  }
  if (task === "tagging" && classNames.length === 0) {
    throw new AuricleError("data", `${folder}: no ${words.file} has a tag; at least one tag is needed`);
  }
  const examples = describeExamples(kind, entries, task, classNames);
  const folds = entries.flatMap(({ fold }) => (fold === undefined ? [] : [fold]));
  return {
    name,
    folder,
    task,
    classNames,
    words,
    examples,
    problems,
    notes: [
      ...notes,
      ...warnOfLost(classNames, lost, problems, words),
      ...(task === "regression" ? [] : warnOfLookAlikes(classNames, countsOf(examples, classNames.length))),
      ...warnOfSingles(examples, task, classNames, words),
    ],
    ...(officialLeaks !== undefined && { officialLeaks }),
    ...(folds.length === examples.length && { folds }),
  };
}

function oneClass(
  { folder, lost = [], problems }: BuildOptions,
  { files }: MediumWords,
  className: string,
): AuricleError {
  const others = [...new Set(lost.flatMap((entry) => entry.labels ?? []))].filter(
    (label) => label !== className,
  );
  if (others.length === 0) {
    return new AuricleError(
      "data",
      `${folder}: all ${files} are of one class, "${className}"; a classifier needs at least two classes`,
    );
  }
  const theirs = problemsOf(
    lost.filter(({ labels = [] }) => labels[0] !== className),
    problems,
  );
  return new AuricleError(
    "data",
    `${folder}: only ${files} of "${className}" can be used; a classifier needs at least two classes to tell apart. ` +
      `All ${theirs.length} files of ${nameSome(others)} are left out: ${nameProblems(theirs)}`,
  );
}

function problemsOf(entries: readonly Entry[], problems: readonly FileProblem[]): FileProblem[] {
  const paths = new Set(entries.map(({ path }) => path));
  return problems.filter(({ path }) => paths.has(path));
}

/** Classes or tags of which nothing is left: a model will not know them. */
function warnOfLost(
  classNames: readonly string[],
  lost: readonly Entry[],
  problems: readonly FileProblem[],
  words: MediumWords,
): string[] {
  const left = new Set(classNames);
  const gone = lost.filter(({ labels = [] }) => labels.some((label) => !left.has(label)));
  if (gone.length === 0) return [];
  const names = [...new Set(gone.flatMap(({ labels = [] }) => labels.filter((label) => !left.has(label))))];
  const files = problemsOf(gone, problems);
  return [
    `No ${words.file} of ${nameSome(names)} can be used, so a model cannot learn ${names.length === 1 ? "it" : "them"}: ` +
      nameProblems(files),
  ];
}

function nothingLeft({ folder, problems, notes = [] }: BuildOptions, { files }: MediumWords): AuricleError {
  const [first] = problems;
  const reason = first
    ? `none of the ${problems.length} ${files} can be used; the first, ${first.path}: ${first.problem}`
    : [`there are no ${files}`, ...notes].join(". ");
  return new AuricleError("data", `${folder}: ${reason}`);
}

function describeExamples<F extends object, E extends Example>(
  kind: ExampleKind<F, E>,
  entries: readonly (Entry & F)[],
  task: Task,
  classNames: readonly string[],
): E[] {
  const indexOf = new Map(classNames.map((className, index) => [className, index]));
  const classIndex = (label: string) => {
    const index = indexOf.get(label);
    if (index === undefined)
      throw new AuricleError("data", `"${label}" is none of: ${classNames.join(", ")}`);
    return index;
  };
  // Examples of a class share their target: a large collection has hundreds of thousands.
  const oneHot = classNames.map((_, index) => classNames.map((__, i) => (i === index ? 1 : 0)));
  const targets = oneHot.map((row) => Float32Array.from(row));
  const targetOf = ({ labels = [], numbers = [] }: Entry): Pick<Example, "target" | "label"> => {
    if (task === "regression") return { target: Float32Array.from(numbers), label: -1 };
    const indices = labels.map(classIndex);
    if (task === "classification") return { target: targets[indices[0]], label: indices[0] };
    const target = new Float32Array(classNames.length);
    for (const index of indices) target[index] = 1;
    return { target, label: -1 };
  };
  return entries.map((entry) => {
    const { name, path, index, group = name, split } = entry;
    const about = { id: name, path, ...(index !== undefined && { index }), group, split };
    return kind.describe(entry, { ...about, ...targetOf(entry) });
  });
}

function countsOf(examples: readonly Example[], classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const { target } of examples) {
    for (let index = 0; index < classes; index++) if (target[index] > 0) counts[index]++;
  }
  return counts;
}

function warnOfSingles(
  examples: readonly Example[],
  task: Task,
  classNames: readonly string[],
  { file }: MediumWords,
): string[] {
  if (task !== "classification") return [];
  const counts = new Uint32Array(classNames.length);
  for (const { label } of examples) counts[label]++;
  const singles = classNames.filter((_, index) => counts[index] === 1);
  if (singles.length === 0) return [];
  return [
    `There is only one ${file} of ${nameSome(singles)}: it can serve training or the test, not both; add more`,
  ];
}

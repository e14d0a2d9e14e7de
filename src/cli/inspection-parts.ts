/** @file The parts of an inspection that are the same for recordings and pictures, as text for the terminal. */

import {
  nameUntrained,
  SPLIT_ROLES,
  type ExampleLink,
  type FileProblem,
  type Leak,
  type MediumWords,
} from "../data/collection/index.ts";
import type { Findings } from "../data/collection/findings.ts";
import type { SplitCheck } from "../data/collection/split/check-split.ts";
import { leakDescriber } from "../data/collection/split/leaks.ts";
import type { NumberSummary, ValueCount } from "../data/collection/summary.ts";
import { compareNames } from "../io/natural-order.ts";
import { quoted } from "../runs/index.ts";
import { commandName } from "./command-name.ts";
import { MOST_LISTED, type ReportWriter } from "./report-writer.ts";
import type { TextStream } from "./terminal.ts";
import { displayWidth, formatCount, formatTable, padEnd, printable, shortenStart } from "./text.ts";

export interface InspectionReportOptions {
  /** As the user named the data. */
  readonly data: string;
  /** Where the text will be shown. */
  readonly stream: TextStream;
}

interface KindedProblem extends FileProblem {
  readonly kind: string;
}

type AnyFindings = Findings<KindedProblem, ExampleLink>;

/** Whether nothing at all was found that may be wrong. Notes do not count. */
export function isFlawless({ problems, duplicates = [], conflicts, split }: AnyFindings): boolean {
  const found = problems.length + duplicates.length + conflicts.length + (split?.leaks.length ?? 0);
  const untrained = split?.untrained.length ?? 0;
  return found + untrained === 0 && split !== undefined;
}

export function formatCounts<T>(counts: readonly ValueCount<T>[], name: (value: T) => string): string {
  if (counts.length === 1) return name(counts[0].value);
  const shown = counts
    .slice(0, MOST_LISTED)
    .map(({ value, files }) => `${name(value)}: ${formatCount(files)}`);
  return [...shown, ...(counts.length > MOST_LISTED ? ["…"] : [])].join("; ");
}

/** Writes a row for each class, as many as a list names, between the heads of the columns and the row of all. */
export function writeClasses(
  writer: ReportWriter,
  header: readonly string[],
  classes: readonly (readonly string[])[],
  all: readonly string[],
): void {
  const table = formatTable([header, ...classes, all]);
  writer.line(table[0]);
  writer.list(table.slice(1, -1), (row) => writer.line(row), "");
  writer.line(table[table.length - 1]);
  writer.gap();
}

/** Writes the range and the mean of each number of a regression. */
export function writeNumbers(writer: ReportWriter, numbers: readonly NumberSummary[]): void {
  for (const { name, ...figures } of numbers) {
    const [min, mean, max] = [figures.min, figures.mean, figures.max].map((value) => value.toPrecision(4));
    writer.paragraph(`${min} … ${max}, mean ${mean}`, padEnd(printable(name), 10));
  }
}

export function writeNotes(writer: ReportWriter, notes: readonly string[]): void {
  if (notes.length > 0) writer.heading("Notes");
  for (const note of notes) writer.paragraph(printable(note), "- ");
}

/** @param titles by the kind of problem */
export function writeProblems(
  writer: ReportWriter,
  { problems, folder }: AnyFindings,
  titles: Readonly<Record<string, string>>,
): void {
  if (problems.length === 0) return;
  const files = new Set(problems.map(({ path }) => path)).size;
  writer.heading(`Problems: ${formatCount(problems.length)} in ${plural(files, "file")}`);
  const kinds = new Map<string, KindedProblem[]>();
  const byName = [...problems].sort((a, b) => compareNames(a.path, b.path));
  for (const problem of byName) kinds.set(problem.kind, [...(kinds.get(problem.kind) ?? []), problem]);
  for (const [kind, found] of kinds) {
    writer.line(`  ${titles[kind]}: ${formatCount(found.length)}`);
    writer.list(
      found,
      ({ path, problem }) => {
        const name = nameBelow(folder, path);
        const text = `${name}: ${printable(problem)}`;
        if (displayWidth(text) <= writer.width - 4) writer.line(`    ${text}`);
        else {
          writer.line(`    ${shortenStart(name, writer.width - 5)}:`);
          writer.paragraph(printable(problem), " ".repeat(6));
        }
      },
      " ".repeat(4),
    );
  }
}

/** @param describePair the relation of two, in a few words */
export function writeDuplicates<Pair extends ExampleLink>(
  writer: ReportWriter,
  duplicates: readonly Pair[] | undefined,
  { example }: MediumWords,
  describePair: (pair: Pair) => string,
): void {
  if (!duplicates || duplicates.length === 0) return;
  const clips = new Set(duplicates.flatMap(({ a, b }) => [a, b])).size;
  writer.heading(`Duplicates: ${plural(duplicates.length, "pair")} among ${plural(clips, example)}`);
  const byName = [...duplicates].sort((x, y) => compareNames(x.a, y.a) || compareNames(x.b, y.b));
  const shown = byName.slice(0, MOST_LISTED).map(describePair);
  const relationWidth = Math.max(...shown.map(displayWidth));
  const nameWidth = writer.width - relationWidth - 6;
  let above = "";
  let number = 0;
  writer.list(byName, ({ a, b }) => {
    if (a !== above) writer.line(`  ${shortenStart(printable(a), writer.width - 2)}`);
    above = a;
    writer.line(`    ${padEnd(shortenStart(printable(b), nameWidth), nameWidth)}  ${shown[number++]}`);
  });
}

export function writeConflicts(writer: ReportWriter, { conflicts }: AnyFindings): void {
  if (conflicts.length === 0) return;
  writer.heading(`Duplicates with different labels: ${plural(conflicts.length, "pair")}`);
  writer.list(conflicts, ({ a, b, labelOfA, labelOfB }) => {
    writer.paragraph(`${printable(a)} (${printable(labelOfA)})`, "  ");
    writer.paragraph(`${printable(b)} (${printable(labelOfB)})`, "    ");
  });
}

export function writeSplit(
  writer: ReportWriter,
  { split, splitProblem, duplicates }: AnyFindings,
  words: MediumWords,
): void {
  writer.heading("Split");
  if (!split) {
    writer.paragraph(printable(splitProblem ?? ""));
    return;
  }
  const { method, parts, warnings } = split.report;
  writer.paragraph(method);
  const rows = SPLIT_ROLES.map((role) => [
    role,
    formatCount(parts[role].clips),
    formatCount(parts[role].groups),
  ]);
  for (const row of formatTable([["", words.examples, "groups"], ...rows])) writer.line(row);
  if (split.leaks.length > 0) writeLeaks(writer, split.leaks, words);
  else {
    const unknown = duplicates === undefined ? " No search for duplicates was made." : "";
    writer.paragraph(`No leaks: the parts share no ${words.files}.${unknown}`);
  }
  if (split.leaksUnlessLinked.length > split.leaks.length) writer.paragraph(describeBlindSplit(split, words));
  if (split.untrained.length > 0) {
    writer.line(writer.colors.red("In the test or validation part, but not in training:"));
    writer.paragraph(printable(nameUntrained(split.untrained)), "  ");
  }
  for (const warning of warnings) writer.paragraph(printable(warning), "- ");
}

function writeLeaks(writer: ReportWriter, leaks: readonly Leak[], words: MediumWords): void {
  const describe = leakDescriber(words);
  writer.line(writer.colors.red(`Shared between parts: ${plural(leaks.length, "leak")}`));
  writer.list(leaks, (leak) => writer.paragraph(printable(describe(leak)), "  "));
}

/** Describes the leaks that keeping duplicates together prevents. */
function describeBlindSplit({ report, leakedClips }: SplitCheck, { example }: MediumWords): string {
  const shares = (["validation", "test"] as const)
    .filter((role) => report.parts[role].clips > 0)
    .map((role) => `${plural(leakedClips[role], example)} of ${role}`);
  return `If duplicates were not kept together, ${shares.join(" and ")} would have a duplicate in training.`;
}

/** The last lines: the steps to take, and the command that comes next. */
export function writeAdvice(
  writer: ReportWriter,
  findings: AnyFindings,
  words: MediumWords,
  data: string,
): void {
  writer.gap();
  writer.paragraph(adviceOf(findings, words));
  writer.line(`Next: ${commandName()} train ${printable(quoted(data))}`);
}

function adviceOf(findings: AnyFindings, { files, examples }: MediumWords): string {
  const { problems, duplicates = [], conflicts, split } = findings;
  if (isFlawless(findings)) return "No problems found.";
  const steps: string[] = [];
  if (!split) steps.push("fix the problems that prevent a split");
  if (conflicts.length > 0) steps.push("decide which label is correct where duplicates differ");
  if (problems.length > 0) steps.push("repair or remove the files with problems");
  if (split && split.untrained.length > 0) {
    steps.push(`add training ${examples} of the classes that training lacks, or leave these classes out`);
  }
  if (split && split.leaks.length > 0) {
    const own = split.report.origin === "official" ? " (--no-official-split makes a new split)" : "";
    steps.push(`keep related ${files} in one part${own}`);
  }
  if (steps.length > 0) return `To do: ${steps.join("; ")}.`;
  return `No action needed: training keeps the ${plural(duplicates.length, "pair")} of duplicates in one part.`;
}

export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A path as it is below the collection's folder, or whole where it is elsewhere. */
function nameBelow(folder: string, path: string): string {
  const isBelow = path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
  return printable(isBelow ? path.slice(folder.length + 1) : path);
}

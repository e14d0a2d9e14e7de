/** @file The findings of an inspection, as text for the terminal. */

import { describeLeak, nameUntrained, SPLIT_ROLES, type Leak } from "../data/audio/index.ts";
import type {
  DuplicatePair,
  Inspection,
  InspectionProblem,
  ProblemKind,
  SplitCheck,
  ValueCount,
} from "../data/audio/inspect/index.ts";
import { compareNames } from "../io/natural-order.ts";
import { quoted } from "../runs/index.ts";
import { commandName } from "./command-name.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import {
  displayWidth,
  formatCount,
  formatDuration,
  formatTable,
  padEnd,
  printable,
  shorten,
  shortenStart,
} from "./text.ts";

export interface InspectionReportOptions {
  /** As the user named the data. */
  readonly data: string;
  /** Where the text will be shown. */
  readonly stream: TextStream;
}

/** Files, pairs and classes that a list names; --json has them all. */
const MOST_LISTED = 10;

const TITLES: Readonly<Record<ProblemKind, string>> = {
  unusable: "Unusable (left out of training)",
  empty: "Empty (left out of training)",
  notNumbers: "Invalid samples (left out of training)",
  truncated: "Truncated",
  damaged: "Damaged",
  silent: "Silent",
  partlySilent: "Partly silent",
  clipped: "Clipped",
  dcOffset: "DC offset",
  veryShort: "Very short",
  unusualLength: "Unusual length",
};

/** Whether nothing at all was found that may be wrong. Notes do not count. */
export function isFlawless({ problems, duplicates = [], conflicts, split }: Inspection): boolean {
  const found = problems.length + duplicates.length + conflicts.length + (split?.leaks.length ?? 0);
  const untrained = split?.untrained.length ?? 0;
  return found + untrained === 0 && split !== undefined;
}

/** The summary, then what is wrong, then what to do. */
export function formatInspection(inspection: Inspection, { data, stream }: InspectionReportOptions): string {
  const writer = new Writer(stream);
  writeSummary(writer, inspection);
  writeProblems(writer, inspection);
  writeDuplicates(writer, inspection.duplicates);
  writeConflicts(writer, inspection);
  writeSplit(writer, inspection);
  writer.gap();
  writer.paragraph(adviceOf(inspection));
  writer.line(`Next: ${commandName()} train ${printable(quoted(data))}`);
  return writer.text;
}

/** Lines of a given width. */
class Writer {
  readonly width: number;
  readonly colors: ReturnType<typeof colorsOf>;
  private readonly lines: string[] = [];

  constructor(stream: TextStream) {
    this.width = widthOf(stream);
    this.colors = colorsOf(stream);
  }

  get text(): string {
    return this.lines.join("\n");
  }

  line(text: string): void {
    this.lines.push(text);
  }

  gap(): void {
    this.lines.push("");
  }

  heading(text: string): void {
    this.gap();
    this.line(this.colors.bold(text));
  }

  /** As many words a line as fit: the first after `before`, the others below it. */
  paragraph(text: string, before = ""): void {
    const indent = " ".repeat(displayWidth(before));
    const width = this.width - indent.length;
    let line = "";
    let start = before;
    for (const word of text.split(" ")) {
      if (line !== "" && displayWidth(line) + 1 + displayWidth(word) > width) {
        this.line(start + line);
        start = indent;
        line = "";
      }
      line += line === "" ? shorten(word, width) : ` ${word}`;
    }
    this.line(start + line);
  }

  /** As many items as a list names, and how many more there are. */
  list<T>(items: readonly T[], write: (item: T) => void, indent = "  "): void {
    for (const item of items.slice(0, MOST_LISTED)) write(item);
    const others = items.length - MOST_LISTED;
    if (others > 0) this.line(this.colors.dim(`${indent}and ${formatCount(others)} more: --json names all`));
  }
}

function writeSummary(writer: Writer, { name, summary, task, notes }: Inspection): void {
  const { clips, files, seconds, classes, numbers } = summary;
  const recordings = `${formatCount(files)} ${files === 1 ? "recording" : "recordings"}`;
  const parts = clips === files ? recordings : `${formatCount(clips)} clips of ${recordings}`;
  const kinds = task === "classification" ? "classes" : "tags";
  const labels = task === "regression" ? "" : `, ${classes.length} ${kinds}`;
  writer.line(writer.colors.bold(`${printable(name)}: ${parts}, ${formatDuration(seconds.total)}${labels}`));
  writer.gap();
  const rows = classes.map((one) => [
    shorten(printable(one.name), 30),
    formatCount(one.clips),
    ...[one.seconds.total, one.seconds.min, one.seconds.median, one.seconds.max].map(formatDuration),
  ]);
  const all = [seconds.total, seconds.min, seconds.median, seconds.max].map(formatDuration);
  const header = ["", "clips", "total", "shortest", "median", "longest"];
  const table = formatTable([header, ...rows, ["all", formatCount(clips), ...all]]);
  writer.line(table[0]);
  writer.list(table.slice(1, -1), (row) => writer.line(row), "");
  writer.line(table[table.length - 1]);
  writer.gap();
  for (const { name: number, min, mean, max } of numbers) {
    const range = [min, mean, max].map((value) => value.toPrecision(4));
    writer.paragraph(`${range[0]} … ${range[2]}, mean ${range[1]}`, padEnd(printable(number), 10));
  }
  writer.paragraph(formatCounts(summary.formats, String), padEnd("encoding", 10));
  writer.paragraph(
    formatCounts(summary.sampleRates, (rate) => `${formatCount(rate)} Hz`),
    padEnd("rate", 10),
  );
  writer.paragraph(formatCounts(summary.channels, nameOfChannels), padEnd("channels", 10));
  if (notes.length > 0) writer.heading("Notes");
  for (const note of notes) writer.paragraph(printable(note), "- ");
}

function formatCounts<T>(counts: readonly ValueCount<T>[], name: (value: T) => string): string {
  if (counts.length === 1) return name(counts[0].value);
  const shown = counts
    .slice(0, MOST_LISTED)
    .map(({ value, files }) => `${name(value)}: ${formatCount(files)}`);
  return [...shown, ...(counts.length > MOST_LISTED ? ["…"] : [])].join("; ");
}

function nameOfChannels(channels: number): string {
  return ["", "mono", "stereo"][channels] ?? `${channels} channels`;
}

function writeProblems(writer: Writer, { problems, folder }: Inspection): void {
  if (problems.length === 0) return;
  const files = new Set(problems.map(({ path }) => path)).size;
  writer.heading(`Problems: ${formatCount(problems.length)} in ${plural(files, "file")}`);
  const kinds = new Map<ProblemKind, InspectionProblem[]>();
  const byName = [...problems].sort((a, b) => compareNames(a.path, b.path));
  for (const problem of byName) kinds.set(problem.kind, [...(kinds.get(problem.kind) ?? []), problem]);
  for (const [kind, found] of kinds) {
    writer.line(`  ${TITLES[kind]}: ${formatCount(found.length)}`);
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

function writeDuplicates(writer: Writer, duplicates: readonly DuplicatePair[] | undefined): void {
  if (!duplicates || duplicates.length === 0) return;
  const clips = new Set(duplicates.flatMap(({ a, b }) => [a, b])).size;
  writer.heading(`Duplicates: ${plural(duplicates.length, "pair")} among ${plural(clips, "clip")}`);
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

function describePair({ kind, offset, overlap, similarity }: DuplicatePair): string {
  if (kind === "file") return "the same file";
  if (kind === "samples") return "the same samples";
  const alike = `${(100 * similarity).toFixed(0)} % alike for ${overlap.toFixed(1)} s`;
  if (Math.abs(offset) < 0.05) return alike;
  return `${alike}, shifted ${offset > 0 ? "+" : "−"}${Math.abs(offset).toFixed(1)} s`;
}

function writeConflicts(writer: Writer, { conflicts }: Inspection): void {
  if (conflicts.length === 0) return;
  writer.heading(`Duplicates with different labels: ${plural(conflicts.length, "pair")}`);
  writer.list(conflicts, ({ a, b, labelOfA, labelOfB }) => {
    writer.paragraph(`${printable(a)} (${printable(labelOfA)})`, "  ");
    writer.paragraph(`${printable(b)} (${printable(labelOfB)})`, "    ");
  });
}

function writeSplit(writer: Writer, { split, splitProblem, duplicates }: Inspection): void {
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
  for (const row of formatTable([["", "clips", "groups"], ...rows])) writer.line(row);
  if (split.leaks.length > 0) writeLeaks(writer, split.leaks);
  else {
    const unknown = duplicates === undefined ? " No search for duplicates was made." : "";
    writer.paragraph(`No leaks: the parts share no recordings.${unknown}`);
  }
  if (split.leaksUnlessLinked.length > split.leaks.length) writer.paragraph(describeBlindSplit(split));
  if (split.untrained.length > 0) {
    writer.line(writer.colors.red("In the test or validation part, but not in training:"));
    writer.paragraph(printable(nameUntrained(split.untrained)), "  ");
  }
  for (const warning of warnings) writer.paragraph(printable(warning), "- ");
}

function writeLeaks(writer: Writer, leaks: readonly Leak[]): void {
  writer.line(writer.colors.red(`Shared between parts: ${plural(leaks.length, "leak")}`));
  writer.list(leaks, (leak) => writer.paragraph(printable(describeLeak(leak)), "  "));
}

/** Describes the leaks that keeping duplicates together prevents. */
function describeBlindSplit({ report, leakedClips }: SplitCheck): string {
  const shares = (["validation", "test"] as const)
    .filter((role) => report.parts[role].clips > 0)
    .map((role) => `${plural(leakedClips[role], "clip")} of ${role}`);
  return `If duplicates were not kept together, ${shares.join(" and ")} would have a duplicate in training.`;
}

function adviceOf(inspection: Inspection): string {
  const { problems, duplicates = [], conflicts, split } = inspection;
  if (isFlawless(inspection)) return "No problems found.";
  const steps: string[] = [];
  if (!split) steps.push("fix the problems that prevent a split");
  if (conflicts.length > 0) steps.push("decide which label is correct where duplicates differ");
  if (problems.length > 0) steps.push("repair or remove the files with problems");
  if (split && split.untrained.length > 0) {
    steps.push("add training clips of the classes that training lacks, or leave these classes out");
  }
  if (split && split.leaks.length > 0) {
    const own = split.report.origin === "official" ? " (--no-official-split makes a new split)" : "";
    steps.push(`keep related recordings in one part${own}`);
  }
  if (steps.length > 0) return `To do: ${steps.join("; ")}.`;
  return `No action needed: training keeps the ${plural(duplicates.length, "pair")} of duplicates in one part.`;
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A path as it is below the collection's folder, or whole where it is elsewhere. */
function nameBelow(folder: string, path: string): string {
  const isBelow = path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length));
  return printable(isBelow ? path.slice(folder.length + 1) : path);
}

/** @file The findings of an inspection of recordings, as text for the terminal. */

import type { DuplicatePair, Inspection, ProblemKind } from "../data/audio/inspect/index.ts";
import { SOUND_WORDS } from "../data/collection/words.ts";
import {
  formatCounts,
  writeAdvice,
  writeClasses,
  writeConflicts,
  writeDuplicates,
  writeNotes,
  writeNumbers,
  writeProblems,
  writeSplit,
  type InspectionReportOptions,
} from "./inspection-parts.ts";
import { ReportWriter } from "./report-writer.ts";
import { formatCount, formatDuration, padEnd, printable, shorten } from "./text.ts";

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

/** The summary, the problems, and the remedies. */
export function formatInspection(inspection: Inspection, { data, stream }: InspectionReportOptions): string {
  const writer = new ReportWriter(stream);
  writeSummary(writer, inspection);
  writeProblems(writer, inspection, TITLES);
  writeDuplicates(writer, inspection.duplicates, SOUND_WORDS, describePair);
  writeConflicts(writer, inspection);
  writeSplit(writer, inspection, SOUND_WORDS);
  writeAdvice(writer, inspection, SOUND_WORDS, data);
  return writer.text;
}

function writeSummary(writer: ReportWriter, { name, summary, task, notes }: Inspection): void {
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
  writeClasses(writer, header, rows, ["all", formatCount(clips), ...all]);
  writeNumbers(writer, numbers);
  writer.paragraph(formatCounts(summary.formats, String), padEnd("encoding", 10));
  writer.paragraph(
    formatCounts(summary.sampleRates, (rate) => `${formatCount(rate)} Hz`),
    padEnd("rate", 10),
  );
  writer.paragraph(formatCounts(summary.channels, nameOfChannels), padEnd("channels", 10));
  writeNotes(writer, notes);
}

function nameOfChannels(channels: number): string {
  return ["", "mono", "stereo"][channels] ?? `${channels} channels`;
}

function describePair({ kind, offset, overlap, similarity }: DuplicatePair): string {
  if (kind === "file") return "the same file";
  if (kind === "samples") return "the same samples";
  const alike = `${(100 * similarity).toFixed(0)} % alike for ${overlap.toFixed(1)} s`;
  if (Math.abs(offset) < 0.05) return alike;
  return `${alike}, shifted ${offset > 0 ? "+" : "−"}${Math.abs(offset).toFixed(1)} s`;
}

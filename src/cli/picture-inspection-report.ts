/** @file The findings of an inspection of pictures, as text for the terminal. */

import { PICTURE_WORDS } from "../data/collection/words.ts";
import type { PictureDuplicate } from "../data/images/duplicates/find-duplicates.ts";
import type {
  PictureClassSummary,
  PictureInspection,
  PictureProblemKind,
  SideSummary,
} from "../data/images/inspect/inspection.ts";
import {
  formatCounts,
  plural,
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
import { formatCount, padEnd, printable, shorten } from "./text.ts";

const TITLES: Readonly<Record<PictureProblemKind, string>> = {
  unusable: "Unusable (left out of training)",
  empty: "Empty (left out of training)",
  damaged: "Damaged",
  wrongExtension: "Another format than the name says",
  oneColor: "One colour",
  tiny: "Tiny",
  extremeShape: "Extreme shape",
};

/** The summary, the problems, and the remedies. */
export function formatPictureInspection(
  inspection: PictureInspection,
  { data, stream }: InspectionReportOptions,
): string {
  const writer = new ReportWriter(stream);
  writeSummary(writer, inspection);
  writeProblems(writer, inspection, TITLES);
  writeDuplicates(writer, inspection.duplicates, PICTURE_WORDS, describePair);
  writeConflicts(writer, inspection);
  writeSplit(writer, inspection, PICTURE_WORDS);
  writeAdvice(writer, inspection, PICTURE_WORDS, data);
  return writer.text;
}

function writeSummary(writer: ReportWriter, { name, summary, task, input, notes }: PictureInspection): void {
  const { pictures, classes, numbers, width, height, shapes, formats, grey, transparent, turned } = summary;
  const kinds = task === "classification" ? "classes" : "tags";
  const labels = task === "regression" ? "" : `, ${classes.length} ${kinds}`;
  writer.line(writer.colors.bold(`${printable(name)}: ${plural(pictures, PICTURE_WORDS.example)}${labels}`));
  writer.gap();
  const row = (label: string, { pictures: count, ...sides }: Omit<PictureClassSummary, "name">) => [
    shorten(printable(label), 30),
    formatCount(count),
    ...sizesOf(sides.width, sides.height),
  ];
  const header = ["", PICTURE_WORDS.examples, "smallest", "median", "largest"];
  const rows = classes.map((one) => row(one.name, one));
  writeClasses(writer, header, rows, row("all", { pictures, width, height }));
  writeNumbers(writer, numbers);
  writer.paragraph(formatCounts(formats, String), padEnd("format", 10));
  const parts = Object.entries(shapes).filter(([, count]) => count > 0);
  writer.paragraph(
    parts.map(([shape, count]) => `${shape}: ${formatCount(count)}`).join("; "),
    padEnd("shape", 10),
  );
  const colors = [
    ["in colour", pictures - grey],
    ["grey", grey],
    ["with transparent parts", transparent],
    ["turned by EXIF", turned],
  ] as const;
  const present = colors.filter(([, count]) => count > 0);
  writer.paragraph(
    present.map(([what, count]) => `${what}: ${formatCount(count)}`).join("; "),
    padEnd("pixels", 10),
  );
  const color = input.channels === 1 ? "grey" : "in colour";
  writer.paragraph(
    `${input.width} × ${input.height} pixels, ${color}: the size that training chooses`,
    padEnd("input", 10),
  );
  writeNotes(writer, notes);
}

/** Width times height of the smallest, the median and the largest side. */
function sizesOf(width: SideSummary, height: SideSummary): string[] {
  return (["min", "median", "max"] as const).map((which) => `${width[which]} × ${height[which]}`);
}

function describePair({ kind, similarity }: PictureDuplicate): string {
  if (kind === "file") return "the same file";
  if (kind === "pixels") return "the same pixels";
  return `${(100 * similarity).toFixed(0)} % alike`;
}

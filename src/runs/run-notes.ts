/** @file The notes of a run about its data, before and after training. Browser-safe. */

import { noteTestSize, type MediumWords, type SplitReport } from "../data/audio/index.ts";
import type { BegunFrom } from "./provenance-file.ts";
import type { Run } from "./run-kind.ts";

/** Sentences about the data and their split that the user should know. */
export function notesOf({
  collection,
  report,
  job: { kind, config },
}: Pick<Run, "collection" | "report"> & { readonly job: Pick<Run["job"], "kind" | "config"> }): string[] {
  const size = noteTestSize(collection, report);
  return [
    ...(collection.notes ?? []),
    ...noteKnown(config, report, collection.words),
    ...report.warnings,
    ...kind.notes(config),
    ...(size === undefined ? [] : [size]),
  ];
}

/** Says how many of the examples a run's initial weights were trained on; no sentence where it begins with new weights. */
export function noteKnown(
  { transfer }: BegunFrom,
  { known, leaks }: Pick<SplitReport, "known" | "leaks">,
  { examples }: MediumWords,
): string[] {
  if (!transfer || !known) return [];
  const areLeft = leaks.some(({ kind }) => kind === "known")
    ? "some of them are in the test part"
    : "none of them is in the test part";
  return [
    `The weights of ${transfer.from} were trained on ${known.train} of these ${examples} and selected on ${known.validation}: ` +
      `${areLeft}.`,
  ];
}

/** @file What a run on sound tells about its data, before and after training. Node only. */

import { noteTestSize, type SplitReport } from "../../data/audio/index.ts";
import { describeHearing } from "./hearing.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { SoundRun } from "./sound-run.ts";
import type { SoundJob } from "./train-sound.ts";

/** What should be known of the data and of their split, each a sentence. */
export function notesOf({
  collection,
  report,
  config,
}: Pick<SoundRun, "collection" | "report"> & Pick<SoundJob, "config">): string[] {
  const optional = [describeHearing(config), noteTestSize(collection, report)];
  return [
    ...(collection.notes ?? []),
    ...noteKnown(config, report),
    ...report.warnings,
    ...optional.flatMap((note) => note ?? []),
  ];
}

/** How many clips the weights know with which a run begins; no sentence where these are new. */
export function noteKnown(
  { transfer }: Pick<SoundConfig, "transfer">,
  { known, leaks }: Pick<SplitReport, "known" | "leaks">,
): string[] {
  if (!transfer || !known) return [];
  const areLeft = leaks.some(({ kind }) => kind === "known")
    ? "some of them are tested"
    : "none of them is tested";
  return [
    `The weights of ${transfer.from} were trained on ${known.train} of these clips and chosen by ${known.validation}: ` +
      `${areLeft}.`,
  ];
}

/** @file The notes of a run on sound about its data, before and after training. Node only. */

import { noteTestSize, type SplitReport } from "../../data/audio/index.ts";
import { describeModelInput } from "./model-input.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { SoundRun } from "./sound-run.ts";
import type { SoundJob } from "./train-sound.ts";

/** Sentences about the data and their split that the user should know. */
export function notesOf({
  collection,
  report,
  config,
}: Pick<SoundRun, "collection" | "report"> & Pick<SoundJob, "config">): string[] {
  const optional = [describeModelInput(config), noteTestSize(collection, report)];
  return [
    ...(collection.notes ?? []),
    ...noteKnown(config, report),
    ...report.warnings,
    ...optional.flatMap((note) => note ?? []),
  ];
}

/** Says how many of the clips a run's initial weights were trained on; no sentence where it begins with new weights. */
export function noteKnown(
  { transfer }: Pick<SoundConfig, "transfer">,
  { known, leaks }: Pick<SplitReport, "known" | "leaks">,
): string[] {
  if (!transfer || !known) return [];
  const areLeft = leaks.some(({ kind }) => kind === "known")
    ? "some of them are in the test part"
    : "none of them is in the test part";
  return [
    `The weights of ${transfer.from} were trained on ${known.train} of these clips and selected on ${known.validation}: ` +
      `${areLeft}.`,
  ];
}

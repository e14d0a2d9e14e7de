/** @file What a run on sound tells about its data, before and after training. Node only. */

import { noteTestSize } from "../../data/audio/index.ts";
import { describeHearing } from "./hearing.ts";
import type { SoundRun } from "./sound-run.ts";
import type { SoundJob } from "./train-sound.ts";

/** What should be known of the data and of their split, each a sentence. */
export function notesOf({
  collection,
  report,
  config,
}: Pick<SoundRun, "collection" | "report"> & Pick<SoundJob, "config">): string[] {
  const optional = [describeHearing(config), noteTestSize(collection, report)];
  return [...(collection.notes ?? []), ...report.warnings, ...optional.flatMap((note) => note ?? [])];
}

/** @file What a run on sound tells about its data, before and after training. Browser-safe. */

import { noteTestSize } from "../../data/audio/index.ts";
import type { SoundRun } from "./sound-run.ts";

/** What should be known of the data and of their split, each a sentence. */
export function notesOf({ collection, report }: Pick<SoundRun, "collection" | "report">): string[] {
  const testSize = noteTestSize(collection, report);
  return [...(collection.notes ?? []), ...report.warnings, ...(testSize === undefined ? [] : [testSize])];
}

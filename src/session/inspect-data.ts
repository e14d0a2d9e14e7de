/** @file A look at all files of a collection: what is wrong with them, what they are like, which are alike. Browser-safe. */

import { inspectCollection, type Inspection } from "../data/audio/inspect/index.ts";
import { openAudioCollection } from "../data/audio/open.ts";
import { inspectPictures } from "../data/images/inspect/inspect-pictures.ts";
import type { PictureInspection } from "../data/images/inspect/inspection.ts";
import { openImageCollection } from "../data/images/open.ts";
import { mediumOf } from "../data/media.ts";
import { obtainOptions } from "../data/obtain-options.ts";
import { threadsFor } from "../io/task-threads.ts";
import type { ReadControls } from "../runs/run-kind.ts";
import type { InspectDataOptions } from "./session.ts";

/** @throws AuricleError "data" or "file" for data that are not understood. */
export async function inspectData(
  data: string,
  options: InspectDataOptions,
  controls: ReadControls,
): Promise<Inspection | PictureInspection> {
  const { duplicates, split, seed, officialSplit } = options;
  const { threads, featureFolder, signal, observer } = controls;
  const medium = await mediumOf(data);
  const checking = {
    duplicates,
    fractions: split,
    seed,
    official: officialSplit,
    cacheFolder: featureFolder,
    signal,
  };
  if (medium === "pictures" || medium === "archives") {
    return inspectPictures(await openImageCollection(data, obtainOptions(controls)), {
      ...checking,
      ...(threads !== undefined && { threads }),
      onProgress: ({ done, total }) => observer.preparing({ done, examples: total, unit: "images" }),
    });
  }
  return inspectCollection(await openAudioCollection(data, obtainOptions(controls)), {
    ...checking,
    workers: threadsFor(threads),
    onProgress: ({ clips, ...report }) => observer.preparing({ ...report, examples: clips, unit: "clips" }),
  });
}

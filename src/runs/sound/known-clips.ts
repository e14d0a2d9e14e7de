/** @file Clips that weights come from, found by their files and their sound. Browser-safe. */

import type { AudioClip, AudioCollection } from "../../data/audio/index.ts";
import { threadsFor } from "../../io/task-threads.ts";
import { measureFiles, type MeasureOptions } from "../../data/audio/inspect/measure/measure-files.ts";
import { findKnownClips, type FoundKnown } from "../../data/audio/provenance/find-known.ts";
import type { KnownSearch, PrepareControls } from "../run-kind.ts";
import { prepareShare } from "../share-run.ts";
import { dataOf } from "../short-data-name.ts";
import { clipsByFile } from "./sound-data.ts";

/** The clips of a collection that weights come from, and pairs of clips that hold the same sound. */
export async function knownIn(
  collection: AudioCollection,
  { data, store, provenance }: KnownSearch,
  compareSound: boolean,
  controls: PrepareControls,
): Promise<FoundKnown> {
  const measuring: MeasureOptions = {
    workers: threadsFor(controls.threads),
    ...(controls.featureFolder !== undefined && { cacheFolder: controls.featureFolder }),
    ...(controls.signal && { signal: controls.signal }),
    onProgress: ({ clips, ...progress }) =>
      controls.observer.preparing({ ...progress, examples: clips, unit: "clips" }),
  };
  if (compareSound) {
    await prepareShare(controls.ranks, clipsByFile(collection.clips), (files) =>
      measureFiles(files.flat(), measuring),
    );
  }
  const searched = {
    clips: collection.clips,
    data: dataOf(data),
    contentOf: (clip: AudioClip) => store.content(clip),
  };
  return findKnownClips(searched, provenance, compareSound ? measuring : undefined);
}

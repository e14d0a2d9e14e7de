/** @file The recordings of a run: turned into features. Browser-safe. */

import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { AudioClip, AudioCollection } from "../../data/audio/index.ts";
import { filterClips } from "../../data/audio/collection.ts";
import { nameSome } from "../../data/audio/index.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { SILENCE_IN_WORDS } from "../../data/audio/inspect/silence.ts";
import { prepareFeatures, type PrepareOptions } from "../../data/audio/features/prepare-features.ts";
import { threadsFor } from "../../io/task-threads.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { claimFeatures } from "../feature-cache.ts";
import { listFiles } from "../list-files.ts";
import type { PrepareControls } from "../run-kind.ts";
import { prepareShare } from "../share-run.ts";

/** The features of all recordings of a collection, from the cache where they are there. Tells what cannot be used. */
export async function prepareCollection(
  collection: AudioCollection,
  config: { readonly frontEnd: FrontEndConfig; readonly windowFrames: number },
  controls: PrepareControls,
): Promise<FeatureStore> {
  const { observer } = controls;
  const options: PrepareOptions = {
    minimumFrames: config.windowFrames,
    workers: threadsFor(controls.threads),
    ...(controls.featureFolder !== undefined && { cacheFolder: controls.featureFolder }),
    // What goes is chosen below, with regard to what other processes use.
    sizeLimit: Infinity,
    ...(controls.signal && { signal: controls.signal }),
    onProgress: ({ clips, ...progress }) =>
      observer.preparing({ ...progress, examples: clips, unit: "clips" }),
  };
  await prepareShare(controls.ranks, clipsByFile(collection.clips), (files) =>
    prepareFeatures(files.flat(), config.frontEnd, options),
  );
  const store = await prepareFeatures(collection.clips, config.frontEnd, {
    ...options,
    ...(controls.strict !== undefined && { strict: controls.strict }),
  });
  const problems = [...collection.problems, ...store.problems];
  if (problems.length > 0) {
    observer.note(
      listFiles(`Left out, as ${problems.length === 1 ? "it" : "they"} cannot be used:`, problems),
    );
  }
  const data = findKnownDataset(collection.name) ? collection.name : collection.folder;
  await claimFeatures(store, { data, kind: config.frontEnd.kind });
  if (store.cacheProblem !== undefined) observer.note(`Features are not cached: ${store.cacheProblem}`);
  return store;
}

/** The clips of each file together: a file is decoded once, by one process. */
export function clipsByFile(clips: readonly AudioClip[]): AudioClip[][] {
  const files = new Map<string, AudioClip[]>();
  for (const clip of clips) {
    const those = files.get(clip.path);
    if (those) those.push(clip);
    else files.set(clip.path, [clip]);
  }
  return [...files.values()];
}

function describeSilent(silent: readonly AudioClip[]): string {
  const { length } = silent;
  const clips = length === 1 ? "1 clip is" : `${length} clips are`;
  return (
    `${clips} silent (${SILENCE_IN_WORDS}): ${nameSome(silent.map(({ id }) => id))}. A model can only learn from such clips ` +
    `that silence has ${length === 1 ? "its" : "their"} label; remove ${length === 1 ? "it" : "them"} unless that is meant`
  );
}

/** A collection without the clips that could not be read. */
export function readableCollection(collection: AudioCollection, store: FeatureStore): AudioCollection {
  const readable = filterClips(collection, (clip) => store.has(clip));
  const silent = readable.clips.filter((clip) => store.isSilent(clip));
  return {
    ...readable,
    problems: [...collection.problems, ...store.problems],
    notes: [...(collection.notes ?? []), ...(silent.length > 0 ? [describeSilent(silent)] : [])],
  };
}

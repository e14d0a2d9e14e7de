/** @file The recordings of a run: found, turned into features, and split. Node only. */

import { frontEnd, type FrontEnd } from "../../audio/front-end/index.ts";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { AudioCollection, ClipLink, CollectionSplit } from "../../data/audio/index.ts";
import { foldsOf, splitByFold, splitCollection } from "../../data/audio/index.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { prepareFeatures } from "../../data/audio/features/prepare-features.ts";
import type { TrainingObserver } from "../observer.ts";
import type { SoundConfig } from "./sound-config.ts";

/** How recordings are read; none of it changes what comes out. */
export interface PrepareControls {
  /** Threads that decode; default: one for each processor. */
  readonly threads?: number;
  readonly featureFolder?: string;
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  readonly observer: Pick<TrainingObserver, "preparing">;
}

/** The features of all recordings of a collection, from the cache where they are there. */
export async function prepareCollection(
  collection: AudioCollection,
  config: { readonly frontEnd: FrontEndConfig; readonly windowFrames: number },
  controls: PrepareControls,
): Promise<FeatureStore> {
  return prepareFeatures(collection.clips, config.frontEnd, {
    minimumFrames: config.windowFrames,
    ...(controls.threads !== undefined && { workers: controls.threads }),
    ...(controls.featureFolder !== undefined && { cacheFolder: controls.featureFolder }),
    ...(controls.strict !== undefined && { strict: controls.strict }),
    ...(controls.signal && { signal: controls.signal }),
    onProgress: (progress) => controls.observer.preparing(progress),
  });
}

/** A collection without the clips that could not be read. */
export function readableCollection(collection: AudioCollection, store: FeatureStore): AudioCollection {
  const kept = collection.clips.map((clip) => store.has(clip));
  const { folds } = collection;
  return {
    ...collection,
    clips: collection.clips.filter((_, i) => kept[i]),
    ...(folds && { folds: folds.filter((_, i) => kept[i]) }),
    problems: [...collection.problems, ...store.problems],
  };
}

/** Divides a collection as a configuration says; recordings that sound alike stay together. */
export function splitAsConfigured(
  collection: AudioCollection,
  { fractions, official, fold, seed, force }: SoundConfig["split"],
  links: readonly ClipLink[],
): CollectionSplit {
  const options = { fractions, seed, force, links };
  if (fold === null) return splitCollection(collection, { ...options, official });
  const folds = foldsOf(collection, fold.of, { seed, links, official });
  return splitByFold(collection, folds, fold.number, options);
}

/** Steps of the features for windows of so many seconds, at least one. */
export function framesOfWindow(config: FrontEndConfig, seconds: number): number {
  const front: FrontEnd = frontEnd(config);
  const [frames] = front.outputShape(Math.round(seconds * front.sampleRate));
  return frames;
}

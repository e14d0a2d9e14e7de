/** @file The recordings of a run: found, turned into features, and split. Node only. */

import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type {
  AudioClip,
  AudioCollection,
  ClipLink,
  CollectionSplit,
  FileProblem,
  KnownClips,
} from "../../data/audio/index.ts";
import { filterClips } from "../../data/audio/collection.ts";
import { foldsOf, nameSome, splitByFold, splitCollection } from "../../data/audio/index.ts";
import type { FeatureStore } from "../../data/audio/features/feature-store.ts";
import { SILENCE_IN_WORDS } from "../../data/audio/inspect/silence.ts";
import { prepareFeatures } from "../../data/audio/features/prepare-features.ts";
import { workersFor } from "../../data/audio/features/workers/run-tasks.ts";
import { findKnownDataset } from "../../data/registry.ts";
import type { OpenAudioOptions } from "../../data/audio/open.ts";
import { obtainOptions } from "../../data/obtain.ts";
import { compareNames } from "../../io/natural-order.ts";
import { cacheLimit, claimFeatures } from "../feature-cache.ts";
import type { TrainingObserver, Warn } from "../observer.ts";
import type { SoundConfig } from "./sound-config.ts";

/** How recordings are read; none of it changes what comes out. */
export interface PrepareControls {
  /** Threads that decode, at most one for each processor, which is the default. */
  readonly threads?: number;
  readonly featureFolder?: string;
  readonly strict?: boolean;
  readonly observer: Pick<TrainingObserver, "preparing" | "note" | "warning">;
}

/** As many unusable recordings as are named; the report of a run names all. */
const NAMED_PROBLEMS = 10;

/** The features of all recordings of a collection, from the cache where they are there. Tells what cannot be used. */
export async function prepareCollection(
  collection: AudioCollection,
  config: { readonly frontEnd: FrontEndConfig; readonly windowFrames: number },
  controls: PrepareControls,
): Promise<FeatureStore> {
  const { observer } = controls;
  const store = await prepareFeatures(collection.clips, config.frontEnd, {
    minimumFrames: config.windowFrames,
    workers: workersFor(controls.threads),
    ...(controls.featureFolder !== undefined && { cacheFolder: controls.featureFolder }),
    // What goes is chosen below, with regard to what other processes use.
    sizeLimit: Infinity,
    ...(controls.strict !== undefined && { strict: controls.strict }),
    onProgress: (progress) => observer.preparing(progress),
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

/** Says how much is kept of the features and where; undefined where nothing is. */
export async function describeKept({ kept }: FeatureStore): Promise<string | undefined> {
  if (!kept || kept.bytes === 0) return undefined;
  const megabytes = (bytes: number) =>
    bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${Number((bytes / 1e9).toFixed(1))} GB`;
  return (
    `Cached features: ${megabytes(kept.bytes)} for these data in ${kept.folder}, limited to ` +
    `${megabytes(await cacheLimit(kept.folder))} in all; "auricle cache" lists and clears it.`
  );
}

/** Picks the options that open a collection from those that control a run. */
export function openOptions(
  { strict, ...controls }: OpenAudioOptions,
  reading: Pick<OpenAudioOptions, "splitName" | "task">,
): OpenAudioOptions {
  return { ...obtainOptions(controls), strict, ...reading };
}

/** Tells `warn` which recordings are used although something is wrong with them. */
export async function warnOfRecordings({ warnings }: FeatureStore, warn: Warn): Promise<void> {
  if (warnings.length > 0) await warn(listFiles("used despite problems:", warnings));
}

function listFiles(title: string, problems: readonly FileProblem[]): string {
  const byName = [...problems].sort((a, b) => compareNames(a.path, b.path));
  const named = byName.slice(0, NAMED_PROBLEMS).map(({ path, problem }) => `  ${path}: ${problem}`);
  const others = problems.length - named.length;
  if (others > 0) named.push(`  and ${others} more`);
  return [title, ...named].join("\n");
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

/**
 * Divides a collection as a configuration says; recordings that sound alike stay together.
 * @param known by the weights that training begins with, where these are not new
 */
export function splitAsConfigured(
  collection: AudioCollection,
  { fractions, official, fold, seed, force }: SoundConfig["split"],
  links: readonly ClipLink[],
  known: KnownClips | undefined,
): CollectionSplit {
  const options = { fractions, seed, force, links, ...(known && { known }) };
  if (fold === null) return splitCollection(collection, { ...options, official });
  const folds = foldsOf(collection, fold.of, { seed, links, official });
  return splitByFold(collection, folds, fold.number, options);
}

/** @file Recordings with labels, before anything is decoded. Browser-safe. */

import { buildCollection, type BuildOptions } from "../collection/build.ts";
import type { Collection, Example } from "../collection/collection.ts";
import type { Entry, ExampleKind } from "../collection/entry.ts";
import { SOUND_WORDS } from "../collection/words.ts";

/** One recording, or a part of one. The id of a part ends with `#start-end` in seconds. */
export interface AudioClip extends Example {
  /** In seconds; 0 for a whole file. */
  readonly start: number;
  /** In seconds; undefined: to the end of the file. */
  readonly end: number | undefined;
}

/** A data set of recordings. */
export interface AudioCollection extends Collection<AudioClip> {
  /** Its examples, by the name that they have among recordings. */
  readonly clips: readonly AudioClip[];
}

/** The part of its file that a clip is, as its source describes it; by default all of it. */
export interface ClipPart {
  /** Seconds. */
  readonly start?: number;
  readonly end?: number;
}

/** One clip as its source describes it. */
export interface ClipEntry extends Entry, ClipPart {}

export const CLIPS: ExampleKind<ClipPart, AudioClip> = {
  words: SOUND_WORDS,
  describe({ start = 0, end }, example) {
    const isPart = start > 0 || end !== undefined;
    return { ...example, ...(isPart && { id: `${example.id}#${start}-${end ?? ""}` }), start, end };
  },
};

/** @throws AuricleError "data" when nothing is left that a model could learn from. */
export function buildAudioCollection(options: BuildOptions<ClipPart>): AudioCollection {
  return audioCollection(buildCollection(CLIPS, options));
}

export function audioCollection(collection: Collection<AudioClip>): AudioCollection {
  return withClips(collection, collection.examples);
}

/** A collection without the clips that are not kept. */
export function filterClips(
  collection: AudioCollection,
  keep: (clip: AudioClip, index: number) => boolean,
): AudioCollection {
  const kept = collection.clips.map(keep);
  const { folds } = collection;
  return {
    ...withClips(
      collection,
      collection.clips.filter((_, i) => kept[i]),
    ),
    ...(folds && { folds: folds.filter((_, i) => kept[i]) }),
  };
}

/** A collection of other clips, described by the same facts. */
export function withClips(collection: Collection<AudioClip>, clips: readonly AudioClip[]): AudioCollection {
  return { ...collection, examples: clips, clips };
}

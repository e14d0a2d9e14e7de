/** @file Recordings as data. Browser-safe: what finds and reads files is in open.ts, for Node. */

import type { Example, ExampleLink } from "../collection/collection.ts";
import type { KnownExamples } from "../collection/split/known-examples.ts";
import type { SplitParts as PartsOf } from "../collection/split/parts.ts";
import type { CollectionSplit as SplitOf } from "../collection/split/split-collection.ts";
import type { AudioClip } from "./collection.ts";

export * from "../collection/index.ts";
export type { AudioClip, AudioCollection } from "./collection.ts";

/** Two clips, by their ids, that hold the same recording or parts of it. */
export type ClipLink = ExampleLink;

/** Clips that weights come from, by their ids. */
export type KnownClips = KnownExamples;

/** The three parts of a data set; by default of recordings. */
export type SplitParts<E extends Example = AudioClip> = PartsOf<E>;

/** A collection in three parts; by default of recordings. */
export type CollectionSplit<E extends Example = AudioClip> = SplitOf<E>;

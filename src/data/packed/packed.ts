/** @file What is in a file that holds many recordings or pictures. Browser-safe. */

import type { ClipEntry } from "../audio/collection.ts";
import type { FileProblem } from "../collection/collection.ts";
import type { Entry } from "../collection/entry.ts";

/** The contents, as files in the user's cache. */
export type Packed =
  | ({ readonly medium: "sound"; readonly entries: readonly ClipEntry[] } & PackedFacts)
  | ({ readonly medium: "pictures"; readonly entries: readonly Entry[] } & PackedFacts)
  /** A folder like any other. */
  | { readonly medium: "folder"; readonly folder: string };

export interface PackedFacts {
  readonly classNames?: readonly string[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
  readonly officialLeaks?: string;
}

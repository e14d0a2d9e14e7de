/** @file The contents of a file that holds many recordings or pictures. Browser-safe. */

import type { ClipEntry } from "../audio/collection.ts";
import type { FileProblem } from "../collection/collection.ts";
import type { Entry } from "../collection/entry.ts";

/** The contents, as files in the user's cache. */
export type Packed =
  | ({ readonly medium: "sound"; readonly entries: readonly ClipEntry[] } & PackedFacts)
  | ({ readonly medium: "pictures"; readonly entries: readonly Entry[] } & PackedFacts)
  /** Pictures in arrays, which are read from the file itself. */
  | { readonly medium: "archives" }
  /** A folder like any other. */
  | { readonly medium: "folder"; readonly folder: string };

export interface PackedFacts {
  readonly classNames?: readonly string[];
  readonly problems: readonly FileProblem[];
  readonly notes: readonly string[];
  readonly officialLeaks?: string;
}

/** @file The messages between the main thread and the workers that measure recordings: plain data. Browser-safe. */

import type { Measurement } from "./measurement.ts";

export interface MeasuringTask {
  readonly path: string;
  /** Hash of its content, where that is known. */
  readonly content: string | undefined;
  /** The file's signature (see `FileState`) when its content was hashed. Without it, the content is hashed again. */
  readonly signature?: string;
}

/** For each file: its content unless it is known, progress, then what came of it, which is the last. */
export type MeasuringMessage =
  /** @param hashed since the epoch, in milliseconds: when hashing began */
  | { readonly kind: "content"; readonly path: string; readonly hash: string; readonly hashed: number }
  /** The seconds of audio decoded since the last message. */
  | { readonly kind: "decoded"; readonly seconds: number }
  | {
      readonly kind: "measured";
      readonly path: string;
      readonly content: string;
      readonly measurement: Measurement;
      readonly cached: boolean;
    }
  | { readonly kind: "problem"; readonly path: string; readonly problem: string };

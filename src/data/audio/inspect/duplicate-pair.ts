/** @file The report on two clips that hold the same sound. Browser-safe. */

import type { ExampleLink } from "../../collection/collection.ts";

/** Two clips of two files. */
export interface DuplicatePair extends ExampleLink {
  readonly kind:
    /** The files are the same, byte for byte. */
    | "file"
    /** The samples are the same, in different files. */
    | "samples"
    /** Parts of one recording: at another gain, by another codec, with other equalisation, an excerpt, … */
    | "recording";
  /** When `b` begins, in seconds from the beginning of `a`; negative: before it. */
  readonly offset: number;
  /** The length of the shared stretch, in seconds. */
  readonly overlap: number;
  /**
   * How alike that is: 1 for the same sound, 0 for any two. For fingerprints 1 - 2 · (share of bits that differ); for
   * sounds below 4 s the correlation coefficient of their changes from sample to sample.
   */
  readonly similarity: number;
}

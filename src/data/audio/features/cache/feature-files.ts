/** @file Files with features: what the cache does with them, whatever keeps them. Browser-safe. */

import type { FeatureFileInfo } from "./feature-format.ts";

/** The end of names of files that are being written. */
export const TEMPORARY_SUFFIX = ".tmp";

/** Writes features step by step. All that it throws are errors of the file system. */
export interface FeatureWriter {
  /** Adds whole steps. */
  append(steps: Float32Array): void;
  /** Puts the file in its place, in the same folder. @param samples the number of samples of the recording, without padding */
  finish(path: string, samples: number, isSilent?: boolean): Promise<void>;
  /** Leaves nothing behind. */
  discard(): void;
}

export interface FeatureFiles {
  /** Makes a file in a folder, which it makes too if need be. @throws an error of the file system. */
  create(folder: string, stepSize: number): Promise<FeatureWriter>;
  /**
   * Describes a file if it is whole; this takes reading it through for its checksums.
   * @returns undefined where there is no such file, or a damaged one
   */
  check(path: string, stepSize: number): Promise<FeatureFileInfo | undefined>;
  /** The numbers of a step by a file's header, unchecked; undefined where it cannot be read. */
  stepSize(path: string): Promise<number | undefined>;
  /**
   * Reads features from number `first` on until `into` is full, without waiting.
   * @returns false where the file is gone, or reading it takes waiting
   */
  readNow(path: string, first: number, into: Float32Array): boolean;
  /** The same with waiting. @returns false where the file is gone. */
  read(path: string, first: number, into: Float32Array): Promise<boolean>;
  /** Lets a file count as used now. */
  markUsed(path: string): Promise<void>;
  /** Removes what threads that were stopped have left of files that they were writing. */
  removeUnfinished(folder: string, threads: readonly number[]): Promise<void>;
}

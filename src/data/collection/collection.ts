/** @file Recordings with labels, before anything is decoded. Browser-safe. */

/** The part of the data that a recording belongs to. */
export type SplitRole = "train" | "validation" | "test";

/** The kind of prediction that a model makes for a recording. */
export type Task =
  /** One of several classes. */
  | "classification"
  /** Any number of several tags, also none. */
  | "tagging"
  /** Numbers. */
  | "regression";

/** A problem with one file. */
export interface FileProblem {
  /** Absolute. */
  readonly path: string;
  /** In a few words: "empty file", "no samples could be decoded", … */
  readonly problem: string;
}

/** Two clips, by their ids, that hold the same recording or parts of it. */
export interface ClipLink {
  readonly a: string;
  readonly b: string;
}

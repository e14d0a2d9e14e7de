/** @file The words that messages use for the things in a collection. Browser-safe. */

/** The nouns of a medium. Plain data. */
export interface MediumWords {
  /** A file: "recording". */
  readonly file: string;
  /** With its article: "a recording". */
  readonly aFile: string;
  readonly files: string;
  /** A thing that a model answers for, a file or a part of one: "clip". */
  readonly example: string;
  readonly examples: string;
  /** The content that extensions promise: "audio". */
  readonly content: string;
  /** How a model has met an example in its training: "heard". */
  readonly met: "heard" | "seen";
}

export const SOUND_WORDS: MediumWords = {
  file: "recording",
  aFile: "a recording",
  files: "recordings",
  example: "clip",
  examples: "clips",
  content: "audio",
  met: "heard",
};

export const PICTURE_WORDS: MediumWords = {
  file: "image",
  aFile: "an image",
  files: "images",
  example: "image",
  examples: "images",
  content: "image data",
  met: "seen",
};

/** @file The words that messages use for the things in a collection. Browser-safe. */

/** The nouns of a medium. Plain data. */
export interface MediumWords {
  /** A file: "recording". */
  readonly file: string;
  readonly files: string;
  /** A thing that a model answers for, a file or a part of one: "clip". */
  readonly example: string;
  readonly examples: string;
  /** The content that extensions promise: "audio". */
  readonly content: string;
}

export const SOUND_WORDS: MediumWords = {
  file: "recording",
  files: "recordings",
  example: "clip",
  examples: "clips",
  content: "audio",
};

export const PICTURE_WORDS: MediumWords = {
  file: "picture",
  files: "pictures",
  example: "picture",
  examples: "pictures",
  content: "image data",
};

/**
 * @file The messages between the main thread and the workers that prepare features: plain data. Browser-safe.
 */

import type { FrontEndConfig } from "../../../../audio/front-end/config.ts";

/** The same for all files of a preparation. */
export interface ProcessorSettings {
  readonly frontEnd: FrontEndConfig;
  /** The front end's fingerprint: see {@link frontEndFingerprint}. */
  readonly fingerprint: string;
  /** The number of samples, at the front end's rate, to which shorter clips are padded with silence. */
  readonly minimumSamples: number;
  readonly cacheFolder: string;
}

export interface ClipRange {
  /** The clip's index in the preparation. */
  readonly clip: number;
  /** In seconds. */
  readonly start: number;
  readonly end: number | undefined;
}

/** One file and its clips. */
export interface FileTask {
  readonly path: string;
  /** Hash of its content, where that is known. */
  readonly content: string | undefined;
  /** The file's signature (see `FileState`) when its content was hashed. Without it, the content is hashed again. */
  readonly signature?: string;
  readonly clips: readonly ClipRange[];
}

/** Features of a clip: in a file of the cache, or, where it could not be written, here. */
export interface ClipFeatures {
  readonly steps: number;
  /** The number of samples of the recording, without padding. */
  readonly samples: number;
  /** Whether the sound is silent, see silence.ts; absent where it is not. */
  readonly isSilent?: true;
  /** Hash of the recording's content. */
  readonly content: string;
  readonly path: string;
  readonly features: Float32Array | undefined;
  /** The defects of the recording that did not prevent decoding it, in words. */
  readonly warnings: readonly string[];
}

export interface StageSeconds {
  readonly hash: number;
  readonly decode: number;
  readonly features: number;
  readonly cache: number;
}

/** In this order for each file: its content, then its clips with progress between them, then the end. */
export type ProcessorMessage =
  /** @param hashed since the epoch, in milliseconds: when hashing began */
  | { readonly kind: "content"; readonly path: string; readonly hash: string; readonly hashed: number }
  /** The seconds of audio decoded since the last message. */
  | { readonly kind: "decoded"; readonly seconds: number }
  | {
      readonly kind: "clip";
      readonly clip: number;
      readonly features: ClipFeatures;
      readonly cached: boolean;
    }
  | { readonly kind: "problem"; readonly clip: number; readonly problem: string }
  | { readonly kind: "cacheProblem"; readonly problem: string }
  | { readonly kind: "end"; readonly seconds: StageSeconds };

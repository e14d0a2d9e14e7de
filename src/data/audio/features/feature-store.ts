/** @file Features of recordings, as prepareFeatures hands them over. Browser-safe. */

import type { FrontEnd } from "../../../audio/front-end/front-end.ts";
import type { AudioClip } from "../collection.ts";
import type { FileProblem } from "../../collection/collection.ts";

/** Where the time of a preparation went, in seconds; all but `total` are summed over the workers. */
export interface PreparationTimings {
  /** Telling by their content which files have been seen before. */
  readonly hash: number;
  /** Reading, decoding, mixing to one channel and resampling. */
  readonly decode: number;
  readonly features: number;
  /** Reading, checking and writing the cache. */
  readonly cache: number;
  /** By the clock. */
  readonly total: number;
}

/** Features of whole clips, one step of time after the other. */
export interface FeatureStore {
  readonly frontEnd: FrontEnd;
  /** Shape of one step: `[F,C]`, or `[1]` for a waveform. */
  readonly stepShape: readonly number[];
  /** Those that could be read, in the order they came. */
  readonly clips: readonly AudioClip[];
  /** Why each of the others could not. */
  readonly problems: readonly FileProblem[];
  /** The defects of recordings that could be read nevertheless, such as a truncated file or an inconsistent header. */
  readonly warnings: readonly FileProblem[];
  /** Why features could not be kept in the cache folder, if they could not: they are in memory then. */
  readonly cacheProblem: string | undefined;
  /** The files in the cache that hold these features; undefined where none are kept. */
  readonly kept?: { readonly folder: string; readonly paths: readonly string[]; readonly bytes: number };
  readonly timings: PreparationTimings;
  /**
   * Whether the features of a clip are here; false for one that is among the problems.
   * @throws AuricleError "argument" for a clip that was not prepared.
   */
  has(clip: AudioClip): boolean;
  /** Steps of time; samples for a waveform. @throws AuricleError "argument" for a clip that is not here. */
  frames(clip: AudioClip): number;
  /** Seconds of sound, without padding. @throws AuricleError "argument" for a clip that is not here. */
  duration(clip: AudioClip): number;
  /** Whether the sound is silent, as `auricle inspect` says it. @throws AuricleError "argument" for a clip that is not here. */
  isSilent(clip: AudioClip): boolean;
  /** SHA-256 of the recording's file, hexadecimal. @throws AuricleError "argument" for a clip that is not here. */
  content(clip: AudioClip): string;
  /**
   * Steps `firstFrame` … `firstFrame + frames - 1` of a clip, `[frames, …stepShape]`. Computes them again
   * should another process have removed them from the cache.
   * @throws AuricleError "argument" for a clip or steps that are not here, "file" or "data" when they are
   * gone and the recording too.
   */
  read(clip: AudioClip, firstFrame: number, frames: number): Promise<Float32Array>;
  /**
   * As `read`, at once and into an array of just that length.
   * @returns false where the features are gone from the cache: `read` brings them back
   */
  readNow(clip: AudioClip, firstFrame: number, into: Float32Array): boolean;
}

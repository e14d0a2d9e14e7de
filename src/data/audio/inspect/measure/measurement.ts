/** @file The measurements of a recording that was decoded once from its beginning to its end. Browser-safe. */

import type { QuietStretches } from "./quiet-meter.ts";

/** Plain JSON, but for the fingerprint. */
export interface Measurement {
  /** "wav", "mp3", … and "16-bit PCM", "Vorbis", …: see `AudioInfo`. */
  readonly format: string;
  readonly codec: string;
  /** In Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** null where the encoding has no such number. */
  readonly bitDepth: number | null;
  /** Samples of each channel as the header says; null where it does not. */
  readonly claimedFrames: number | null;
  /** Samples of each channel that could be decoded. */
  readonly frames: number;
  /** The decoder's warnings. */
  readonly warnings: readonly string[];
  /** Whether all samples are numbers; where not, the levels are 0. */
  readonly isFinite: boolean;
  /** Over all channels; full scale is 1. */
  readonly peak: number;
  readonly rms: number;
  /** The largest mean of a channel. */
  readonly dcOffset: number;
  /** Share of the samples that are at full scale, three or more in a row; of the worst channel. */
  readonly clipped: number;
  /** The quiet stretches in the mean of the channels, which models get as input. */
  readonly quiet: QuietStretches;
  /** SHA-256 of rate and samples of the mean of the channels, hexadecimal. */
  readonly samplesHash: string;
  /** Sub-fingerprints, see sub-fingerprints.ts. */
  readonly fingerprint: Uint32Array;
}

/** In seconds. */
export function durationOf({ frames, sampleRate }: Pick<Measurement, "frames" | "sampleRate">): number {
  return frames / sampleRate;
}

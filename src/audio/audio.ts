/** @file Sound as numbers. Browser-safe. */

/** Samples of one or several channels. */
export interface Audio {
  /** Samples a second, in Hz. */
  readonly sampleRate: number;
  /** One array for each channel, all of one length; full scale is -1 … 1. */
  readonly channels: readonly Float32Array[];
}

/** Samples of one channel, full scale -1 … 1. */
export interface MonoAudio {
  /** Samples a second, in Hz. */
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** @file The geometry that the spectrogram kernel receives: sizes, borders, and the frames that reach beyond the waveform. */

/** Frames of `fftSize` samples, `hopLength` apart, of waveforms [batch, samples]. */
export interface FrameGeometry {
  readonly batch: number;
  readonly samples: number;
  readonly frames: number;
  /** One for which isTransformSize holds. */
  readonly fftSize: number;
  readonly hopLength: number;
  /** How far the first frame begins before the first sample. */
  readonly padding: number;
  /** The padding beyond the waveform: zeros, or the waveform mirrored at its first and last sample. */
  readonly padMode: "constant" | "reflect";
}

/** Frames [first, end) lie inside the waveform; there may be none. */
export function innerFrames(geometry: FrameGeometry): { first: number; end: number } {
  const { samples, frames, fftSize, hopLength, padding } = geometry;
  const first = Math.ceil(padding / hopLength);
  const end = Math.floor((samples + padding - fftSize) / hopLength) + 1;
  return { first, end: Math.max(first, Math.min(end, frames)) };
}

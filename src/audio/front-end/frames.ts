/** @file How a waveform is cut into frames, and how many there are. */
import { AuricleError } from "../../errors.ts";
import type { ComplexSpectrogramConfig } from "./config.ts";
import { shownValue } from "../../shown-value.ts";

/** Frame t takes the samples t · hopLength … t · hopLength + length - 1 of the padded waveform. */
export interface Framing {
  readonly hopLength: number;
  /** Samples that a frame takes. */
  readonly length: number;
  /** Samples put before and after the waveform. */
  readonly padding: readonly [before: number, after: number];
  readonly padMode: "constant" | "reflect";
}

type FrameOptions = Pick<
  ComplexSpectrogramConfig,
  "fftSize" | "windowLength" | "hopLength" | "center" | "padMode" | "frameLength"
>;

export function framingOf(options: FrameOptions): Framing {
  const { fftSize, windowLength, hopLength, center, padMode, frameLength } = options;
  if (center) return centeredFraming(fftSize, hopLength, padMode);
  // The window stays in the middle of the transform: zeros around the waveform make up for the difference.
  const missing = frameLength === "window" ? fftSize - windowLength : 0;
  const before = Math.floor(missing / 2);
  return { hopLength, length: fftSize, padding: [before, missing - before], padMode: "constant" };
}

export function centeredFraming(length: number, hopLength: number, padMode: Framing["padMode"]): Framing {
  return { hopLength, length, padding: [length / 2, length / 2], padMode };
}

/**
 * The number of frames of a waveform.
 * @throws AuricleError "shape" where there is none, or the padding reflects more samples than there are.
 */
export function frameCount({ hopLength, length, padding, padMode }: Framing, samples: number): number {
  const [before, after] = padding;
  const count = 1 + Math.floor((samples + before + after - length) / hopLength);
  const least = padMode === "reflect" ? Math.max(before, after) + 1 : Math.max(1, length - before - after);
  if (!Number.isInteger(samples) || samples < least) {
    throw new AuricleError(
      "shape",
      `front end: a waveform needs at least ${least} samples for one frame of ${length}; got ${shownValue(samples)}; pad it with zeros`,
    );
  }
  return count;
}

/**
 * Copies samples first … first + target.length - 1 of the padded waveform; beyond its end come zeros. Indices count from the
 * first padded sample.
 */
export function copyPadded(
  waveform: Float32Array,
  { padding, padMode }: Framing,
  first: number,
  target: Float32Array,
): void {
  const samples = waveform.length;
  const begin = first - padding[0];
  const inside = Math.max(0, begin);
  const end = Math.min(samples, begin + target.length);
  target.fill(0);
  if (inside < end) target.set(waveform.subarray(inside, end), inside - begin);
  if (padMode === "constant") return;
  for (let i = begin; i < Math.min(0, begin + target.length); i++) target[i - begin] = waveform[-i];
  const last = Math.min(begin + target.length, samples + padding[1]);
  for (let i = Math.max(samples, begin); i < last; i++) {
    target[i - begin] = waveform[2 * (samples - 1) - i];
  }
}

/** @file Where a unit's window lies in a recording: from steps and bins of features to seconds and hertz. Browser-safe. */

import { firstStepMiddle, frequenciesOf, windowSamples, type FrontEnd } from "../../audio/front-end/index.ts";
import type { FieldSpan } from "../../explain/index.ts";

/** A stretch of a recording, and the band within it where a unit depends on a part of the frequencies. */
export interface RecordingPlace {
  /** In seconds from the beginning. */
  readonly from: number;
  readonly to: number;
  /** The middles of the first and the last bin, in Hz; absent where bins have none. */
  readonly band?: readonly [low: number, high: number];
}

/**
 * Finds the samples that a span of steps is made of, and the frequencies of a span of bins.
 * @param time in steps of the features of the whole recording
 * @param seconds the recording's length
 */
export function placeInRecording(
  front: FrontEnd,
  [time, bins]: readonly FieldSpan[],
  seconds: number,
): RecordingPlace {
  const { sampleRate, hopLength } = front;
  const middle = (step: number) => (firstStepMiddle(front) + step * hopLength) / sampleRate;
  const half = windowSamples(front) / 2 / sampleRate;
  const band = bins && bandOf(frequenciesOf(front), bins);
  return {
    from: Math.max(0, middle(time.start) - half),
    to: Math.min(seconds, middle(time.end - 1) + half),
    ...(band && { band }),
  };
}

/** The frequencies of the first and the last bin of a span; undefined where bins have none. */
function bandOf(
  frequencies: Float64Array | undefined,
  { start, end }: FieldSpan,
): readonly [number, number] | undefined {
  if (!frequencies) return undefined;
  const last = frequencies.length - 1;
  const at = (bin: number) => frequencies[Math.min(last, Math.max(0, Math.round(bin)))];
  return [at(start), at(end - 1)];
}

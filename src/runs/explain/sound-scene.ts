/** @file The ground that maps of a recording are drawn over: its spectrogram, in seconds and hertz. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import { FeatureExtractor, frequenciesOf, frontEnd } from "../../audio/front-end/index.ts";
import { readMap, type SoundMap } from "../../explain/index.ts";
import {
  decimalText,
  frequencyTicks,
  linearAxis,
  spectrogramColors,
  type Scene,
} from "../../report/index.ts";

/** Pixels across, and for each mel band downwards. */
const WIDTH = 880;
const BAND_HEIGHT = 2;
const BANDS = 96;

/** About the length of a frame: a compromise of hits and low tones. */
const FRAME_SECONDS = 0.046;

export interface SoundScene extends Scene {
  /** The value of a map at each pixel, 0 where the model hears nothing. */
  draw(map: SoundMap): Float32Array;
  /** Where a place in time and frequency lies, 0 … 1 from the left and from below. */
  place(seconds: number): number;
  height(hertz: number): number;
}

/**
 * Draws a recording as a mel spectrogram in decibels up to half its rate, whatever features a model takes.
 * @param offset where in its file the recording begins, in seconds
 */
export function soundScene({ samples, sampleRate }: MonoAudio, offset: number): SoundScene {
  const seconds = samples.length / sampleRate;
  const front = frontEnd({
    kind: "melSpectrogram",
    sampleRate,
    melBands: BANDS,
    fftSize: 2 ** Math.max(6, Math.round(Math.log2(FRAME_SECONDS * sampleRate))),
    // Quiet parts of a short recording are as wide as others: a frame for each pixel.
    hopLength: Math.max(32, Math.ceil(samples.length / WIDTH)),
    scale: { kind: "decibels" },
  });
  const [frames] = front.outputShape(samples.length);
  const values = new FeatureExtractor(front, { threads: 1 }).extract({ samples, sampleRate });
  const frequencies = frequenciesOf(front) ?? new Float64Array(BANDS);
  const width = WIDTH;
  const height = BANDS * BAND_HEIGHT;
  const secondsAt = (x: number) => ((x + 0.5) / width) * seconds;
  const bandAt = (y: number) => BANDS - 1 - Math.floor(y / BAND_HEIGHT);
  const place = (at: number) => clamp(at / seconds);
  const picture = spectrogramColors({ values, frames, bins: BANDS }, { width, height });
  return {
    picture,
    isSmooth: true,
    x: { unit: "s", ticks: timeTicks(offset, seconds) },
    y: { unit: "Hz", ticks: frequencyTicks([...frequencies]) },
    description: `spectrogram of ${seconds.toFixed(1)} s up to ${sampleRate / 2} Hz`,
    place,
    height: (hertz) => heightOf(frequencies, hertz),
    draw(map) {
      const highest = highestOf(map);
      return Float32Array.from({ length: width * height }, (_, i) => {
        const hertz = frequencies[bandAt(Math.floor(i / width))];
        return hertz > highest ? 0 : readMap(map, secondsAt(i % width), hertz);
      });
    },
  };
}

function clamp(part: number): number {
  return Math.min(1, Math.max(0, part));
}

/** Beyond its last bin a map has no values. */
function highestOf({ frequencies }: SoundMap): number {
  if (!frequencies) return Infinity;
  const last = frequencies.length - 1;
  return frequencies[last] + (frequencies[last] - frequencies[last - 1]) / 2;
}

/** Rows stand around their bands' middles. */
function heightOf(frequencies: Float64Array, hertz: number): number {
  const above = frequencies.findIndex((other) => other >= hertz);
  if (above < 0) return 1;
  if (above === 0) return 0;
  const [low, high] = [frequencies[above - 1], frequencies[above]];
  return clamp((above - (high - hertz) / (high - low) + 0.5) / frequencies.length);
}

function timeTicks(offset: number, seconds: number) {
  const text = (value: number, step: number) => decimalText(value, step);
  return linearAxis("", [offset, offset + seconds], 6, text).ticks;
}

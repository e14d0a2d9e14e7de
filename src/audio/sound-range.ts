/**
 * @file Bandwidth, level and noise floor of recordings, three respects in which they may differ from those that a model was trained on:
 * from spectra, whoever computes them. Browser-safe.
 */

import type { MonoAudio } from "./audio.ts";
import type { FrontEndOptions } from "./front-end/config.ts";

type Range = readonly [low: number, high: number];

/** The lowest and highest bandwidth, level and noise floor of recordings; of a single one, both are equal. Plain JSON. */
export interface SoundRange {
  /**
   * The frequency above which there is no sound, in Hz: the peak power of every bin above it is at least 80 dB below
   * the loudest bin's. At most half of the recording's own sample rate.
   */
  readonly bandwidth: Range;
  /** The level of the loud parts, in dB relative to a full-scale square wave: the 90th percentile over frames. */
  readonly level: Range;
  /** The level of the quiet parts, in dB relative to `level`, so at most 0: the 10th percentile over frames. */
  readonly noiseFloor: Range;
}

/** Samples of a frame. */
const FRAME = 1024;
const BINS = FRAME / 2 + 1;

/** Frames that are looked at, spread evenly over a recording that has more. */
const MOST_FRAMES = 256;

/** The first bin that counts: those below hold what a constant offset leaves. */
const FIRST_BIN = 3;

/** 80 dB, as a ratio of powers: what librosa's and Auricle's decibels keep by default. */
const NOTHING = 1e-8;

/** The largest share of a constant offset's power that single precision leaves in the other bins. */
const ROUNDING = 1e-10;

/** The lowest level of a frame, in dB: that of silence. */
const SILENCE = -120;

/** The front end that gives the powers of whole frames. */
export const RANGE_SPECTRUM = {
  kind: "spectrogram",
  fftSize: FRAME,
  hopLength: FRAME,
  center: false,
  power: 2,
} as const satisfies FrontEndOptions;

/**
 * Measures a recording.
 * @param powersOf the features of {@link RANGE_SPECTRUM}
 * @returns undefined for silence, and for samples that are not finite numbers
 */
export function soundRangeOf(
  { samples, sampleRate }: MonoAudio,
  powersOf: (frames: Float32Array) => Float32Array,
): SoundRange | undefined {
  const frames = evenFrames(samples);
  const bandwidth = topOf(powersOf(frames));
  if (bandwidth === undefined) return undefined;
  const levels = levelsOf(frames);
  const at = (part: number) => levels[Math.min(levels.length - 1, Math.floor(part * levels.length))];
  const level = at(0.9);
  const twice = (value: number): Range => [value, value];
  return {
    bandwidth: twice((bandwidth * sampleRate) / 2),
    level: twice(level),
    noiseFloor: twice(at(0.1) - level),
  };
}

/** The range of both together. */
export function joinRanges(a: SoundRange | undefined, b: SoundRange | undefined): SoundRange | undefined {
  if (!a || !b) return a ?? b;
  const join = ([low, high]: Range, [otherLow, otherHigh]: Range): Range => [
    Math.min(low, otherLow),
    Math.max(high, otherHigh),
  ];
  return {
    bandwidth: join(a.bandwidth, b.bandwidth),
    level: join(a.level, b.level),
    noiseFloor: join(a.noiseFloor, b.noiseFloor),
  };
}

/** Whole frames one after the other; a signal shorter than one is followed by silence. */
function evenFrames(samples: Float32Array): Float32Array {
  const whole = Math.floor(samples.length / FRAME);
  const count = Math.max(1, Math.min(whole, MOST_FRAMES));
  const frames = new Float32Array(count * FRAME);
  for (let i = 0; i < count; i++) {
    const start = count === 1 ? 0 : Math.round((i * (samples.length - FRAME)) / (count - 1));
    frames.set(samples.subarray(start, start + FRAME), i * FRAME);
  }
  return frames;
}

/** The highest frequency with sound as a part of the highest there is, from powers `[frames, BINS]`. */
function topOf(powers: Float32Array): number | undefined {
  const loudest = new Float32Array(BINS);
  for (let i = 0; i < powers.length; i++) {
    const bin = i % BINS;
    if (powers[i] > loudest[bin]) loudest[bin] = powers[i];
    else if (Number.isNaN(powers[i])) return undefined;
  }
  const peakOf = (bins: Float32Array) => bins.reduce((most, power) => Math.max(most, power), 0);
  const peak = peakOf(loudest.subarray(FIRST_BIN));
  if (peak <= ROUNDING * peakOf(loudest.subarray(0, FIRST_BIN)) || peak === Infinity) return undefined;
  let top = BINS - 1;
  while (top > FIRST_BIN && loudest[top] <= NOTHING * peak) top--;
  return Math.min(1, (top + 1) / (BINS - 1));
}

/** The levels of all frames in dB, in ascending order. */
function levelsOf(frames: Float32Array): Float64Array {
  const levels = new Float64Array(frames.length / FRAME);
  for (let frame = 0; frame < levels.length; frame++) {
    let squares = 0;
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i++) squares += frames[i] * frames[i];
    levels[frame] = Math.max(SILENCE, 10 * Math.log10(squares / FRAME));
  }
  return levels.sort();
}

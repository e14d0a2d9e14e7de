/**
 * @file A vibrating string: Karplus and Strong's loop (Digital Synthesis of Plucked-String and Drum Timbres, 1983)
 * tuned by an all-pass, as Jaffe and Smith extended it (Extensions of the Karplus-Strong Plucked-String Algorithm,
 * 1983). Browser-safe.
 */

import { decayFactor } from "./arithmetic.ts";
import { onePoleCoefficient } from "./filters.ts";

export interface StringVibration {
  /** In Hz, at most a sixth of the sample rate. */
  readonly frequency: number;
  /** Seconds until the string is damped by hand. */
  readonly held: number;
  /** Seconds in which the fundamental loses 60 dB while it is held. */
  readonly decay: number;
  /** The same once it is damped. */
  readonly release: number;
  /** How much sooner high partials die, 0 … 0.5: weight of the older of two samples that the loop averages. */
  readonly damping: number;
  /** Amplitude at first, as of a sine. */
  readonly level: number;
}

/** Where a string falls silent for good, in decibels below its beginning. */
const SILENCE = 72;

/**
 * Adds a string to `out` from sample `start` on. `excite` fills the string's shape at the beginning, one period of
 * it; mean and level of what it fills do not matter.
 */
export function addString(
  out: Float32Array,
  start: number,
  vibration: StringVibration,
  excite: (shape: Float32Array) => void,
  sampleRate: number,
): void {
  const { frequency, held, decay, release, damping, level } = vibration;
  const period = sampleRate / frequency;
  // The loop's delay is the line, `damping` samples of the average, and the all-pass, which does 0.3 … 1.3 samples.
  const length = Math.floor(period - damping - 0.3);
  const fraction = period - damping - length;
  const c = (1 - fraction) / (1 + fraction);
  const line = new Float32Array(length);
  excite(line);
  normalize(line, level);

  const heldLoss = decayFactor(decay * frequency, 1);
  const dampedLoss = decayFactor(Math.min(decay, release) * frequency, 1);
  const dampedAt = start + Math.round(Math.min(held, (decay * SILENCE) / 60) * sampleRate);
  const end = Math.min(
    out.length,
    dampedAt + Math.round(((Math.min(decay, release) * SILENCE) / 60) * sampleRate),
  );
  const young = 1 - damping;
  let loss = heldLoss;
  let position = 0;
  let previous = 0;
  let input = 0;
  let output = 0;
  for (let i = start; i < end; i++) {
    if (i === dampedAt) loss = dampedLoss;
    const y = line[position];
    const x = loss * (young * y + damping * previous);
    previous = y;
    output = c * (x - output) + input;
    input = x;
    line[position] = output;
    if (++position === length) position = 0;
    out[i] += y;
  }
}

/** Mean 0, and the root mean square of a sine of amplitude `level`. */
function normalize(line: Float32Array, level: number): void {
  let mean = 0;
  for (let i = 0; i < line.length; i++) mean += line[i];
  mean /= line.length;
  let power = 0;
  for (let i = 0; i < line.length; i++) {
    line[i] -= mean;
    power += line[i] * line[i];
  }
  const scale = power > 0 ? level * Math.sqrt(line.length / (2 * power)) : 0;
  for (let i = 0; i < line.length; i++) line[i] *= scale;
}

/**
 * Shapes a string as exciting it at one place does: partials that have a node there are not heard. In place;
 * `place` is the fraction of the string's length, 0 … 0.5.
 */
export function exciteAt(shape: Float32Array, place: number): void {
  const delay = Math.max(1, Math.round(place * shape.length));
  const before = shape.slice();
  for (let i = 0; i < shape.length; i++) shape[i] -= before[(i + shape.length - delay) % shape.length];
}

/** A one-pole low-pass round and round a periodic shape, in place. */
export function softenShape(shape: Float32Array, frequency: number, sampleRate: number): void {
  const a = onePoleCoefficient(frequency, sampleRate);
  let y = 0;
  // The first round only brings the filter into the state that the second begins with.
  for (let i = 0; i < shape.length; i++) y += a * (shape[i] - y);
  for (let i = 0; i < shape.length; i++) {
    y += a * (shape[i] - y);
    shape[i] = y;
  }
}

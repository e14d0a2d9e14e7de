/**
 * @file The effects of recording on music, drawn alike for all styles: equalisation, tape, noise, a poor medium, level.
 * None of it says anything about the style. Browser-safe.
 */

import type { Generator } from "../../../../random/generator.ts";
import { decibels } from "../signals/arithmetic.ts";
import { between, chance } from "../signals/draw.ts";
import { highPass, lowPass, onePoleCoefficient } from "../signals/filters.ts";
import { pinkNoise, whiteNoise } from "../signals/noise.ts";
import { softClip } from "./distortion.ts";
import { rootMeanSquare, scaleTo } from "./level.ts";

/** Root mean square of a track in dB below full scale: drawn from this range. */
const LEVELS = [-26, -15] as const;

/** No sample is larger. */
const CEILING = 0.97;

/** Records a mix in place. */
export function record(signal: Float32Array, sampleRate: number, random: Generator): void {
  scaleTo(signal, 0.1);
  tilt(signal, between(random, -6, 6), between(random, 500, 1500), sampleRate);
  if (chance(random, 0.4)) saturate(signal, between(random, -8, 6));
  if (chance(random, 0.35)) lowPass(signal, between(random, 2500, 8000), sampleRate);
  if (chance(random, 0.25)) highPass(signal, between(random, 60, 250), sampleRate);
  scaleTo(signal, 0.1);
  addNoise(signal, random);
  if (chance(random, 0.15)) quantize(signal, 7 + random.integer(4));
  highPass(signal, 20, sampleRate);
  setLevel(signal, decibels(between(random, ...LEVELS)));
}

/** Raises the band above the frequency by this many decibels against the band below. */
function tilt(signal: Float32Array, amount: number, frequency: number, sampleRate: number): void {
  const a = onePoleCoefficient(frequency, sampleRate);
  const low = decibels(-amount / 2);
  const high = decibels(amount / 2);
  let y = 0;
  for (let i = 0; i < signal.length; i++) {
    y += a * (signal[i] - y);
    signal[i] = low * y + high * (signal[i] - y);
  }
}

/** Soft clipping, `drive` dB above a root mean square of 1/2. */
function saturate(signal: Float32Array, drive: number): void {
  scaleTo(signal, 0.5 * decibels(drive));
  for (let i = 0; i < signal.length; i++) signal[i] = softClip(signal[i]);
}

/** Hiss or rumble, 25 to 65 dB below the music, and sometimes the crackle of a record. */
function addNoise(signal: Float32Array, random: Generator): void {
  const key = random.uint32();
  const noise = chance(random, 0.5) ? whiteNoise(signal.length, key) : pinkNoise(signal.length, key);
  scaleTo(noise, rootMeanSquare(signal) * decibels(between(random, -65, -25)));
  for (let i = 0; i < signal.length; i++) signal[i] += noise[i];
  if (!chance(random, 0.15)) return;
  const gap = between(random, 500, 5000);
  for (
    let at = random.integer(2000);
    at + 1 < signal.length;
    at += 1 + Math.floor(gap * 2 * random.uniform())
  ) {
    const click = 0.3 * (2 * random.uniform() - 1);
    signal[at] += click;
    signal[at + 1] -= 0.6 * click;
  }
}

/** Rounds to so many bits, as an early sampler does, with full scale at five times the root mean square. */
function quantize(signal: Float32Array, bits: number): void {
  const steps = (1 << (bits - 1)) / (5 * rootMeanSquare(signal) + 1e-9);
  for (let i = 0; i < signal.length; i++) signal[i] = Math.round(signal[i] * steps) / steps;
}

/** Scales to a root mean square; peaks that would pass the ceiling are bent below it. */
function setLevel(signal: Float32Array, target: number): void {
  const knee = 0.6;
  scaleTo(signal, target);
  for (let i = 0; i < signal.length; i++) {
    const magnitude = Math.abs(signal[i]);
    if (magnitude <= knee) continue;
    const bent = knee + (CEILING - knee) * softClip((magnitude - knee) / (CEILING - knee));
    signal[i] = signal[i] < 0 ? -bent : bent;
  }
}

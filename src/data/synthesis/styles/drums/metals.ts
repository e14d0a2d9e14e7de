/** @file Hi-hat and cymbals: square waves in no harmony, and noise, with the low parts taken away. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";
import { between } from "../signals/draw.ts";
import { highPass, resonantFilter } from "../signals/filters.ts";
import { whiteNoise } from "../signals/noise.ts";
import { fade, mixInto, toFullScale, type DrumMaker } from "./drum.ts";

/** Frequencies of the six oscillators of a Roland TR-808's cymbals, in Hz (its service notes). */
const OSCILLATORS = [205.3, 304.4, 369.6, 522.7, 540, 800];

/** Square waves and noise in a random proportion, above a random frequency. */
function metal(
  random: Generator,
  seconds: number,
  lowest: number,
  highest: number,
  sampleRate: number,
): Float32Array {
  const sound = whiteNoise(Math.round(seconds * sampleRate), random.uint32());
  const size = between(random, 0.8, 1.5);
  const share = between(random, 0.05, 0.35);
  for (const frequency of OSCILLATORS) {
    const step = (size * frequency * between(random, 0.95, 1.05)) / sampleRate;
    let phase = 0;
    for (let i = 0; i < sound.length; i++) {
      sound[i] += phase < 0.5 ? share : -share;
      phase += step;
      if (phase >= 1) phase -= 1;
    }
  }
  const corner = between(random, lowest, highest);
  resonantFilter(sound, "highPass", corner, 0.8, sampleRate);
  highPass(sound, corner, sampleRate);
  return sound;
}

export const closedHat: DrumMaker = (random, sampleRate) => {
  const decay = between(random, 0.05, 0.16);
  const sound = metal(random, decay, 4500, 7500, sampleRate);
  fade(sound, decay, sampleRate);
  return toFullScale(sound);
};

export const openHat: DrumMaker = (random, sampleRate) => {
  const decay = between(random, 0.3, 0.8);
  const sound = metal(random, decay, 4500, 7000, sampleRate);
  fade(sound, decay, sampleRate);
  return toFullScale(sound);
};

/** A stick's ping, and a long soft wash. */
export const ride: DrumMaker = (random, sampleRate) => {
  const decay = between(random, 0.8, 2);
  const sound = metal(random, decay, 3000, 5500, sampleRate);
  fade(sound, decay, sampleRate);
  const ping = metal(random, 0.15, 2500, 4500, sampleRate);
  fade(ping, 0.15, sampleRate);
  mixInto(sound, ping, between(random, 3, 9));
  return toFullScale(sound);
};

export const crash: DrumMaker = (random, sampleRate) => {
  const decay = between(random, 1.2, 2.5);
  const sound = metal(random, decay, 1800, 4000, sampleRate);
  fade(sound, decay, sampleRate, 0.004);
  return toFullScale(sound);
};

/** @file Clap, stick on the rim, shaker, brushes. Browser-safe. */

import { between } from "../signals/draw.ts";
import { highPass, lowPass, resonantFilter } from "../signals/filters.ts";
import { whiteNoise } from "../signals/noise.ts";
import { fade, mixInto, silence, toFullScale, type DrumMaker } from "./drum.ts";
import { membrane } from "./membrane.ts";

/** Several hands, one shortly after the other, and the room. */
export const clap: DrumMaker = (random, sampleRate) => {
  const sound = silence(0.35, sampleRate);
  const hands = 3 + random.integer(3);
  for (let hand = 0; hand < hands; hand++) {
    const last = hand === hands - 1;
    const burst = whiteNoise(Math.round((last ? 0.25 : 0.03) * sampleRate), random.uint32());
    fade(burst, last ? between(random, 0.12, 0.25) : 0.03, sampleRate);
    const from = Math.round(hand * between(random, 0.008, 0.012) * sampleRate);
    mixInto(sound.subarray(from), burst, last ? 0 : -3);
  }
  resonantFilter(sound, "bandPass", between(random, 900, 1600), between(random, 0.8, 1.6), sampleRate);
  return toFullScale(sound);
};

/** A stick laid on the skin and struck on the rim: bossa nova's and reggae's click. */
export const rim: DrumMaker = (random, sampleRate) => {
  const sound = silence(0.12, sampleRate);
  const frequency = between(random, 380, 620);
  const decay = between(random, 0.04, 0.1);
  for (const ratio of [1, between(random, 2.6, 3.4), between(random, 4.2, 5)]) {
    const skin = { frequency: frequency * ratio, drop: 0, dropTime: 1, decay: decay / Math.sqrt(ratio) };
    mixInto(sound, membrane(skin, sampleRate), -3 * ratio);
  }
  const click = whiteNoise(Math.round(0.01 * sampleRate), random.uint32());
  fade(click, 0.01, sampleRate);
  mixInto(sound, click, -8);
  return toFullScale(sound);
};

export const shaker: DrumMaker = (random, sampleRate) => {
  const seconds = between(random, 0.08, 0.16);
  const sound = whiteNoise(Math.round(seconds * sampleRate), random.uint32());
  resonantFilter(sound, "bandPass", between(random, 4500, 8000), 1.2, sampleRate);
  fade(sound, seconds, sampleRate, between(random, 0.01, 0.03));
  return toFullScale(sound);
};

/** Wires tapped on the snare drum. */
export const brushTap: DrumMaker = (random, sampleRate) => {
  const sound = whiteNoise(Math.round(0.25 * sampleRate), random.uint32());
  highPass(sound, between(random, 400, 1200), sampleRate);
  lowPass(sound, between(random, 3000, 7000), sampleRate);
  fade(sound, between(random, 0.1, 0.25), sampleRate, 0.004);
  return toFullScale(sound);
};

/** Wires drawn over the skin. */
export const brushSweep: DrumMaker = (random, sampleRate) => {
  const seconds = between(random, 0.3, 0.6);
  const sound = whiteNoise(Math.round(seconds * sampleRate), random.uint32());
  resonantFilter(sound, "bandPass", between(random, 2000, 4500), 0.8, sampleRate);
  fade(sound, 1.2 * seconds, sampleRate, 0.4 * seconds);
  return toFullScale(sound);
};

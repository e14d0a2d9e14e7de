/** @file Bass drum, snare drum, tom-toms. Browser-safe. */

import { between } from "../signals/draw.ts";
import { highPass, lowPass } from "../signals/filters.ts";
import { whiteNoise } from "../signals/noise.ts";
import { fade, mixInto, silence, toFullScale, type DrumMaker } from "./drum.ts";
import { membrane } from "./membrane.ts";

/** From a dull acoustic bass drum to the long deep one of a drum machine. */
export const kick: DrumMaker = (random, sampleRate) => {
  const skin = {
    frequency: between(random, 42, 68),
    drop: between(random, 1, 5),
    dropTime: between(random, 0.05, 0.2),
    decay: between(random, 0.25, 0.7),
  };
  const sound = membrane(skin, sampleRate);
  const click = whiteNoise(Math.round(0.02 * sampleRate), random.uint32());
  lowPass(click, between(random, 800, 5000), sampleRate);
  fade(click, 0.02, sampleRate);
  mixInto(sound, click, between(random, -16, -2));
  return toFullScale(sound);
};

/** Two skins and the wires' rattle. */
export const snare: DrumMaker = (random, sampleRate) => {
  const sound = silence(0.5, sampleRate);
  const frequency = between(random, 150, 240);
  const decay = between(random, 0.1, 0.3);
  for (const ratio of [1, between(random, 1.5, 1.9)]) {
    const skin = { frequency: frequency * ratio, drop: 0.4, dropTime: 0.05, decay };
    mixInto(sound, membrane(skin, sampleRate), -4);
  }
  const wires = whiteNoise(sound.length, random.uint32());
  highPass(wires, between(random, 600, 2200), sampleRate);
  fade(wires, between(random, 0.15, 0.45), sampleRate);
  mixInto(sound, wires, between(random, -4, 5));
  return toFullScale(sound);
};

function tom(low: number, high: number): DrumMaker {
  return (random, sampleRate) => {
    const skin = {
      frequency: between(random, low, high),
      drop: between(random, 0.2, 0.8),
      dropTime: between(random, 0.1, 0.3),
      decay: between(random, 0.25, 0.7),
    };
    const sound = membrane(skin, sampleRate);
    const stick = whiteNoise(Math.round(0.03 * sampleRate), random.uint32());
    lowPass(stick, between(random, 1500, 5000), sampleRate);
    fade(stick, 0.03, sampleRate);
    mixInto(sound, stick, between(random, -14, -6));
    return toFullScale(sound);
  };
}

export const lowTom = tom(75, 110);

export const highTom = tom(120, 190);

/** Higher and drier than a tom-tom: played by hand. */
export const conga = tom(190, 330);

/** @file Bowed strings: one (violin to cello, by the pitch) and a section of them. Browser-safe. */

import { between } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { powerOfTwo } from "../signals/arithmetic.ts";
import { sustained } from "./sustained.ts";

/**
 * The bow makes a saw-tooth (Helmholtz' motion), of which the body favours some regions: the air at 280 Hz, the
 * wood at 500 Hz and the bridge around 2500 Hz, those of a violin.
 */
function body(frequency: number): number {
  return 0.35 + hump(frequency, 280, 60) + hump(frequency, 500, 120) + 0.8 * hump(frequency, 2500, 900);
}

function hump(frequency: number, centre: number, width: number): number {
  const x = (frequency - centre) / width;
  return 1 / (1 + x * x);
}

export const bowedString: InstrumentMaker = sustained({
  dark: (n, frequency) => body(n * frequency) / (n * Math.sqrt(n)),
  bright: (n, frequency) => body(n * frequency) / Math.sqrt(n * Math.sqrt(n)),
  brightness: [0.3, 0.9],
  attack: [0.05, 0.16],
  release: [0.08, 0.25],
  vibratoRate: [4.5, 6.5],
  vibratoDepth: [0.002, 0.009],
  tremoloDepth: [0, 0.15],
  scoop: [-0.015, 0.005],
  noise: [0.03, 0.15],
  noiseFrequency: [2000, 6000],
});

/** Three players who do not quite agree on pitch and beginning. */
export const stringSection: InstrumentMaker = (random, sampleRate) => {
  const cents = between(random, 4, 12);
  const late = between(random, 0.005, 0.03);
  const players = [-1, 0, 1].map((side) => ({
    play: bowedString(random, sampleRate),
    factor: powerOfTwo((side * cents) / 1200),
    delay: Math.round(late * random.uniform() * sampleRate),
  }));
  return (out, start, note) => {
    for (const { play, factor, delay } of players) {
      play(out, start + delay, {
        ...note,
        frequency: note.frequency * factor,
        velocity: 0.6 * note.velocity,
      });
    }
  };
};

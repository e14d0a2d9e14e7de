/** @file Bells by frequency modulation with a ratio that is no whole number. Browser-safe. */

import { between, pick } from "../signals/draw.ts";
import { addFrequencyModulation } from "../signals/frequency-modulation.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";

/** A maker, see `InstrumentMaker`. Bells are hardly damped: they ring on after the note. */
export const bell: InstrumentMaker = (random, sampleRate) => {
  // Chowning's bell has 1.4; 3.5 and 2.76 (a free bar's second partial) are smaller and clearer ones.
  const ratio = pick(random, [1.4, 2.76, 3.5]) * between(random, 0.995, 1.005);
  const index = between(random, 0.8, 2.5);
  const decay = between(random, 1.5, 4.5);
  const indexDecay = decay * between(random, 0.3, 0.8);
  return (out, start, { frequency, seconds, velocity }) => {
    addFrequencyModulation(
      out,
      start,
      {
        frequency,
        ratio,
        index: index * (0.4 + 0.6 * velocity),
        indexDecay,
        decay: decay * Math.sqrt(500 / frequency),
        held: seconds,
        release: 1.2,
        level: velocity,
      },
      sampleRate,
    );
  };
};

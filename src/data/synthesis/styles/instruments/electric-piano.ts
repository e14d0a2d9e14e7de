/** @file An electric piano: a struck tine, by frequency modulation. Browser-safe. */

import { between } from "../signals/draw.ts";
import { addFrequencyModulation } from "../signals/frequency-modulation.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addPartial } from "../signals/partial.ts";

/** A maker, see `InstrumentMaker`: the tone, whose brightness follows the blow, and the short ring of the tine. */
export const electricPiano: InstrumentMaker = (random, sampleRate) => {
  const decay = between(random, 2, 5);
  const index = between(random, 0.8, 2.5);
  const indexDecay = between(random, 0.6, 2);
  const tine = between(random, 0.03, 0.15);
  const ratio = between(random, 9, 14);
  const release = between(random, 0.15, 0.4);
  return (out, start, { frequency, seconds, velocity }) => {
    const common = { frequency, held: seconds, release };
    addFrequencyModulation(
      out,
      start,
      {
        ...common,
        ratio: 1,
        index: index * velocity,
        indexDecay,
        decay: decay * Math.sqrt(220 / frequency),
        level: velocity,
      },
      sampleRate,
    );
    // Left out where it would be aliased.
    if (frequency * ratio > 0.4 * sampleRate) return;
    addPartial(
      out,
      start,
      { ...common, frequency: frequency * ratio, decay: 0.3, level: tine * velocity },
      sampleRate,
    );
  };
};

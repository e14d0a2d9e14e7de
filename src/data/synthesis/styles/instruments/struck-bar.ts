/** @file Vibraphone and marimba: a bar whose first overtone is tuned two octaves above its tone. Browser-safe. */

import { between } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addPartial } from "../signals/partial.ts";

interface StruckBarKind {
  /** Seconds in which a note of 400 Hz loses 60 dB, drawn from `[low, high]`. */
  readonly decay: readonly [number, number];
  /** Amplitude of the overtone beside the tone. */
  readonly overtone: readonly [number, number];
}

function struckBar(kind: StruckBarKind): InstrumentMaker {
  return (random, sampleRate) => {
    const decay = between(random, ...kind.decay);
    const overtone = between(random, ...kind.overtone);
    return (out, start, { frequency, seconds, velocity }) => {
      const last = decay * Math.sqrt(400 / frequency);
      const add = (multiple: number, level: number, shorter: number) => {
        // Left out where it would be aliased.
        if (frequency * multiple > 0.45 * sampleRate) return;
        addPartial(
          out,
          start,
          { frequency: frequency * multiple, decay: last * shorter, held: seconds, release: 0.4, level },
          sampleRate,
        );
      };
      add(1, velocity, 1);
      add(4, velocity * velocity * overtone, 0.3);
      // A uniform bar's third partial cannot be tuned along: 9.2 … 10 times the tone.
      add(9.6, velocity * velocity * overtone * 0.4, 0.1);
    };
  };
}

export const vibraphone = struckBar({ decay: [2, 5], overtone: [0.1, 0.4] });

export const marimba = struckBar({ decay: [0.5, 1.2], overtone: [0.3, 0.8] });

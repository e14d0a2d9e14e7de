/** @file An organ with drawbars and a turning loudspeaker. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";
import { between, chance } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addSustainedTone } from "../signals/sustained-tone.ts";
import { wavetable } from "../signals/wavetable.ts";

const NO_BREATH = new Float32Array(0);

/** The partials that have drawbars. */
const DRAWBARS = [1, 2, 3, 4, 5, 6, 8];

/** A maker, see `InstrumentMaker`: the registration is drawn, and so is whether the loudspeaker turns fast. */
export const organ: InstrumentMaker = (random, sampleRate) => {
  const amplitudes = new Array<number>(8).fill(0);
  for (const partial of DRAWBARS)
    amplitudes[partial - 1] = chance(random, 0.6) ? between(random, 0.2, 1) : 0.05;
  amplitudes[0] = between(random, 0.7, 1);
  const fast = chance(random, 0.5);
  const vibratoRate = fast ? between(random, 5.5, 7) : between(random, 0.6, 1);
  const vibratoDepth = fast ? between(random, 0.001, 0.004) : 0.0005;
  const tremoloDepth = between(random, 0, 0.4);
  const notes = new Generator(random.uint32());
  return (out, start, note) => {
    const table = wavetable(amplitudes, (0.45 * sampleRate) / note.frequency);
    const tone = {
      dark: table,
      bright: table,
      brightness: 0,
      attack: 0.008,
      release: 0.05,
      sustain: 1,
      vibratoRate,
      vibratoDepth,
      tremoloDepth,
      scoop: 0,
      noise: 0,
      noiseFrequency: 1000,
      breath: NO_BREATH,
    };
    addSustainedTone(out, start, tone, note, sampleRate, notes);
  };
};

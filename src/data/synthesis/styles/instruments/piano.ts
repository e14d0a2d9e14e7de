/** @file A piano: two strings a note, a little out of tune with each other, struck by a felt hammer. Browser-safe. */

import { sine, powerOfTwo } from "../signals/arithmetic.ts";
import { between } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addString, exciteAt, softenShape } from "../signals/string.ts";

/** A maker of struck strings, see `InstrumentMaker`. */
export const piano: InstrumentMaker = (random, sampleRate) => {
  const cents = between(random, 0.3, 3);
  const decay = between(random, 3, 8);
  const damping = between(random, 0.12, 0.4);
  const hardness = between(random, 1200, 4500);
  const contact = between(random, 0.001, 0.0025);
  const release = between(random, 0.15, 0.35);
  const place = between(random, 0.1, 0.14);
  return (out, start, note) => {
    const excite = (shape: Float32Array) => {
      // The hammer leaves a hump; a hard blow is shorter.
      const width = Math.min(shape.length, Math.max(2, contact * (1.6 - note.velocity) * sampleRate));
      for (let i = 0; i < width; i++) {
        const hump = sine(i / width / 2);
        shape[i] = hump * hump;
      }
      exciteAt(shape, place);
      softenShape(shape, hardness * (0.3 + note.velocity), sampleRate);
    };
    for (const sign of [-1, 1]) {
      const vibration = {
        frequency: note.frequency * powerOfTwo((sign * cents) / 2400),
        held: note.seconds,
        decay: decay * Math.sqrt(200 / note.frequency),
        release,
        damping,
        level: 0.5 * note.velocity,
      };
      addString(out, start, vibration, excite, sampleRate);
    }
  };
};

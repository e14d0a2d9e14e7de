/** @file Guitars, harps and plucked basses. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";
import { between } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addString, exciteAt, softenShape } from "../signals/string.ts";

/** The range, `[low, high]`, in which each property of a specimen is drawn. */
interface PluckedStringKind {
  /** Corner frequency of the pluck at velocity 1, in Hz: fingertip … plectrum. */
  readonly brightness: readonly [number, number];
  /** Seconds in which a note of 200 Hz loses 60 dB. */
  readonly decay: readonly [number, number];
  /** The damping of the loop, see `StringVibration`. */
  readonly damping: readonly [number, number];
  /** Where it is plucked, as a fraction of the string. */
  readonly place: readonly [number, number];
  /** Share of noise in the pluck. */
  readonly noise: readonly [number, number];
}

function pluckedString(kind: PluckedStringKind): InstrumentMaker {
  return (random, sampleRate) => {
    const brightness = between(random, ...kind.brightness);
    const decay = between(random, ...kind.decay);
    const damping = between(random, ...kind.damping);
    const place = between(random, ...kind.place);
    const noise = between(random, ...kind.noise);
    const release = between(random, 0.08, 0.25);
    const plucks = new Generator(random.uint32());
    return (out, start, note) => {
      const vibration = {
        frequency: note.frequency,
        held: note.seconds,
        decay: decay * Math.sqrt(200 / note.frequency),
        release,
        damping,
        level: note.velocity,
      };
      const excite = (shape: Float32Array) => {
        for (let i = 0; i < shape.length; i++) shape[i] = noise * (2 * plucks.uniform() - 1);
        shape[0] += (1 - noise) * Math.sqrt(shape.length);
        exciteAt(shape, place);
        softenShape(shape, brightness * (0.3 + 0.7 * note.velocity), sampleRate);
      };
      addString(out, start, vibration, excite, sampleRate);
    };
  };
}

export const steelGuitar = pluckedString({
  brightness: [3000, 7000],
  decay: [2.5, 6],
  damping: [0.08, 0.3],
  place: [0.08, 0.22],
  noise: [0.15, 0.5],
});

export const nylonGuitar = pluckedString({
  brightness: [900, 2800],
  decay: [1.5, 3.5],
  damping: [0.25, 0.5],
  place: [0.12, 0.35],
  noise: [0.05, 0.3],
});

export const harp = pluckedString({
  brightness: [1500, 4500],
  decay: [3, 7],
  damping: [0.2, 0.45],
  place: [0.3, 0.5],
  noise: [0, 0.15],
});

export const electricBass = pluckedString({
  brightness: [500, 2200],
  decay: [3, 6],
  damping: [0.3, 0.5],
  place: [0.08, 0.25],
  noise: [0, 0.2],
});

export const doubleBass = pluckedString({
  brightness: [350, 1100],
  decay: [0.9, 2],
  damping: [0.4, 0.5],
  place: [0.15, 0.4],
  noise: [0.1, 0.4],
});

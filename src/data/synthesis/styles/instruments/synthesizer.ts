/** @file Synthesizers: bass, pad, lead, and a short stab. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";
import { between, chance } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { addSubtractive } from "../signals/subtractive.ts";

/** The range, `[low, high]`, in which a property of a specimen is drawn. */
type Range = readonly [number, number];

/** See `SubtractiveVoice` for what the ranges mean. */
interface SynthesizerKind {
  readonly oscillators: number;
  /** The detuning of the outermost oscillators, in cents. */
  readonly detune: Range;
  readonly cutoff: Range;
  readonly sweep: Range;
  readonly sweepDecay: Range;
  readonly q: Range;
  readonly attack: Range;
  readonly release: Range;
  readonly sustain: Range;
}

function synthesizer(kind: SynthesizerKind): InstrumentMaker {
  return (random, sampleRate) => {
    const cents = between(random, ...kind.detune);
    const last = kind.oscillators - 1;
    const voice = {
      square: chance(random, 0.4) ? between(random, 0.5, 1) : 0,
      detune: Array.from({ length: kind.oscillators }, (_, i) =>
        last > 0 ? cents * ((2 * i) / last - 1) : 0,
      ),
      cutoff: between(random, ...kind.cutoff),
      sweep: between(random, ...kind.sweep),
      sweepDecay: between(random, ...kind.sweepDecay),
      q: between(random, ...kind.q),
      attack: between(random, ...kind.attack),
      release: between(random, ...kind.release),
      sustain: between(random, ...kind.sustain),
    };
    const notes = new Generator(random.uint32());
    return (out, start, note) => addSubtractive(out, start, voice, note, sampleRate, notes);
  };
}

export const synthBass = synthesizer({
  oscillators: 1,
  detune: [0, 0],
  cutoff: [120, 500],
  sweep: [1, 4],
  sweepDecay: [0.05, 0.3],
  q: [0.7, 4],
  attack: [0.002, 0.006],
  release: [0.03, 0.12],
  sustain: [0.3, 0.9],
});

export const synthPad = synthesizer({
  oscillators: 3,
  detune: [5, 16],
  cutoff: [400, 1800],
  sweep: [0, 1.5],
  sweepDecay: [0.5, 3],
  q: [0.7, 1.6],
  attack: [0.15, 0.8],
  release: [0.3, 1.2],
  sustain: [0.7, 1],
});

export const synthLead = synthesizer({
  oscillators: 2,
  detune: [2, 10],
  cutoff: [700, 2800],
  sweep: [0.5, 2],
  sweepDecay: [0.1, 0.6],
  q: [0.8, 3],
  attack: [0.004, 0.02],
  release: [0.05, 0.2],
  sustain: [0.5, 0.9],
});

export const synthStab = synthesizer({
  oscillators: 3,
  detune: [4, 14],
  cutoff: [300, 1200],
  sweep: [1.5, 3.5],
  sweepDecay: [0.05, 0.2],
  q: [0.8, 2.5],
  attack: [0.002, 0.01],
  release: [0.08, 0.3],
  sustain: [0.1, 0.5],
});

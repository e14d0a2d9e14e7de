/** @file Instruments of sustained tones, by the recipe of their partials. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";
import { between } from "../signals/draw.ts";
import type { InstrumentMaker } from "../signals/instrument.ts";
import { whiteNoise } from "../signals/noise.ts";
import { addSustainedTone, BREATH_SIZE, type SustainedTone } from "../signals/sustained-tone.ts";
import { wavetable } from "../signals/wavetable.ts";

/** The range, `[low, high]`, in which a property of a specimen is drawn. */
type Range = readonly [number, number];

/** See `SustainedTone` for what the ranges mean. */
export interface SustainedKind {
  /** Amplitude of partial n = 1, 2, … of a soft tone of a frequency in Hz. */
  readonly dark: (n: number, frequency: number) => number;
  /** The same of a loud one. */
  readonly bright: (n: number, frequency: number) => number;
  readonly brightness: Range;
  readonly attack: Range;
  readonly release: Range;
  readonly vibratoRate: Range;
  readonly vibratoDepth: Range;
  readonly tremoloDepth: Range;
  readonly scoop: Range;
  readonly noise: Range;
  readonly noiseFrequency: Range;
}

/** Partials above this number are left out: they are faint, and a table has room for no more. */
const MOST_PARTIALS = 32;

export function sustained(kind: SustainedKind): InstrumentMaker {
  return (random, sampleRate) => {
    const specimen = {
      brightness: between(random, ...kind.brightness),
      attack: between(random, ...kind.attack),
      release: between(random, ...kind.release),
      sustain: between(random, 0.6, 1),
      vibratoRate: between(random, ...kind.vibratoRate),
      vibratoDepth: between(random, ...kind.vibratoDepth),
      tremoloDepth: between(random, ...kind.tremoloDepth),
      scoop: between(random, ...kind.scoop),
      noise: between(random, ...kind.noise),
      noiseFrequency: between(random, ...kind.noiseFrequency),
      breath: whiteNoise(BREATH_SIZE, random.uint32()),
    };
    // No two instruments of a kind have the same resonances.
    const character = Array.from({ length: MOST_PARTIALS }, () => between(random, 0.6, 1.4));
    const notes = new Generator(random.uint32());
    const tablesOf = (frequency: number) => {
      const highest = Math.min(MOST_PARTIALS, (0.45 * sampleRate) / frequency);
      const table = (amplitude: (n: number, frequency: number) => number) =>
        wavetable(
          character.map((factor, i) => factor * amplitude(i + 1, frequency)),
          highest,
        );
      return { ...specimen, dark: table(kind.dark), bright: table(kind.bright) };
    };
    // A piece has few pitches, each of them often.
    const tones = new Map<number, SustainedTone>();
    return (out, start, note) => {
      let tone = tones.get(note.frequency);
      if (tone === undefined) {
        tone = tablesOf(note.frequency);
        tones.set(note.frequency, tone);
      }
      addSustainedTone(out, start, tone, note, sampleRate, notes);
    };
  };
}

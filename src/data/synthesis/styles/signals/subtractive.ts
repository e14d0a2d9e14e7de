/**
 * @file A synthesizer's voice: saw-tooth or square oscillators, detuned against each other, through a resonant
 * low-pass that an envelope opens. Browser-safe.
 */

import type { Generator } from "../../../../random/generator.ts";
import { powerOfTwo } from "./arithmetic.ts";
import { tangent } from "./filters.ts";
import type { Note } from "./instrument.ts";

export interface SubtractiveVoice {
  /** Share of the square wave; the rest is saw-tooth. */
  readonly square: number;
  /** The detuning of each oscillator, in cents. */
  readonly detune: readonly number[];
  /** Corner frequency of the low-pass at rest, in Hz. */
  readonly cutoff: number;
  /** By how many octaves the envelope raises it at velocity 1. */
  readonly sweep: number;
  /** Seconds in which the sweep falls to a third. */
  readonly sweepDecay: number;
  /** Quality of the resonance, from 0.7. */
  readonly q: number;
  readonly attack: number;
  readonly release: number;
  /** Loudness that is left after a second of holding, 0 … 1. */
  readonly sustain: number;
}

/** Samples for which the filter stays and the loudness goes in a straight line. */
const BLOCK = 32;

/** Adds a note to `out` from sample `start` on; `random` gives the oscillators' phases. */
export function addSubtractive(
  out: Float32Array,
  start: number,
  voice: SubtractiveVoice,
  note: Note,
  sampleRate: number,
  random: Generator,
): void {
  const held = Math.max(note.seconds, voice.attack);
  const end = Math.min(out.length, start + Math.round((held + voice.release) * sampleRate));
  const steps = Float64Array.from(
    voice.detune,
    (cents) => (note.frequency * powerOfTwo(cents / 1200)) / sampleRate,
  );
  const phases = Float64Array.from(voice.detune, () => random.uniform());
  const block = new Float32Array(BLOCK);
  // The root mean square of a saw-tooth is 0.577, of a square 1; a sine's is 0.707.
  const scale = 0.707 / (Math.sqrt(steps.length) * (0.577 + 0.423 * voice.square));
  let amplitude = 0;
  let first = 0;
  let second = 0;
  for (let from = start; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    oscillate(block, count, phases, steps, voice.square);
    const time = (from - start) / sampleRate;
    const opened = voice.sweep * note.velocity * (voice.sweepDecay / (voice.sweepDecay + 2 * time));
    const g = tangent(voice.cutoff * powerOfTwo(opened), sampleRate);
    const r = 1 / voice.q;
    const d = 1 / (1 + g * (g + r));
    const next = scale * note.velocity * loudnessAt(voice, held, time + count / sampleRate);
    const slope = (next - amplitude) / count;
    for (let i = 0; i < count; i++) {
      const h = (block[i] - (g + r) * first - second) * d;
      const b = g * h + first;
      const l = g * b + second;
      first = g * h + b;
      second = g * b + l;
      amplitude += slope;
      out[from + i] += amplitude * l;
    }
  }
}

/** Fills the block with the sum of the oscillators. */
function oscillate(
  block: Float32Array,
  count: number,
  phases: Float64Array,
  steps: Float64Array,
  square: number,
): void {
  block.fill(0);
  const saw = 1 - square;
  for (let oscillator = 0; oscillator < steps.length; oscillator++) {
    const step = steps[oscillator];
    let phase = phases[oscillator];
    for (let i = 0; i < count; i++) {
      const y = 2 * phase - 1 - corner(phase, step);
      if (square > 0) {
        // A square wave is the difference of two saw-tooths half a period apart.
        const half = phase < 0.5 ? phase + 0.5 : phase - 0.5;
        const other = 2 * half - 1 - corner(half, step);
        block[i] += saw * y + square * (y - other);
      } else {
        block[i] += y;
      }
      phase += step;
      if (phase >= 1) phase -= 1;
    }
    phases[oscillator] = phase;
  }
}

/**
 * The correction to subtract from a naive saw-tooth near its jump so that little is aliased: the polynomial of Välimäki
 * and Huovilainen, Antialiasing Oscillators in Subtractive Synthesis, 2007.
 */
function corner(phase: number, step: number): number {
  if (phase < step) {
    const t = phase / step - 1;
    return -t * t;
  }
  if (phase > 1 - step) {
    const t = (phase - 1) / step + 1;
    return t * t;
  }
  return 0;
}

/** Loudness 0 … 1 at a time after the beginning, in seconds. */
function loudnessAt(voice: SubtractiveVoice, held: number, time: number): number {
  const rise = Math.min(1, time / voice.attack);
  const left = 1 - (1 - voice.sustain) * Math.min(1, Math.min(time, held));
  const fall = time > held ? Math.max(0, 1 - (time - held) / voice.release) : 1;
  return rise * left * fall * fall;
}

/**
 * @file A tone that a bow, breath or a motor keeps alive: a dark and a bright wavetable, mixed by how hard it is
 * blown or bowed, with vibrato and noise. Browser-safe.
 */

import type { Generator } from "../../../../random/generator.ts";
import { sine } from "./arithmetic.ts";
import { onePoleCoefficient } from "./filters.ts";
import type { Note } from "./instrument.ts";
import { TABLE_SIZE } from "./wavetable.ts";

export interface SustainedTone {
  /** Wavetables of `wavetable`; the bright one is mixed in with the loudness. */
  readonly dark: Float32Array;
  readonly bright: Float32Array;
  /** Share of the bright table at velocity 1 and full loudness, 0 … 1. */
  readonly brightness: number;
  /** Seconds from silence to full loudness, and back after the note. */
  readonly attack: number;
  readonly release: number;
  /** Loudness that is left after a second of holding, 0 … 1. */
  readonly sustain: number;
  /** In Hz. */
  readonly vibratoRate: number;
  /** Greatest change of frequency, relative to it. */
  readonly vibratoDepth: number;
  /** Greatest loss of loudness, 0 … 1, at the rate of the vibrato. */
  readonly tremoloDepth: number;
  /** Where the pitch begins, relative to the frequency: -0.03 is half a semitone below. */
  readonly scoop: number;
  /** Amplitude of the noise of breath or bow beside that of the tone, 0 … 1, before its low-pass. */
  readonly noise: number;
  /** Corner frequency of the noise in Hz. */
  readonly noiseFrequency: number;
  /** White noise, `BREATH_SIZE` samples, that is read over and over. */
  readonly breath: Float32Array;
}

/** 0.7 s at 22,050 Hz: enough that nobody hears it begin anew. */
export const BREATH_SIZE = 16_384;

/** Samples for which frequency and loudness change in straight lines. */
const BLOCK = 32;

/** Seconds in which vibrato sets in. */
const VIBRATO_DELAY = 0.35;

/** Seconds in which a scoop is gone. */
const SCOOP_TIME = 0.07;

/** Adds a tone to `out` from sample `start` on; `random` gives its phases. */
export function addSustainedTone(
  out: Float32Array,
  start: number,
  tone: SustainedTone,
  note: Note,
  sampleRate: number,
  random: Generator,
): void {
  const { dark, bright, breath } = tone;
  const held = Math.max(note.seconds, tone.attack);
  const end = Math.min(out.length, start + Math.round((held + tone.release) * sampleRate));
  const noiseCoefficient = onePoleCoefficient(tone.noiseFrequency, sampleRate);
  const mask = TABLE_SIZE - 1;
  const vibratoPhase = random.uniform();
  let phase = random.uniform() * TABLE_SIZE;
  let smooth = 0;
  let puff = random.integer(BREATH_SIZE);
  let amplitude = 0;
  for (let from = start; from < end; from += BLOCK) {
    const to = Math.min(end, from + BLOCK);
    const time = (to - start) / sampleRate;
    const swing = sine(vibratoPhase + tone.vibratoRate * time);
    const loudness = loudnessAt(tone, held, time);
    const next = note.velocity * loudness * (1 - tone.tremoloDepth * (0.5 + 0.5 * swing));
    const vibrato = tone.vibratoDepth * swing * Math.min(1, time / VIBRATO_DELAY);
    const scoop = tone.scoop * Math.max(0, 1 - time / SCOOP_TIME);
    const step = (TABLE_SIZE * note.frequency * (1 + vibrato + scoop)) / sampleRate;
    const share = tone.brightness * note.velocity * loudness;
    const noise = tone.noise * 2;
    const slope = (next - amplitude) / (to - from);
    for (let i = from; i < to; i++) {
      const index = phase | 0;
      const part = phase - index;
      const d = dark[index] + part * (dark[index + 1] - dark[index]);
      const b = bright[index] + part * (bright[index + 1] - bright[index]);
      let y = d + share * (b - d);
      if (noise > 0) {
        smooth += noiseCoefficient * (breath[puff] - smooth);
        puff = (puff + 1) & (BREATH_SIZE - 1);
        y += noise * smooth;
      }
      amplitude += slope;
      out[i] += amplitude * y;
      phase += step;
      if (phase >= TABLE_SIZE) phase = (phase & mask) + (phase - Math.floor(phase));
    }
    amplitude = next;
  }
}

/** Loudness 0 … 1 at a time after the beginning, in seconds. */
function loudnessAt(tone: SustainedTone, held: number, time: number): number {
  const rise = Math.min(1, time / tone.attack);
  // Smooth at both ends, so that nothing clicks.
  const risen = rise * rise * (3 - 2 * rise);
  const left = 1 - (1 - tone.sustain) * Math.min(1, Math.min(time, held));
  const fall = time > held ? Math.max(0, 1 - (time - held) / tone.release) : 1;
  return risen * left * fall * fall;
}

/**
 * @file Two sines, one of which moves the phase of the other: Chowning, The Synthesis of Complex Audio Spectra by
 * Means of Frequency Modulation, 1973. Browser-safe.
 */

import { decayFactor } from "./arithmetic.ts";
import { SINE_TABLE, TABLE_SIZE } from "./wavetable.ts";

export interface FrequencyModulation {
  /** The frequency of the tone, in Hz. */
  readonly frequency: number;
  /** The modulating sine's frequency, as a multiple of the tone's. */
  readonly ratio: number;
  /** How many radians it moves the phase at first. */
  readonly index: number;
  /** Seconds in which the modulation loses 60 dB, and in which the tone does. */
  readonly indexDecay: number;
  readonly decay: number;
  /** Seconds until the tone is damped, and in which it then loses 60 dB. */
  readonly held: number;
  readonly release: number;
  readonly level: number;
}

/** Seconds over which the tone begins. */
const ATTACK = 0.002;

/** Adds a tone to `out` from sample `start` on. */
export function addFrequencyModulation(
  out: Float32Array,
  start: number,
  tone: FrequencyModulation,
  sampleRate: number,
): void {
  const release = Math.min(tone.release, tone.decay);
  const dampedAt = start + Math.round(Math.min(tone.held, tone.decay) * sampleRate);
  const end = Math.min(out.length, dampedAt + Math.round(release * sampleRate));
  const carrierStep = (TABLE_SIZE * tone.frequency) / sampleRate;
  const modulatorStep = carrierStep * tone.ratio;
  const attackStep = 1 / (ATTACK * sampleRate);
  const indexFactor = decayFactor(tone.indexDecay, sampleRate);
  const dampedFactor = decayFactor(release, sampleRate);
  let factor = decayFactor(tone.decay, sampleRate);
  // In table entries instead of radians.
  let index = (tone.index * TABLE_SIZE) / (2 * Math.PI);
  let amplitude = tone.level;
  let attack = 0;
  let carrier = 0;
  let modulator = 0;
  for (let i = start; i < end; i++) {
    if (i === dampedAt) factor = dampedFactor;
    if (attack < 1) attack = Math.min(1, attack + attackStep);
    out[i] += attack * amplitude * lookUp(carrier + index * lookUp(modulator));
    amplitude *= factor;
    index *= indexFactor;
    carrier += carrierStep;
    if (carrier >= TABLE_SIZE) carrier -= TABLE_SIZE;
    modulator += modulatorStep;
    while (modulator >= TABLE_SIZE) modulator -= TABLE_SIZE;
  }
}

/** The sine at a phase in table entries, which may be negative. */
function lookUp(phase: number): number {
  const whole = Math.floor(phase);
  const index = whole & (TABLE_SIZE - 1);
  const left = SINE_TABLE[index];
  return left + (phase - whole) * (SINE_TABLE[index + 1] - left);
}

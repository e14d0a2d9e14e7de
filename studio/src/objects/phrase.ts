/**
 * @file The studio's clip: a plucked phrase over a soft drum, three seconds, so that it has onsets, harmonics and decay. The strings
 * are those of Karplus and Strong (1983).
 */
import { Generator } from "auricle";
import type { Sound } from "../sound/player.svelte.ts";

const SAMPLE_RATE = 16_000;
const SECONDS = 3;

/** Seconds and Hz: A minor, up and down. */
const NOTES = [
  [0, 220],
  [0.375, 261.63],
  [0.75, 329.63],
  [1.125, 440],
  [1.5, 523.25],
  [1.875, 440],
  [2.25, 329.63],
] as const;
const BEATS = [0, 0.75, 1.5, 2.25] as const;

export function phrase(): Sound {
  const samples = new Float32Array(SECONDS * SAMPLE_RATE);
  const generator = new Generator(7);
  for (const [at, frequency] of NOTES) addString(samples, at, frequency, generator);
  for (const at of BEATS) addDrum(samples, at, generator);
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return {
    name: "Plucked phrase",
    samples: samples.map((value) => (0.8 * value) / peak),
    sampleRate: SAMPLE_RATE,
  };
}

function addString(samples: Float32Array, at: number, frequency: number, generator: Generator): void {
  const period = Math.round(SAMPLE_RATE / frequency);
  const string = Float32Array.from({ length: period }, () => 2 * generator.uniform() - 1);
  const start = Math.round(at * SAMPLE_RATE);
  for (let i = 0; start + i < samples.length; i++) {
    const place = i % period;
    const value = string[place] ?? 0;
    samples[start + i] = (samples[start + i] ?? 0) + 0.5 * value;
    string[place] = 0.498 * (value + (string[(place + 1) % period] ?? 0));
  }
}

/** A tone that falls from 110 to 50 Hz, and a little noise at its beginning. */
function addDrum(samples: Float32Array, at: number, generator: Generator): void {
  const start = Math.round(at * SAMPLE_RATE);
  let phase = 0;
  for (let i = 0; i < 0.3 * SAMPLE_RATE && start + i < samples.length; i++) {
    const time = i / SAMPLE_RATE;
    phase += (2 * Math.PI * (50 + 60 * Math.exp(-time / 0.03))) / SAMPLE_RATE;
    const noise = 0.15 * Math.exp(-time / 0.01) * (2 * generator.uniform() - 1);
    samples[start + i] = (samples[start + i] ?? 0) + 0.6 * Math.exp(-time / 0.09) * Math.sin(phase) + noise;
  }
}

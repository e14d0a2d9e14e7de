/** @file The studio's clip: a plucked phrase over a soft drum, three seconds, so that it has onsets, harmonics and decay. */
import { Generator } from "auricle";
import type { Sound } from "../sound/player.svelte.ts";
import { addDrum, addString, SAMPLE_RATE } from "./instruments.ts";

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
  const generator = new Generator(7);
  const samples = new Float32Array(SECONDS * SAMPLE_RATE);
  addStrings(samples, generator);
  addDrums(samples, generator);
  const peak = peakOf(samples);
  return {
    name: "Plucked phrase",
    samples: samples.map((value) => (0.8 * value) / peak),
    sampleRate: SAMPLE_RATE,
  };
}

/** The same notes on the left and the drum on the right. */
export function stereoPhrase(): Sound {
  const generator = new Generator(7);
  const channels = [0, 1].map(() => new Float32Array(SECONDS * SAMPLE_RATE));
  const [left, right] = channels;
  addStrings(left, generator);
  addDrums(right, generator);
  const peak = Math.max(...channels.map(peakOf));
  for (const channel of channels) channel.forEach((value, i) => (channel[i] = (0.8 * value) / peak));
  return {
    name: "The same in stereo",
    samples: left.map((value, i) => (value + right[i]) / 2),
    sampleRate: SAMPLE_RATE,
    recorded: { channels: 2, read: () => Promise.resolve(channels) },
  };
}

function addStrings(samples: Float32Array, generator: Generator): void {
  for (const [at, frequency] of NOTES) addString(samples, at, frequency, generator);
}

function addDrums(samples: Float32Array, generator: Generator): void {
  for (const at of BEATS) addDrum(samples, at, generator);
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

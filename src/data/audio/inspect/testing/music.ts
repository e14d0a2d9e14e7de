/** @file Sounds for tests: something like music, and single notes. */

import { Generator } from "../../../../random/generator.ts";

/** The default sample rate of the sounds, in Hz. */
export const RATE = 16_000;

export interface MusicOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly sampleRate?: number;
}

/** Struck notes at random times and pitches, each with four partials that fade away. */
export function music({ seed, seconds, sampleRate = RATE }: MusicOptions): Float32Array {
  const random = new Generator(seed);
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let start = 0; start < seconds; start += 0.1 + 0.25 * random.uniform()) {
    const frequency = 110 * 2 ** (3 * random.uniform());
    const decay = 2 + 6 * random.uniform();
    const weights = [1, 2, 3, 4].map((partial) => random.uniform() / partial);
    const first = Math.round(start * sampleRate);
    for (let i = first; i < Math.min(samples.length, first + 2 * sampleRate); i++) {
      const t = (i - first) / sampleRate;
      const rise = Math.min(1, t / 0.005);
      let sound = 0;
      weights.forEach((weight, k) => {
        sound += weight * Math.sin(2 * Math.PI * (k + 1) * frequency * t);
      });
      samples[i] += 0.2 * rise * Math.exp(-decay * t) * sound;
    }
  }
  return samples;
}

/** A single note whose partials, drawn from the seed, fade alike: steady but for its level. */
export function note(frequency: number, { seed, seconds, sampleRate = RATE }: MusicOptions): Float32Array {
  const random = new Generator(seed);
  const partials = Array.from({ length: 8 }, (_, k) => ({
    weight: random.uniform() / (k + 1),
    phase: 2 * Math.PI * random.uniform(),
  }));
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate;
    let sound = 0;
    partials.forEach(({ weight, phase }, k) => {
      sound += weight * Math.sin(2 * Math.PI * (k + 1) * frequency * t + phase);
    });
    return 0.2 * Math.exp(-1.5 * t) * Math.min(1, t / 0.01) * sound;
  });
}

/** A hit: noise that fades away within `seconds`. */
export function hit({ seed, seconds, sampleRate = RATE }: MusicOptions): Float32Array {
  const random = new Generator(seed);
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    return 0.5 * (2 * random.uniform() - 1) * Math.exp((-8 * i) / (seconds * sampleRate));
  });
}

export function scaled(samples: Float32Array, gain: number): Float32Array {
  return samples.map((sample) => gain * sample);
}

/** With white noise, uniform between ± `amplitude`. */
export function withNoise(samples: Float32Array, amplitude: number, seed: number): Float32Array {
  const random = new Generator(seed);
  return samples.map((sample) => sample + amplitude * (2 * random.uniform() - 1));
}

/** With silence before and after it, in samples. */
export function padded(samples: Float32Array, before: number, after: number): Float32Array {
  const result = new Float32Array(before + samples.length + after);
  result.set(samples, before);
  return result;
}

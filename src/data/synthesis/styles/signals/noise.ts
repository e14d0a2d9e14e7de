/** @file Noise. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";

/** White noise, uniform on -1 … 1. */
export function whiteNoise(length: number, key: number): Float32Array {
  const random = new Generator(key);
  const noise = new Float32Array(length);
  for (let i = 0; i < length; i++) noise[i] = 2 * random.uniform() - 1;
  return noise;
}

/**
 * Pink noise, about 3 dB less an octave, with the peaks of white noise: Paul Kellet's sum of three one-pole
 * low-passes (musicdsp.org, "Pink noise filter", the economy method).
 */
export function pinkNoise(length: number, key: number): Float32Array {
  const noise = whiteNoise(length, key);
  let a = 0;
  let b = 0;
  let c = 0;
  for (let i = 0; i < length; i++) {
    const white = noise[i];
    a = 0.99765 * a + 0.099046 * white;
    b = 0.963 * b + 0.2965164 * white;
    c = 0.57 * c + 1.0526913 * white;
    noise[i] = (a + b + c + 0.1848 * white) * 0.2;
  }
  return noise;
}

/** @file Augmentation: the sign of a waveform. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

/** Turns a waveform upside down with probability 1/2, which nobody hears but a network without this sees. */
export function flipPolarity(waveform: Float32Array, random: Generator): void {
  if (random.uniform() >= 0.5) return;
  for (let i = 0; i < waveform.length; i++) waveform[i] = -waveform[i];
}

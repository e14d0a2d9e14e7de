/** @file Augmentation: white noise at a signal-to-noise ratio. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";
import { addNormal } from "./normal-table.ts";

/**
 * Adds white normal noise to a waveform. Its power is the waveform's mean square divided by 10^(ratio / 10),
 * the ratio in dB uniform on `range`. Silence stays silent.
 */
export function addWaveformNoise(
  waveform: Float32Array,
  range: readonly [number, number],
  random: Generator,
): void {
  const ratio = range[0] + (range[1] - range[0]) * random.uniform();
  let energy = 0;
  for (let i = 0; i < waveform.length; i++) energy += waveform[i] * waveform[i];
  if (energy === 0) return;
  addNormal(waveform, Math.sqrt(energy / waveform.length / 10 ** (ratio / 10)), random);
}

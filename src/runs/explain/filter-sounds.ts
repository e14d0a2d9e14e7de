/** @file The filters of a network on waveforms, as sound. Browser-safe. */

import { encodeWav } from "../../audio/index.ts";
import { filterSound } from "../../explain/index.ts";
import { orderedFilters, type FilterSounds, type FirstLayerFilters } from "../../report/index.ts";

/** The length of each, and of the silence after it, in seconds. */
const EACH = 0.4;
const PAUSE = 0.1;

/** Noise through each filter, in the order of their pictures. */
export function filterSounds(filters: FirstLayerFilters): FilterSounds {
  const { sampleRate } = filters;
  const sounds = orderedFilters(filters).map(({ name, taps }) => ({
    name: `filter-${name}`,
    samples: filterSound(taps, { sampleRate, seconds: EACH }),
  }));
  const length = Math.round((EACH + PAUSE) * sampleRate);
  const all = new Float32Array(length * sounds.length);
  sounds.forEach(({ samples }, i) => all.set(samples, i * length));
  const wavOf = (samples: Float32Array) => encodeWav({ sampleRate, channels: [samples] }, { bitDepth: 16 });
  return {
    wav: wavOf(all),
    each: EACH + PAUSE,
    files: sounds.map(({ name, samples }) => ({ name, wav: wavOf(samples) })),
  };
}

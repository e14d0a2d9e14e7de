/** @file Several channels to one. Browser-safe. */

import type { Audio, MonoAudio } from "../audio.ts";

/** The mean of all channels, as librosa's `to_mono`. One channel is handed on without a copy. */
export function toMono(audio: Audio): MonoAudio {
  return { sampleRate: audio.sampleRate, samples: meanOf(audio.channels) };
}

/** The mean of arrays of one length, added up in their order. */
export function meanOf(channels: readonly Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0];
  if (channels.length === 2) return meanOfTwo(channels[0], channels[1]);
  const mean = channels[0].slice();
  for (const channel of channels.slice(1)) {
    for (let i = 0; i < mean.length; i++) mean[i] += channel[i];
  }
  const scale = 1 / channels.length;
  for (let i = 0; i < mean.length; i++) mean[i] *= scale;
  return mean;
}

/** The same bits in one pass over the samples, not four. */
function meanOfTwo(left: Float32Array, right: Float32Array): Float32Array {
  const mean = new Float32Array(left.length);
  for (let i = 0; i < mean.length; i++) mean[i] = Math.fround(left[i] + right[i]) * 0.5;
  return mean;
}

/** Arrays one after the other; a single one is handed on without a copy. */
export function concatenate(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0];
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

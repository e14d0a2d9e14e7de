/** @file Features as sound: what a window of them may have sounded like. Browser-safe. */
import type { MonoAudio } from "../../audio/audio.ts";
import { firstStepMiddle, frequenciesOf, type FrontEnd } from "../../audio/front-end/index.ts";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { formatShape } from "../../tensor/shape.ts";
import { applyGains } from "./apply-gains.ts";

/** The effective level of every sound. */
const LEVEL = 0.1;

/**
 * Makes features audible. Samples are their own sound. Of spectrograms, whose phases are not known, noise is filtered to the magnitudes that
 * the features stand for: by a short-time Fourier transform and its inverse. All sounds have the same level; without anything to hear
 * they are silent.
 *
 * @example
 * const sound = featureSound(frontEnd(config), { shape: [44, 128, 1], data });
 * @param features `[T, F, C]` or, of a waveform, `[T, 1]`; of features with deltas the first channel counts
 * @returns samples at the front end's rate; undefined for features whose bins have no frequencies, as cepstral coefficients
 * @throws AuricleError "shape" for features that are not the front end's
 */
export function featureSound(front: FrontEnd, features: FloatArray): MonoAudio | undefined {
  const { config, sampleRate, hopLength } = front;
  const { shape, data } = features;
  if (config.kind === "waveform") {
    if (shape.length !== 2 || shape[1] !== 1) throw wrongShape("[T,1]", features);
    return { samples: levelled(data), sampleRate };
  }
  const frequencies = frequenciesOf(front);
  if (!frequencies) return undefined;
  const [frames, bins] = shape;
  if (shape.length !== 3 || bins !== frequencies.length) {
    throw wrongShape(`[T,${frequencies.length},C]`, features);
  }
  const first = firstStepMiddle(front) / sampleRate;
  const times = Float64Array.from({ length: frames }, (_, frame) => first + (frame * hopLength) / sampleRate);
  const values = magnitudesOf(config, features);
  const generator = new Generator(deriveKey(0, "featureSound"));
  const noise = Float32Array.from({ length: frames * hopLength }, () => generator.normal());
  const samples = applyGains({ samples: noise, sampleRate }, { values, frames, bins, times, frequencies });
  return { samples: levelled(samples), sampleRate };
}

function wrongShape(wanted: string, { shape }: FloatArray): AuricleError {
  return new AuricleError("shape", `featureSound: features must be ${wanted}; got ${formatShape(shape)}`);
}

/** `[T, F]`: magnitudes up to a common factor, the scale of the features undone. */
function magnitudesOf(config: FrontEndConfig, { shape, data }: FloatArray): Float32Array {
  const channels = shape[2];
  const count = data.length / channels;
  if (config.kind === "complexSpectrogram") {
    return Float32Array.from({ length: count }, (_, i) => Math.hypot(data[2 * i], data[2 * i + 1]));
  }
  const linear = linearOf(config);
  const power = "power" in config ? config.power : 1;
  // Decibels are relative: the loudest place is 1, so that no sum overflows.
  let greatest = -Infinity;
  for (let i = 0; i < count; i++) greatest = Math.max(greatest, data[i * channels]);
  return Float32Array.from({ length: count }, (_, i) => {
    const value = Math.max(0, linear(data[i * channels], greatest));
    return power === 2 ? Math.sqrt(value) : value;
  });
}

/** Undoes a scale, up to a factor. */
function linearOf(config: FrontEndConfig): (value: number, greatest: number) => number {
  const scale = "scale" in config ? config.scale : ({ kind: "linear" } as const);
  const power = "power" in config ? config.power : 1;
  switch (scale.kind) {
    case "linear":
      return (value) => value;
    case "decibels":
      return (value, greatest) => 10 ** ((value - greatest) / (20 / power));
    case "naturalLog":
      return (value, greatest) => Math.exp(value - greatest) - scale.offset * Math.exp(-greatest);
    case "log10":
      return (value, greatest) => 10 ** (value - greatest) - 10 ** -greatest;
  }
}

/** The same sound at one level, and no sample beyond full scale. */
function levelled(samples: Float32Array): Float32Array {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);
  const gain = power > 0 && Number.isFinite(power) ? LEVEL / Math.sqrt(power) : 0;
  return samples.map((value) => Math.max(-1, Math.min(1, value * gain)));
}

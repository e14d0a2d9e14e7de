/** @file Augmentation: a louder or softer recording, applied to its features. Browser-safe. */

import type { AmplitudeScale, FrontEndConfig, MfccConfig } from "../../../../audio/front-end/config.ts";
import type { Generator } from "../../../../random/generator.ts";
import type { WindowShape } from "./masks.ts";

/** The effect of a gain of the waveform on features. */
export type GainLaw =
  /** All values are multiplied by the `power`-th power of the amplitude's factor. */
  | { readonly kind: "multiply"; readonly power: number }
  /**
   * `perDecibel` for each dB of gain is added to the values of channel 0: to those of all bins, or of bin 0
   * alone.
   */
  | { readonly kind: "add"; readonly perDecibel: number; readonly bins: "all" | "first" }
  /** Values of channel 0 are f(x), and x is multiplied by the `power`-th power of the amplitude's factor. */
  | { readonly kind: "compressed"; readonly scale: CompressedScale; readonly power: number }
  /** Features of a louder recording are the same. */
  | { readonly kind: "none" };

type CompressedScale = Extract<AmplitudeScale, { kind: "naturalLog" | "log10" }>;

/**
 * How a front end's features change with the gain of the waveform. Exact but where silence meets a floor:
 * values at the smallest number of decibels (`amin`) move with the others. Derivatives of logarithms do not
 * change.
 */
export function gainLaw(config: FrontEndConfig): GainLaw {
  switch (config.kind) {
    case "waveform":
    case "complexSpectrogram":
      return { kind: "multiply", power: 1 };
    case "constantQ":
      return scaleLaw(config.scale, 1);
    case "spectrogram":
    case "melSpectrogram":
      return scaleLaw(config.scale, config.power);
    case "mfcc":
      return cepstralLaw(config);
  }
}

function scaleLaw(scale: AmplitudeScale, power: number): GainLaw {
  switch (scale.kind) {
    case "linear":
      return { kind: "multiply", power };
    case "decibels":
      return scale.reference === "max" ? { kind: "none" } : { kind: "add", perDecibel: 1, bins: "all" };
    case "naturalLog":
    case "log10":
      return { kind: "compressed", scale, power };
  }
}

/**
 * A constant added to all mel bands adds to coefficient 0 alone, since the other rows of the cosine transform
 * have the sum 0. The logarithms with an offset are taken to be logarithms.
 */
function cepstralLaw(config: MfccConfig): GainLaw {
  const { scale, power, melBands, dctNorm, lifter } = config;
  const law = scaleLaw(scale, power);
  if (law.kind === "multiply" || law.kind === "none") return law;
  const rowSum = dctNorm === "ortho" ? Math.sqrt(melBands) : 2 * melBands;
  const lift = lifter > 0 ? 1 + (lifter / 2) * Math.sin(Math.PI / lifter) : 1;
  return { kind: "add", perDecibel: perDecibel(scale, power) * rowSum * lift, bins: "first" };
}

function perDecibel(scale: AmplitudeScale, power: number): number {
  if (scale.kind === "decibels") return 1;
  return scale.kind === "log10" ? power / 20 : (power * Math.LN10) / 20;
}

/**
 * Changes a window as a gain in dB, uniform on `range`, would have changed the waveform it was computed from.
 */
export function applyGain(
  window: Float32Array,
  shape: WindowShape,
  range: readonly [number, number],
  law: GainLaw,
  random: Generator,
): void {
  const decibels = range[0] + (range[1] - range[0]) * random.uniform();
  const channels = shape[2];
  switch (law.kind) {
    case "multiply": {
      const factor = 10 ** ((decibels * law.power) / 20);
      for (let i = 0; i < window.length; i++) window[i] *= factor;
      break;
    }
    case "add": {
      const step = law.bins === "all" ? channels : channels * shape[1];
      for (let i = 0; i < window.length; i += step) window[i] += decibels * law.perDecibel;
      break;
    }
    case "compressed": {
      const louder = compressedGain(law.scale, 10 ** ((decibels * law.power) / 20));
      for (let i = 0; i < window.length; i += channels) window[i] = louder(window[i]);
      break;
    }
  }
}

/** y = f(x) ↦ f(factor · x), for f(x) = ln(x + offset) or log10(1 + factor · x). */
function compressedGain(scale: CompressedScale, factor: number): (y: number) => number {
  if (scale.kind === "log10") return (y) => Math.log10(1 + factor * Math.max(0, 10 ** y - 1));
  const { offset } = scale;
  return (y) => Math.log(factor * Math.max(0, Math.exp(y) - offset) + offset);
}

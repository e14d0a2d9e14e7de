/** @file The front end of a model where nobody says it: as far up as its data have sound. Browser-safe. */

import {
  frontEndConfig,
  type FrontEndConfig,
  type FrontEndOptions,
  type MelSpectrogramConfig,
} from "../../audio/front-end/config.ts";
import { hertzToMel } from "../../audio/front-end/mel.ts";
import { highestFrequency } from "../../audio-model/outside-range.ts";
import type { Survey } from "./survey-recordings.ts";

/** The fraction of a model's band above which sound found there leaves the front end as published. */
const WORTH = 0.85;

/** The factor by which the measured bandwidth is widened, as only a sample of the recordings is measured. */
const MARGIN = 1.05;

/** The multiple to which the highest frequency is rounded up, in Hz. */
const STEP = 100;
/** The lowest value of the highest frequency, in Hz. */
const LEAST = 500;

/** The number of which the count of mel bands is a multiple, so that pooling leaves no remainder. */
const BANDS = 16;

/**
 * Returns a model's own front end; where no recording has sound in the upper part of its band, the same without that part.
 *
 * The hop in ms and the bin width in Hz do not change: as long as the sound still fits, the sample rate is halved, and with
 * it everything that is counted in samples. Mel bands above the sound are left out, and the others are spaced about as
 * closely as before.
 */
export function chooseFrontEnd(front: FrontEndOptions, { range, sampleRate }: Survey): FrontEndConfig {
  const own = frontEndConfig(front);
  if (!range) return own;
  const found = MARGIN * range.bandwidth[1];
  const top = Math.min(sampleRate / 2, Math.max(LEAST, Math.ceil(found / STEP) * STEP));
  if (top >= WORTH * highestFrequency(own)) return own;
  const narrowed = own.kind === "melSpectrogram" ? withBandsBelow(top, own) : own;
  let config = narrowed;
  for (let half = halfOf(narrowed); half && top <= half.sampleRate / 2; half = halfOf(half)) config = half;
  return config;
}

/** Half the sample rate, and half of all that is counted in samples; undefined where that is no whole number. */
function halfOf(config: FrontEndConfig): FrontEndConfig | undefined {
  const sampleRate = config.sampleRate / 2;
  if (!Number.isInteger(sampleRate)) return undefined;
  if (config.kind === "waveform") return { ...config, sampleRate };
  if (!("fftSize" in config)) return undefined;
  const [fftSize, windowLength, hopLength] = [
    config.fftSize / 2,
    config.windowLength / 2,
    config.hopLength / 2,
  ];
  if (fftSize % 2 !== 0 || !Number.isInteger(windowLength) || !Number.isInteger(hopLength)) return undefined;
  const half = { ...config, sampleRate, fftSize, windowLength, hopLength };
  if ("maxFrequency" in half) return { ...half, maxFrequency: Math.min(half.maxFrequency, sampleRate / 2) };
  return "bins" in half ? { ...half, bins: Math.min(half.bins, fftSize / 2 + 1) } : half;
}

function withBandsBelow(top: number, config: MelSpectrogramConfig): MelSpectrogramConfig {
  const { melScale, minFrequency, maxFrequency, melBands } = config;
  const span = (highest: number) => hertzToMel(highest, melScale) - hertzToMel(minFrequency, melScale);
  const part = span(top) / span(maxFrequency);
  const bands = Math.max(1, Math.round((part * melBands) / BANDS)) * BANDS;
  return { ...config, maxFrequency: top, melBands: Math.min(melBands, bands) };
}

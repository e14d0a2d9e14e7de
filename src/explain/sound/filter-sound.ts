/** @file The sound of what a filter passes. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { shownValue } from "../../shown-value.ts";

export interface FilterSoundOptions {
  /** In Hz. */
  readonly sampleRate: number;
  /** The length of the sound. Default 0.5. */
  readonly seconds?: number;
  /** The seed of the noise. Default 0. */
  readonly seed?: number;
}

const OPTIONS: OptionNames<FilterSoundOptions> = { sampleRate: true, seconds: true, seed: true };

/** The effective level of every sound: filters differ by what they pass, not by how loud. */
const LEVEL = 0.1;

/** Rise and fall, so that nothing clicks. */
const FADE_SECONDS = 0.01;

/**
 * Filters white noise by a filter's taps: the sound of what it passes, at one level for all filters. A filter of zeros is silent.
 *
 * @example
 * const sound = filterSound(taps, { sampleRate: 16_000 });
 * encodeWav({ sampleRate: 16_000, channels: [sound] });
 * @param taps the weights, the first on the oldest sample, as a convolution layer has them
 * @throws AuricleError "argument" for no taps, or a rate or length that is not above 0
 */
export function filterSound(taps: ArrayLike<number>, options: FilterSoundOptions): Float32Array {
  checkOptions("filterSound", options, OPTIONS, "taps, ");
  const { sampleRate, seconds = 0.5, seed = 0 } = options;
  const length = Math.round(seconds * sampleRate);
  if (taps.length === 0 || !(length > 0 && length < Infinity)) {
    throw new AuricleError(
      "argument",
      `filterSound: needs taps and a sound of at least one sample; got ${taps.length} taps, ${shownValue(seconds)} s at ${sampleRate} Hz`,
    );
  }
  const generator = new Generator(deriveKey(seed, "filterSound"));
  const noise = Float32Array.from({ length: length + taps.length - 1 }, () => generator.normal());
  const passed = new Float64Array(length);
  for (let tap = 0; tap < taps.length; tap++) {
    const weight = taps[tap];
    for (let i = 0; i < length; i++) passed[i] += weight * noise[i + tap];
  }
  const power = passed.reduce((sum, value) => sum + value * value, 0) / length;
  const gain = power > 0 ? LEVEL / Math.sqrt(power) : 0;
  const fade = Math.max(1, Math.min(FADE_SECONDS * sampleRate, length / 2));
  return Float32Array.from(passed, (value, i) => {
    const edge = Math.min(1, (i + 0.5) / fade, (length - i - 0.5) / fade);
    return Math.max(-1, Math.min(1, value * gain * edge));
  });
}

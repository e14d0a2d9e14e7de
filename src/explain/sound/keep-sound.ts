/** @file A recording with only the parts that mattered. Browser-safe. */
import type { MonoAudio } from "../../audio/audio.ts";
import { AuricleError } from "../../errors.ts";
import { checkOptions } from "../../options.ts";
import { applyGains } from "./apply-gains.ts";
import type { SoundMap } from "./sound-map.ts";
import { shownValue } from "../../shown-value.ts";

export interface KeepOptions {
  /**
   * The part of the map's area that is kept, that of its greatest values, in 0 … 1; or "soft": everything, each part as loud as its
   * value is to the greatest. Nothing is kept where values are 0 or negative. Default 0.2.
   */
  readonly keep?: number | "soft";
}

/** The result of {@link keepSound}: both parts add up to the recording. */
export interface KeptSound {
  /** Samples at the recording's rate, as many as it has. */
  readonly kept: Float32Array;
  readonly removed: Float32Array;
}

/**
 * Filters a recording by a map of relevance: each part of its short-time Fourier transform is multiplied by a gain and the result
 * transformed back.
 *
 * @example
 * const { kept } = keepSound(audio, soundMap(front, map, steps));
 * encodeWav({ sampleRate: audio.sampleRate, channels: [kept] });
 * @throws AuricleError "argument" for a part outside 0 … 1
 */
export function keepSound(audio: MonoAudio, map: SoundMap, options: KeepOptions = {}): KeptSound {
  checkOptions("keepSound", options, { keep: true }, "audio, map, ");
  const kept = applyGains(audio, gainsOf(map, options.keep ?? 0.2));
  return { kept, removed: audio.samples.map((sample, i) => sample - kept[i]) };
}

/** Gains in 0 … 1 by the values of a map. @throws AuricleError "argument" for a part outside 0 … 1 */
export function gainsOf(map: SoundMap, keep: number | "soft"): SoundMap {
  const { values } = map;
  if (keep === "soft") {
    const greatest = values.reduce((a, b) => Math.max(a, b), 0);
    return { ...map, values: values.map((value) => (greatest > 0 ? Math.max(0, value) / greatest : 0)) };
  }
  if (!(keep >= 0 && keep <= 1)) {
    throw new AuricleError("argument", `keepSound: keep must be "soft" or in 0 … 1; got ${shownValue(keep)}`);
  }
  const count = Math.round(keep * values.length);
  if (count === 0) return { ...map, values: new Float32Array(values.length) };
  // Equal values at the limit are kept together, so that the order of bins does not decide.
  const limit = values.toSorted((a, b) => b - a)[count - 1];
  return { ...map, values: values.map((value) => (value >= limit && value > 0 ? 1 : 0)) };
}

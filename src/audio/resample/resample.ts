/**
 * @file Change of the sample rate by a windowed sinc that keeps 95% of the band and leaves less than -120 dB of what lies
 * beyond it. The same bits everywhere. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import type { MonoAudio } from "../audio.ts";
import { concatenate } from "../decode/mono.ts";
import { RateConverter } from "./rate-converter.ts";
import { shownValue } from "../../shown-value.ts";

/** A conversion in progress; several `process` calls give the same samples as a single one. */
export interface Resampler {
  /** Returns the part of the result that is settled once `samples` follow those of earlier calls. */
  process(samples: Float32Array): Float32Array;
  /** The rest; the result then has ceil(samples * to / from) samples altogether. */
  finish(): Float32Array;
  /** Lets another conversion have the memory. */
  free(): void;
}

const MAX_RATIO = 256;

/** Samples of a recording that are converted before their results are moved to their place: both stay in the cache. */
const PIECE = 65_536;

/** Converters that are kept for the next recording at the same rates: a table takes longer to compute than a short clip. */
const MOST_IDLE = 4;
const idle: RateConverter[] = [];

/**
 * Starts a conversion of one channel.
 * @throws AuricleError "argument" where a rate is not a positive whole number, or they differ by more than 256 times.
 */
export function createResampler(from: number, to: number): Resampler {
  if (!isRate(from) || !isRate(to) || Math.max(from, to) > MAX_RATIO * Math.min(from, to)) {
    throw new AuricleError(
      "argument",
      `resample: rates must be positive whole numbers that differ by at most ${MAX_RATIO} times; got ${shownValue(from)} and ${shownValue(to)} Hz`,
    );
  }
  const converter = takeConverter(from, to);
  let taken = 0;
  let given = 0;
  return {
    process(samples) {
      taken += samples.length;
      const result = concatenate(converter.push(samples));
      given += result.length;
      return result;
    },
    finish() {
      const missing = Math.ceil((taken * to) / from) - given;
      // Half of the stretch of the last output lies behind the end.
      return concatenate(converter.push(new Float32Array(converter.taps))).subarray(0, missing);
    },
    free() {
      if (idle.length === MOST_IDLE) idle.shift();
      idle.push(converter);
    },
  };
}

/** One that nothing uses, as if it were new. */
function takeConverter(from: number, to: number): RateConverter {
  const index = idle.findIndex((converter) => converter.from === from && converter.to === to);
  if (index < 0) return new RateConverter(from, to);
  const [converter] = idle.splice(index, 1);
  converter.restart();
  return converter;
}

/**
 * A recording at another sample rate, with ceil(samples * sampleRate / audio.sampleRate) samples.
 * @throws AuricleError "argument" as `createResampler`.
 */
export async function resample(audio: MonoAudio, sampleRate: number): Promise<MonoAudio> {
  if (sampleRate === audio.sampleRate) return audio;
  const resampler = createResampler(audio.sampleRate, sampleRate);
  try {
    const { length } = audio.samples;
    const samples = new Float32Array(Math.ceil((length * sampleRate) / audio.sampleRate));
    let end = 0;
    for (let at = 0; at < length; at += PIECE) {
      const piece = resampler.process(audio.samples.subarray(at, at + PIECE));
      samples.set(piece, end);
      end += piece.length;
    }
    samples.set(resampler.finish(), end);
    return { sampleRate, samples };
  } finally {
    resampler.free();
  }
}

function isRate(rate: number): boolean {
  return Number.isInteger(rate) && rate > 0;
}

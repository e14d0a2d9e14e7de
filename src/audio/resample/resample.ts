/**
 * @file Change of the sample rate by libsamplerate's best converter: a windowed sinc with a 145 dB signal-to-noise
 * ratio that keeps 96% of the band. It is WebAssembly, so the bits are the same everywhere. Browser-safe.
 */

import type * as LibSampleRate from "@alexanderolsen/libsamplerate-js";
import { AuricleError } from "../../errors.ts";
import type { MonoAudio } from "../audio.ts";
import { concatenate } from "../decode/mono.ts";

/** A conversion in progress; several `process` calls give the same samples as a single one. */
export interface Resampler {
  /** What of the result is settled once `samples` follow those of earlier calls. */
  process(samples: Float32Array): Float32Array;
  /** The rest; the result then has ceil(samples * to / from) samples altogether. */
  finish(): Float32Array;
  /** Lets another conversion have the memory. */
  free(): void;
}

type Library = (typeof LibSampleRate)["default"];
type Converter = Awaited<ReturnType<Library["create"]>>;

/** Given to the converter at once; it refuses more than about a million samples in or out. */
const INPUT_SAMPLES = 32_768;
const OUTPUT_SAMPLES = 262_144;
/** The library's own bound. */
const MAX_RATIO = 256;

/** Converters that wait for their next use, by ratio: an instance takes megabytes that are not collected at once. */
const idle = new Map<string, Converter[]>();

/**
 * Starts a conversion of one channel.
 * @throws AuricleError "argument" where a rate is not a positive whole number, or they differ by more than 256 times.
 */
export async function createResampler(from: number, to: number): Promise<Resampler> {
  if (!isRate(from) || !isRate(to) || Math.max(from, to) > MAX_RATIO * Math.min(from, to)) {
    throw new AuricleError(
      "argument",
      `resample: rates must be positive whole numbers that differ by at most ${MAX_RATIO} times; got ${from} and ${to} Hz`,
    );
  }
  // Only the ratio matters, and the library refuses numbers above 192,000.
  const divisor = greatestCommonDivisor(from, to);
  const [down, up] = [from / divisor, to / divisor];
  const key = `${down}:${up}`;
  const converter = idle.get(key)?.pop() ?? (await createConverter(down, up));
  const chunk = Math.max(1, Math.min(INPUT_SAMPLES, Math.floor((OUTPUT_SAMPLES * from) / to)));
  let taken = 0;
  let given = 0;
  const convert = (samples: Float32Array): Float32Array[] => {
    const parts: Float32Array[] = [];
    for (let at = 0; at < samples.length; at += chunk)
      parts.push(converter.full(samples.subarray(at, at + chunk)));
    return parts;
  };
  return {
    process(samples) {
      taken += samples.length;
      const result = concatenate(convert(samples));
      given += result.length;
      return result;
    },
    finish() {
      // The library's wrapper cannot say that the input ends; zeros push out what it holds back.
      const missing = Math.ceil((taken * to) / from) - given;
      const parts: Float32Array[] = [];
      const zeros = new Float32Array(chunk);
      for (let length = 0; length < missing; length += parts[parts.length - 1].length)
        parts.push(...convert(zeros));
      return concatenate(parts).subarray(0, missing);
    },
    free() {
      // Setting a property clears the converter's memory of the past.
      converter.outputSampleRate = up;
      idle.set(key, [...(idle.get(key) ?? []), converter]);
    },
  };
}

/**
 * A recording at another sample rate, with ceil(samples * sampleRate / audio.sampleRate) samples.
 * @throws AuricleError "argument" as `createResampler`.
 */
export async function resample(audio: MonoAudio, sampleRate: number): Promise<MonoAudio> {
  if (sampleRate === audio.sampleRate) return audio;
  const resampler = await createResampler(audio.sampleRate, sampleRate);
  try {
    return { sampleRate, samples: concatenate([resampler.process(audio.samples), resampler.finish()]) };
  } finally {
    resampler.free();
  }
}

async function createConverter(from: number, to: number): Promise<Converter> {
  const module = await import("@alexanderolsen/libsamplerate-js");
  // A CommonJS module: Node.js has its exports under "default", bundlers at the top.
  const library: Library = "default" in module ? module.default : module;
  return library.create(1, from, to, { converterType: library.ConverterType.SRC_SINC_BEST_QUALITY });
}

function isRate(rate: number): boolean {
  return Number.isInteger(rate) && rate > 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

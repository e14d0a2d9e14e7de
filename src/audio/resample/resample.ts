/**
 * @file Change of the sample rate by the resampler of Speex at its highest quality: a windowed sinc that keeps 95% of
 * the band and leaves less than -120 dB of what lies beyond it. It is WebAssembly, so the bits are the same everywhere.
 * Browser-safe.
 */

import type { SpeexModule } from "@echogarden/speex-resampler-wasm/simd";
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

/** Of 0 … 10. */
const QUALITY = 10;
const CHUNK_SAMPLES = 16_384;
const MAX_RATIO = 256;

let loaded: Promise<SpeexModule> | undefined;

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
  loaded ??= import("@echogarden/speex-resampler-wasm/simd").then((module) => module.default());
  const speex = await loaded;
  const lengths = speex._malloc(8);
  const input = speex._malloc(4 * CHUNK_SAMPLES);
  const output = speex._malloc(4 * CHUNK_SAMPLES);
  const state = speex._speex_resampler_init(1, from, to, QUALITY, lengths);
  // So that the first sample that comes out belongs to the first one that goes in.
  speex._speex_resampler_skip_zeros(state);
  let taken = 0;
  let given = 0;
  const convert = (samples: Float32Array): Float32Array[] => {
    const parts: Float32Array[] = [];
    for (let at = 0; at < samples.length;) {
      const chunk = samples.subarray(at, at + CHUNK_SAMPLES);
      speex.HEAPF32.set(chunk, input / 4);
      speex.HEAPU32.set([chunk.length, CHUNK_SAMPLES], lengths / 4);
      speex._speex_resampler_process_float(state, 0, input, lengths, output, lengths + 4);
      const [used, made] = speex.HEAPU32.subarray(lengths / 4);
      parts.push(speex.HEAPF32.slice(output / 4, output / 4 + made));
      at += used;
    }
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
      const missing = Math.ceil((taken * to) / from) - given;
      const parts: Float32Array[] = [];
      const zeros = new Float32Array(CHUNK_SAMPLES);
      for (let length = 0; length < missing;) {
        const more = concatenate(convert(zeros));
        parts.push(more);
        length += more.length;
      }
      return concatenate(parts).subarray(0, missing);
    },
    free() {
      speex._speex_resampler_destroy(state);
      for (const pointer of [lengths, input, output]) speex._free(pointer);
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

function isRate(rate: number): boolean {
  return Number.isInteger(rate) && rate > 0;
}

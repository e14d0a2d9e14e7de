/** @file One channel at a chosen rate, of a part of a recording or of all of it in blocks. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { MonoAudio } from "../audio.ts";
import { createResampler } from "../resample/resample.ts";
import { framesOf, type AudioReader } from "./audio-reader.ts";
import { concatenate, meanOf } from "./mono.ts";
import { ReservedSamples } from "./reserved-samples.ts";
import { requireUsable } from "./usable-samples.ts";

export interface ReadOptions {
  /** The sample rate of the result, in Hz. Default: the recording's own. */
  readonly sampleRate?: number;
  /** In seconds. Default 0. */
  readonly start?: number;
  /** In seconds; what goes beyond the recording's end is left out. Default: to the end. */
  readonly duration?: number;
}

/** The names of {@link ReadOptions}. */
export const READ_OPTIONS: OptionNames<ReadOptions> = { sampleRate: true, start: true, duration: true };

/** @throws AuricleError "file" where nothing could be decoded. */
export function requireSamples(name: string, samples: number): void {
  if (samples === 0) throw new AuricleError("file", `${name}: no samples could be decoded`);
}

/**
 * A part of a recording: cut out first, then resampled, as librosa's `load` does. It has
 * `ceil(frames * sampleRate / rate)` samples, where `frames` is `round(duration * rate)` of the recording's own rate.
 * @throws AuricleError "file" where no samples are there, or some that are no numbers; "argument" for a start that is negative or not before the
 * end, a duration that is not more than 0, or a rate that `createResampler` refuses.
 */
export async function readMono(
  reader: AudioReader,
  name: string,
  options: ReadOptions = {},
): Promise<MonoAudio> {
  checkOptions("readMono", options, READ_OPTIONS);
  const result = new ReservedSamples(promisedSamples(reader, options), 1);
  for await (const samples of monoBlocks(reader, name, options)) result.add(samples);
  const samples = result.finish();
  requireSamples(name, samples.length);
  return { sampleRate: options.sampleRate ?? reader.info.sampleRate, samples };
}

/** The length of the result by the header. 0 where it promises nothing. */
function promisedSamples(
  { info }: AudioReader,
  { sampleRate, start = 0, duration = Infinity }: ReadOptions,
): number {
  if (info.frames === undefined) return 0;
  const frames = Math.min(
    info.frames - Math.round(start * info.sampleRate),
    Math.round(duration * info.sampleRate),
  );
  const samples = Math.ceil((frames * (sampleRate ?? info.sampleRate)) / info.sampleRate);
  // Options that are no numbers are refused before the first block.
  return samples > 0 ? samples : 0;
}

/**
 * The same as `readMono`, in blocks of `seconds` each; the last one is shorter. Put together they are its result, bit
 * for bit, and memory does not grow with the recording.
 */
export async function* blocksOfMono(
  reader: AudioReader,
  name: string,
  options: ReadOptions & { readonly seconds: number },
): AsyncGenerator<MonoAudio> {
  checkOptions("blocks", options, { seconds: true, ...READ_OPTIONS });
  const sampleRate = options.sampleRate ?? reader.info.sampleRate;
  const length = Math.round(options.seconds * sampleRate);
  if (!(length >= 1))
    throw new AuricleError("argument", `${name}: blocks of ${options.seconds} s hold no samples`);
  let parts: Float32Array[] = [];
  let held = 0;
  for await (const samples of monoBlocks(reader, name, options)) {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + length - held);
      parts.push(part);
      held += part.length;
      at += part.length;
      if (held === length) {
        yield { sampleRate, samples: ownCopy(parts) };
        parts = [];
        held = 0;
      }
    }
  }
  if (held > 0) yield { sampleRate, samples: ownCopy(parts) };
}

/** The parts as one array of its own: a short block must not keep a long one in memory. */
function ownCopy(parts: readonly Float32Array[]): Float32Array {
  return parts.length === 1 ? parts[0].slice() : concatenate(parts);
}

async function* monoBlocks(
  reader: AudioReader,
  name: string,
  options: ReadOptions,
): AsyncGenerator<Float32Array> {
  const rate = reader.info.sampleRate;
  const { sampleRate = rate, start = 0, duration = Infinity } = options;
  if (!(start >= 0 && start < Infinity) || !(duration > 0)) {
    const asked = `start ${start} s, duration ${duration} s`;
    throw new AuricleError(
      "argument",
      `${name}: start must be 0 or more and duration more than 0; got ${asked}`,
    );
  }
  const first = Math.round(start * rate);
  const { frames } = reader.info;
  if (frames !== undefined && first > 0 && first >= frames) {
    const length = (frames / rate).toFixed(3);
    throw new AuricleError(
      "argument",
      `${name}: start ${start} s is not before the recording's end (${length} s)`,
    );
  }
  const end = first + Math.round(duration * rate);
  const resampler = sampleRate === rate ? undefined : createResampler(rate, sampleRate);
  try {
    for await (const channels of framesOf(reader, first, end)) {
      const samples = meanOf(channels);
      requireUsable(name, samples);
      const result = resampler ? resampler.process(samples) : samples;
      if (result.length > 0) yield result;
    }
    const rest = resampler?.finish();
    if (rest && rest.length > 0) yield rest;
  } finally {
    resampler?.free();
  }
}

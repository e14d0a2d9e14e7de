/** @file The interface of every format's decoder. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** The facts about a recording that are available before it is decoded. */
export interface AudioInfo {
  /** The container: "wav", "w64", "aiff", "caf", "au", "sphere", "mp3", "flac", "ogg", "webm", "m4a" or "aac". */
  readonly format: string;
  /** The codec, in words: "16-bit PCM", "mu-law", "Vorbis", … */
  readonly codec: string;
  /** Samples a second, in Hz. Opus always decodes at 48,000. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Bits a sample, where the encoding has such a number. */
  readonly bitDepth: number | undefined;
  /** Samples of each channel, as the header says or as counted; undefined where only decoding tells. */
  readonly frames: number | undefined;
  /** In seconds: frames / sampleRate. */
  readonly duration: number | undefined;
  /** Faults that do not keep it from being decoded, in words: "truncated: …". Decoding may add to them. */
  readonly warnings: readonly string[];
}

/** A stretch of decoded sound. */
export interface AudioBlock {
  /** The position of its first frame from the recording's start; negative where an encoder's delay is to be dropped. */
  readonly position: number;
  /** One array for each channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** A recording that was opened, in any format. */
export interface AudioReader {
  readonly info: AudioInfo;
  /**
   * Decodes frames `start` … `end` (exclusive, not beyond `info.frames`; Infinity where that is not known) block by block. Blocks follow one another without a
   * gap; the first may begin before `start` and the last may reach past `end`.
   * @throws AuricleError "file" where the data are damaged beyond use.
   */
  blocks(start: number, end: number): AsyncGenerator<AudioBlock>;
  /**
   * Decodes all frames at once, where that takes no more than the result and the recording's bytes: what is not cut into blocks need
   * not be put together again.
   * @throws AuricleError "file" as `blocks`.
   */
  readonly whole?: () => Promise<readonly Float32Array[]>;
}

/** Exactly the frames `start` … `end` of `reader`, or those of them that there are; none beyond its `info.frames`. */
export async function* framesOf(
  reader: Pick<AudioReader, "blocks"> & { readonly info: Pick<AudioInfo, "frames"> },
  start: number,
  end: number,
): AsyncGenerator<readonly Float32Array[]> {
  const last = Math.min(end, reader.info.frames ?? Infinity);
  if (start >= last) return;
  for await (const block of reader.blocks(start, last)) {
    const length = block.channels[0]?.length ?? 0;
    const from = Math.max(0, start - block.position);
    const to = Math.min(length, last - block.position);
    if (from < to) {
      yield from === 0 && to === length
        ? block.channels
        : block.channels.map((channel) => channel.subarray(from, to));
    }
    if (block.position + length >= last) return;
  }
}

/** Fills in what follows from the rest. */
export function describeAudio(info: Omit<AudioInfo, "duration">): AudioInfo {
  return { ...info, duration: info.frames === undefined ? undefined : info.frames / info.sampleRate };
}

/** The error that names the file. */
export function fileError(source: ByteSource, problem: string, cause?: unknown): AuricleError {
  return new AuricleError("file", `${source.name}: ${problem}`, { cause });
}

/** Rates beyond any recording's; a header outside of it is damaged, and resampling needs some bound. */
const MAX_SAMPLE_RATE = 10_000_000;
const MAX_CHANNELS = 1024;

/** @throws AuricleError "file" for a header whose sample rate or number of channels makes no sense. */
export function checkHeader(source: ByteSource, sampleRate: number, channels: number): void {
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > MAX_SAMPLE_RATE) {
    throw fileError(source, `the header is damaged: a sample rate of ${sampleRate} Hz`);
  }
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw fileError(source, `the header is damaged: ${channels} channels`);
  }
}

/** The warning for a recording that is shorter than its header says; both in seconds. */
export function truncationWarning(claimed: number, present: number): string {
  return `truncated: the header says ${claimed.toFixed(1)} s, the file holds ${present.toFixed(1)} s`;
}

/** @file FLAC, decoded by libFLAC. Browser-safe. */

import {
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { findFlacFrame, flacFrames, type FlacBatch, type FlacFrame } from "./flac-frames.ts";
import { readFlacHeader, type FlacStream } from "./flac-header.ts";

/** Read at once in a search for a frame; larger than most frames are. */
const SEARCH_BYTES = 65_536;
/** Whole numbers that a 32-bit float holds exactly. */
const EXACT_BITS = 24;

/** @throws AuricleError "file" where the header is damaged. */
export async function openFlac(source: ByteSource, offset: number): Promise<AudioReader> {
  const stream = await readFlacHeader(source, offset);
  const { sampleRate, channels, bitDepth } = stream;
  const warnings: string[] = [];
  let frames = stream.frames;
  const present = await samplesPresent(source, stream);
  if (frames !== undefined && present !== undefined && present < frames) {
    warnings.push(truncationWarning(frames / sampleRate, present / sampleRate));
    frames = present;
  }
  const info = describeAudio({
    format: "flac",
    codec: `${bitDepth}-bit FLAC`,
    sampleRate,
    channels,
    bitDepth,
    frames,
    warnings,
  });
  return {
    info,
    async *blocks(start, end) {
      const from = start === 0 ? stream.dataOffset : await seekFrame(source, stream, start);
      yield* decodeFlac(source, flacFrames(source, stream, from), bitDepth, end);
    },
  };
}

/** Decodes frames until `end` is passed. */
export async function* decodeFlac(
  source: ByteSource,
  batches: AsyncIterable<FlacBatch>,
  bitDepth: number,
  end: number,
): AsyncGenerator<AudioBlock> {
  const { FLACDecoder } = await import("@wasm-audio-decoders/flac");
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    let position: number | undefined;
    for await (const { first, frames } of batches) {
      position ??= first.firstSample;
      const { channelData, samplesDecoded } = await decoder.decodeFrames([...frames]);
      if (samplesDecoded > 0) yield { position, channels: rescaled(channelData, bitDepth) };
      position += samplesDecoded;
      if (position >= end) return;
    }
  } catch (error) {
    throw fileError(source, "the flac data are damaged", error);
  } finally {
    decoder.free();
  }
}

/**
 * The library divides whole numbers by 2^(bits-1) - 1. Divided by 2^(bits-1), like those of a wav file, a recording is
 * the same bits in both formats; beyond 24 bits the difference is below what a float can tell.
 */
function rescaled(channels: readonly Float32Array[], bitDepth: number): readonly Float32Array[] {
  if (bitDepth > EXACT_BITS) return channels;
  const largest = 2 ** (bitDepth - 1) - 1;
  const scale = 1 / 2 ** (bitDepth - 1);
  for (const samples of channels) {
    for (let i = 0; i < samples.length; i++) samples[i] = Math.round(samples[i] * largest) * scale;
  }
  return channels;
}

/** Where the last frame begins that starts at or before `sample`, or one not far before it: found by bisection. */
async function seekFrame(source: ByteSource, stream: FlacStream, sample: number): Promise<number> {
  let best = { offset: stream.dataOffset, firstSample: 0 };
  let high = source.size;
  while (high - best.offset > SEARCH_BYTES) {
    const middle = Math.floor((best.offset + high) / 2);
    const frame = findFlacFrame(await source.read(middle, SEARCH_BYTES), 0, stream);
    if (frame && frame.firstSample > best.firstSample && frame.firstSample <= sample) {
      best = { offset: middle + frame.offset, firstSample: frame.firstSample };
    } else high = middle;
  }
  return best.offset;
}

/** Samples up to the end of the last frame that is found near the file's end; undefined where none is found. */
async function samplesPresent(source: ByteSource, stream: FlacStream): Promise<number | undefined> {
  const tail = await source.read(Math.max(stream.dataOffset, source.size - SEARCH_BYTES), SEARCH_BYTES);
  let last: FlacFrame | undefined;
  for (
    let frame = findFlacFrame(tail, 0, stream);
    frame;
    frame = findFlacFrame(tail, frame.offset + 1, stream)
  ) {
    if (!last || frame.firstSample > last.firstSample) last = frame;
  }
  return last && last.firstSample + last.samples;
}

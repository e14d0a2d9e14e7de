/** @file FLAC, decoded by libFLAC. Browser-safe. */

import {
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { findFlacFrame, flacFrames, type FlacFrame, type FlacPacket } from "./flac-frames.ts";
import { readFlacHeader, type FlacStream } from "./flac-header.ts";

/** Read at once in a search for a frame; larger than most frames are. */
const SEARCH_BYTES = 65_536;
/** Silence takes a few bytes for thousands of samples, and a batch's samples are in memory together. */
const BATCH_SAMPLES = 2 ** 16;
const MISSING_FRAMES = "damaged: parts of it are missing";
/** Whole numbers that a 32-bit float holds exactly. */
const EXACT_BITS = 24;

/** @throws AuricleError "file" where the header is damaged. */
export async function openFlac(source: ByteSource): Promise<AudioReader> {
  const stream = await readFlacHeader(source);
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
      yield* decodeFlac(source, stream, flacFrames(source, stream, from), end, warnings);
    },
  };
}

/**
 * Decodes frames until `end` is passed. Where frames are missing, the sound goes on without them, and `warnings` tell.
 */
export async function* decodeFlac(
  source: ByteSource,
  stream: Pick<FlacStream, "header" | "bitDepth">,
  packets: AsyncIterable<FlacPacket>,
  end: number,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  const { FLACDecoder } = await import("@wasm-audio-decoders/flac");
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    let position: number | undefined;
    for await (const { firstSample, frames, follows } of batchesOf(packets)) {
      if (position !== undefined && !follows) {
        // The library finds no frame any more once one is missing.
        await decoder.reset();
        if (!warnings.includes(MISSING_FRAMES)) warnings.push(MISSING_FRAMES);
      }
      if (!follows) await decoder.decodeFrames([stream.header]);
      position ??= firstSample;
      const { channelData, samplesDecoded } = await decoder.decodeFrames(frames);
      if (samplesDecoded > 0) yield { position, channels: rescaled(channelData, stream.bitDepth) };
      position += samplesDecoded;
      if (position >= end) return;
    }
  } catch (error) {
    throw fileError(source, "the flac data are damaged", error);
  } finally {
    decoder.free();
  }
}

/** Frames that follow one another without a gap. */
interface FlacBatch {
  readonly firstSample: number;
  readonly frames: Uint8Array[];
  /** Whether it continues the batch before. */
  readonly follows: boolean;
}

async function* batchesOf(packets: AsyncIterable<FlacPacket>): AsyncGenerator<FlacBatch> {
  let batch: FlacBatch | undefined;
  let expected: number | undefined;
  for await (const { frame, bytes } of packets) {
    const follows = frame.firstSample === expected;
    if (batch && (!follows || frame.firstSample - batch.firstSample >= BATCH_SAMPLES)) {
      yield batch;
      batch = undefined;
    }
    batch ??= { firstSample: frame.firstSample, frames: [], follows };
    batch.frames.push(bytes);
    expected = frame.firstSample + frame.samples;
  }
  if (batch) yield batch;
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

/** @file FLAC: files of their own, and packets in other containers (RFC 9639). Browser-safe. */

import {
  describeAudio,
  fileError,
  truncationWarning,
  type AudioBlock,
  type AudioReader,
} from "./audio-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { decodeFlacFrame, parseFlacFrame } from "./flac-frames.ts";
import { readFlacHeader, type FlacHeader, type FlacStream } from "./flac-header.ts";
import { flacFrames, frameBytes, type ScannedFrame } from "./flac-scan.ts";
import type { PacketCodec } from "./packet-codec.ts";

/** Read at once in a search for a frame. */
const SEARCH_BYTES = 65_536;
/** How many times as much is searched at the end for the last frame, at first and where none was found: tags may follow. */
const TAIL_FACTORS = [1, 64, Infinity];
const MISSING_FRAMES = "damaged: parts of it are missing";

/** @throws AuricleError "file" where the header is damaged. */
export async function openFlac(source: ByteSource): Promise<AudioReader> {
  const stream = await readFlacHeader(source);
  const { sampleRate, channels, bitDepth } = stream;
  // A part that was cut out, or a broadcast, may keep the numbers that its frames had.
  const first = await firstFrame(source, stream, stream.dataOffset);
  if (!first) throw fileError(source, "a flac file without complete frames");
  const origin = first.frame.firstSample;
  const present = (await lastSample(source, stream)) - origin;
  const warnings: string[] = [];
  let frames = stream.frames ?? present;
  if (present < frames) {
    warnings.push(truncationWarning(frames / sampleRate, present / sampleRate));
    frames = present;
  }
  const info = describeAudio({
    format: "flac",
    codec: codecName(stream),
    sampleRate,
    channels,
    bitDepth,
    frames,
    warnings,
  });
  return {
    info,
    async *blocks(start, end) {
      const from = start === 0 ? stream.dataOffset : await seekFrame(source, stream, start + origin);
      yield* decodeFrames(flacFrames(source, stream, from), origin, end, warnings);
    },
  };
}

function codecName({ bitDepth }: FlacHeader): string {
  return `${bitDepth}-bit FLAC`;
}

/** Where frames are missing, the sound goes on without them, and `warnings` tell. */
async function* decodeFrames(
  frames: AsyncIterable<ScannedFrame>,
  origin: number,
  end: number,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  let expected: number | undefined;
  for await (const { frame, channels } of frames) {
    const missing = expected !== undefined && frame.firstSample !== expected;
    if (missing && !warnings.includes(MISSING_FRAMES)) warnings.push(MISSING_FRAMES);
    yield { position: frame.firstSample - origin, channels };
    expected = frame.firstSample + frame.samples;
    if (expected - origin >= end) return;
  }
}

async function firstFrame(
  source: ByteSource,
  stream: FlacStream,
  offset: number,
): Promise<ScannedFrame | undefined> {
  for await (const frame of flacFrames(source, stream, offset)) return frame;
  return undefined;
}

/** Where the last frame begins that starts at or before `sample`, or one not far before it: found by bisection. */
async function seekFrame(source: ByteSource, stream: FlacStream, sample: number): Promise<number> {
  let best = stream.dataOffset;
  let high = source.size;
  while (high - best > Math.max(SEARCH_BYTES, 2 * frameBytes(stream))) {
    const middle = Math.floor((best + high) / 2);
    const found = await firstFrame(source, stream, middle);
    if (found && found.frame.offset < high && found.frame.firstSample <= sample) best = found.frame.offset;
    else high = middle;
  }
  return best;
}

/** Number of the sample behind the last whole frame. */
async function lastSample(source: ByteSource, stream: FlacStream): Promise<number> {
  let end = 0;
  for (const factor of TAIL_FACTORS) {
    const tail = factor * Math.max(SEARCH_BYTES, 2 * frameBytes(stream));
    for await (const { frame } of flacFrames(
      source,
      stream,
      Math.max(stream.dataOffset, source.size - tail),
    )) {
      end = Math.max(end, frame.firstSample + frame.samples);
    }
    if (end > 0) break;
  }
  return end;
}

/** FLAC whose packets, in Ogg or WebM, are a frame each. */
export function flacCodec(stream: FlacHeader): PacketCodec {
  return {
    name: codecName(stream),
    sampleRate: stream.sampleRate,
    channels: stream.channels,
    bitDepth: stream.bitDepth,
    preSkip: 0,
    preRoll: 0,
    kindOf(packet) {
      // Frames begin with ones, blocks of metadata with their number.
      if (packet[0] !== 0xff) return "header";
      return parseFlacFrame(packet, 0, stream) ? "sound" : "damaged";
    },
    samplesOf: (packet) => parseFlacFrame(packet, 0, stream)?.samples ?? 0,
    createDecoder: () =>
      Promise.resolve({
        decode(packet) {
          const frame = parseFlacFrame(packet, 0, stream);
          const decoded = frame && decodeFlacFrame(packet, frame);
          return decoded && decoded !== "incomplete" ? decoded.channels : [];
        },
        free: () => undefined,
      }),
  };
}

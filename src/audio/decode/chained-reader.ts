/** @file Streams of a file that follow one another, as one recording. Browser-safe. */

import { describeAudio, framesOf, type AudioBlock, type AudioReader } from "./audio-reader.ts";
import { decodePackets, type PacketStream } from "./packet-reader.ts";

/**
 * All streams in their order that have the sample rate and the channels of the first one with sound; one channel
 * counts as two equal ones. Others are left out, and `warnings` tell.
 * @param streams At least one.
 */
export function chainedReader(
  format: string,
  streams: readonly PacketStream[],
  warnings: string[],
): AudioReader {
  const audible = streams.filter(({ frames }) => frames > 0);
  const first = audible.at(0) ?? streams[0];
  const parts = audible.filter((stream) => canFollow(first, stream));
  const channels = Math.max(first.codec.channels, ...parts.map(({ codec }) => codec.channels));
  warnOfOthers(first, audible, parts, warnings);
  const depths = new Set(parts.map(({ codec }) => codec.bitDepth));
  const info = describeAudio({
    format,
    codec: [...new Set([first, ...parts].map(({ codec }) => codec.name))].join(", "),
    sampleRate: first.codec.sampleRate,
    channels,
    bitDepth: depths.size === 1 ? first.codec.bitDepth : undefined,
    frames: parts.reduce((sum, { frames }) => sum + frames, 0),
    warnings,
  });
  return {
    info,
    async *blocks(start, end) {
      let position = 0;
      for (const part of parts) {
        const behind = position + part.frames;
        if (behind > start && position < end) yield* blocksAt(part, position, channels, start, end, warnings);
        position = behind;
      }
    },
  };
}

function canFollow(first: PacketStream, { codec }: PacketStream): boolean {
  const most = Math.max(first.codec.channels, codec.channels);
  return (
    codec.sampleRate === first.codec.sampleRate && (codec.channels === first.codec.channels || most <= 2)
  );
}

function warnOfOthers(
  first: PacketStream,
  all: readonly PacketStream[],
  joined: readonly PacketStream[],
  warnings: string[],
): void {
  const others = all.filter((stream) => !joined.includes(stream));
  if (others.length === 0) return;
  const seconds = others.reduce((sum, { frames, codec }) => sum + frames / codec.sampleRate, 0);
  const kinds = [
    ...new Set(others.map(({ codec }) => `${codec.sampleRate} Hz with ${codec.channels} channels`)),
  ];
  warnings.push(
    `incomplete: ${others.length} of ${all.length} streams in the file are left out (${seconds.toFixed(1)} s), since ` +
      `they have ${kinds.join(", ")} and the first has ${first.codec.sampleRate} Hz with ${first.codec.channels}`,
  );
}

/** Decodes the part of the recording's samples `start` … `end` in `stream`, which begins at sample `position`. */
async function* blocksAt(
  stream: PacketStream,
  position: number,
  channels: number,
  start: number,
  end: number,
  warnings: string[],
): AsyncGenerator<AudioBlock> {
  const from = Math.max(0, start - position);
  const to = Math.min(stream.frames, end - position);
  let at = position + from;
  for await (const block of framesOf(
    { info: stream, blocks: (first, last) => decodePackets(stream, first, last, warnings) },
    from,
    to,
  )) {
    yield { position: at, channels: block.length < channels ? [block[0], block[0]] : block };
    at += block[0].length;
  }
}

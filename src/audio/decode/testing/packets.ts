/** @file Packets of the fixtures, and whole decodings to compare with. */

import { framesOf, type AudioReader } from "../audio-reader.ts";
import { memorySource } from "../byte-source.ts";
import { parseStreamInfo } from "../flac-header.ts";
import { flacCodec } from "../flac.ts";
import { concatenate } from "../mono.ts";
import { openAudio } from "../open-audio.ts";
import { opusCodec } from "../opus.ts";
import type { PacketCodec } from "../packet-codec.ts";
import { vorbisCodec } from "../vorbis.ts";
import { packetsOf } from "./ogg-writer.ts";
import { audioFixture } from "./signal.ts";

/** A fixture in Ogg, taken apart. */
export interface Sounding {
  readonly headers: readonly Uint8Array[];
  readonly packets: readonly Uint8Array[];
  readonly codec: PacketCodec;
}

/** By name: how many packets are headers, and what knows how long the others are. */
const FIXTURES: Readonly<
  Record<string, { count: number; codec: (headers: readonly Uint8Array[]) => PacketCodec }>
> = {
  "signal.ogg": { count: 3, codec: (headers) => vorbisCodec(NOWHERE, headers[0], headers[2]) },
  "signal.opus": { count: 2, codec: (headers) => opusCodec(NOWHERE, headers[0]) },
  "signal-flac.ogg": {
    count: 2,
    codec: (headers) => flacCodec(parseStreamInfo(NOWHERE, headers[0].subarray(17))),
  },
};
const NOWHERE = memorySource(new Uint8Array(0), "fixture");

export const OGG_FIXTURES = Object.keys(FIXTURES);

export async function takeApart(name: string): Promise<Sounding> {
  const { count, codec } = FIXTURES[name];
  const all = await packetsOf(audioFixture(name));
  const headers = all.slice(0, count);
  return { headers, packets: all.slice(count), codec: codec(headers) };
}

/** The packets with the positions at their ends, the first beginning at `begin`. */
export function stamped({ packets, codec }: Sounding, begin = 0): { bytes: Uint8Array; granule: number }[] {
  let granule = begin;
  return packets.map((bytes, i) => {
    granule += codec.samplesOf(bytes, i === 0 ? undefined : packets[i - 1]);
    return { bytes, granule };
  });
}

export async function openBytes(bytes: Uint8Array): Promise<AudioReader> {
  return openAudio(memorySource(bytes, "x"));
}

/** The frames `start` … `end`, of all channels. */
export async function decoded(reader: AudioReader, start = 0, end = Infinity): Promise<Float32Array[]> {
  const parts: Float32Array[][] = Array.from({ length: reader.info.channels }, () => []);
  for await (const block of framesOf(reader, start, end))
    block.forEach((samples, c) => parts[c].push(samples));
  return parts.map(concatenate);
}

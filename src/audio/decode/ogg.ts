/** @file Ogg files: which codec is inside, how long the stream is. Browser-safe. */

import { describeAudio, fileError, type AudioReader } from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { parseFlacFrame, type FlacPacket } from "./flac-frames.ts";
import { parseStreamInfo, STREAM_INFO_BYTES, type FlacStream } from "./flac-header.ts";
import { decodeFlac } from "./flac.ts";
import { MAX_PAGE_BYTES, oggPackets, oggPages, type OggStream } from "./ogg-pages.ts";
import { decodeOpus, parseOpusHead } from "./opus.ts";
import { decodeVorbis, parseVorbisHead } from "./vorbis.ts";

type OggCodec = "vorbis" | "opus" | "flac";

/** Packets before the sound. */
const HEADER_PACKETS = { vorbis: 3, opus: 2 };
const FLAC_HEAD_BYTES = 17;
/** As far back from the end as the last page is looked for, at first and where none was found. */
const TAIL_BYTES = [2 * MAX_PAGE_BYTES, 32 * MAX_PAGE_BYTES];

/** @throws AuricleError "file" where there is no stream of a known codec, or its headers are damaged. */
export async function openOgg(source: ByteSource): Promise<AudioReader> {
  const { codec, serial, head } = await findStream(source);
  const end = await lastPage(source, serial);
  const warnings: string[] = [];
  if (end && !end.last) warnings.push("truncated: the stream's last page is missing");
  if (!end) warnings.push("other streams follow in the file; only the first one is read");
  const shared = { format: "ogg", warnings };
  if (codec === "flac") {
    const flac = parseFlacHead(source, head);
    const { sampleRate, channels, bitDepth } = flac;
    const frames = end?.granule;
    return {
      info: describeAudio({
        ...shared,
        codec: `${bitDepth}-bit FLAC`,
        sampleRate,
        channels,
        bitDepth,
        frames,
      }),
      blocks: (_, to) => decodeFlac(source, flac, flacPackets(source, flac, serial), to, warnings),
    };
  }
  const stream = await readHeaders(source, serial, HEADER_PACKETS[codec]);
  if (codec === "opus") {
    const opus = parseOpusHead(source, head);
    const frames = end && Math.max(0, end.granule - opus.preSkip);
    return {
      info: describeAudio({
        ...shared,
        codec: "Opus",
        sampleRate: 48_000,
        channels: opus.channels,
        bitDepth: undefined,
        frames,
      }),
      blocks: (from, to) => decodeOpus(source, stream, opus, from, to),
    };
  }
  const frames = end?.granule;
  const { sampleRate, channels } = parseVorbisHead(source, head);
  return {
    info: describeAudio({ ...shared, codec: "Vorbis", sampleRate, channels, bitDepth: undefined, frames }),
    blocks: (from, to) => decodeVorbis(source, stream, from, to),
  };
}

/** The first stream whose first packet is of a codec that can be decoded. */
async function findStream(
  source: ByteSource,
): Promise<{ codec: OggCodec; serial: number; head: Uint8Array }> {
  const seen: string[] = [];
  for await (const page of oggPages(source, 0)) {
    if (!page.first) break;
    const codec = codecOf(page.body);
    if (codec) return { codec, serial: page.serial, head: page.body };
    seen.push(textAt(page.body, 0, 8).replace(/[^ -~]/g, ""));
  }
  if (seen.length === 0)
    throw fileError(source, "an ogg file without a whole first page: damaged or cut off");
  throw fileError(
    source,
    `ogg files with "${seen.join('", "')}" are not supported; Vorbis, Opus and FLAC are`,
  );
}

function codecOf(packet: Uint8Array): OggCodec | undefined {
  if (textAt(packet, 0, 7) === "\x01vorbis") return "vorbis";
  if (textAt(packet, 0, 8) === "OpusHead") return "opus";
  if (textAt(packet, 0, 5) === "\x7fFLAC") return "flac";
  return undefined;
}

/** FLAC in Ogg: 9 bytes of its own, then "fLaC", a block header and the stream's header as in a flac file. */
function parseFlacHead(source: ByteSource, packet: Uint8Array): Omit<FlacStream, "dataOffset"> {
  if (packet.length < FLAC_HEAD_BYTES + STREAM_INFO_BYTES) {
    throw fileError(source, "the flac header is damaged or cut off");
  }
  return parseStreamInfo(source, packet.subarray(FLAC_HEAD_BYTES));
}

/** Packets are whole frames; those before them are metadata. */
async function* flacPackets(
  source: ByteSource,
  stream: Omit<FlacStream, "dataOffset">,
  serial: number,
): AsyncGenerator<FlacPacket> {
  for await (const { packets } of oggPackets(oggPages(source, 0), serial)) {
    for (const bytes of packets) {
      const frame = parseFlacFrame(bytes, 0, stream);
      if (frame) yield { frame, bytes };
    }
  }
}

async function readHeaders(source: ByteSource, serial: number, count: number): Promise<OggStream> {
  const headers: Uint8Array[] = [];
  for await (const { page, packets } of oggPackets(oggPages(source, 0), serial)) {
    headers.push(...packets);
    // Sound begins on a page of its own.
    if (headers.length >= count) return { serial, headers, dataOffset: page.offset + page.length };
  }
  throw fileError(source, "the ogg file's headers are damaged or cut off");
}

/** What the stream's last stamped page says. */
async function lastPage(
  source: ByteSource,
  serial: number,
): Promise<{ granule: number; last: boolean } | undefined> {
  let found: { granule: number; last: boolean } | undefined;
  for (const tail of TAIL_BYTES) {
    for await (const page of oggPages(source, Math.max(0, source.size - tail))) {
      if (page.serial === serial && page.granule !== undefined)
        found = { granule: page.granule, last: page.last };
    }
    if (found) break;
  }
  return found;
}

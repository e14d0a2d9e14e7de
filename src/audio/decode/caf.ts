/**
 * @file Apple's Core Audio Format. Browser-safe.
 *
 *     "caff", version (2), flags (2), then chunks: name (4), size (8, big-endian), contents
 *     "desc": sample rate (8, float), format (4), its flags (4), bytes a packet (4), frames a packet (4), channels (4),
 *     bits (4)
 *     "data": number of edits (4), the sound; a size of -1 goes on to the file's end
 *     "pakt": number of packets (8), of frames (8), frames to skip at the start (4) and at the end (4)
 */

import { quickTimeImaCoding } from "./adpcm.ts";
import { checkHeader, fileError, type AudioReader } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import { pcmReader } from "./pcm-reader.ts";
import { pcmCoding, type SampleCoding } from "./sample-coding.ts";

const MAX_CHUNKS = 1000;
const DESCRIPTION_BYTES = 32;
const PACKET_TABLE_BYTES = 24;
/** Before the sound. */
const EDIT_COUNT_BYTES = 4;

const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;

interface Description {
  readonly sampleRate: number;
  readonly format: string;
  readonly flags: number;
  readonly packetBytes: number;
  readonly channels: number;
  readonly bits: number;
}

/** @throws AuricleError "file" where it is damaged, or the contents cannot be decoded. */
export async function openCaf(source: ByteSource): Promise<AudioReader> {
  const chunks = await readChunks(source);
  const sound = chunks.get("data");
  const description = await readDescription(source, chunks.get("desc"));
  if (!sound) throw fileError(source, "a caf file without samples: no data chunk");
  const { sampleRate, channels } = description;
  const coding = codingOf(description);
  if (!coding) {
    const contents = `"${description.format.trim()}" of ${description.bits} bits`;
    throw fileError(source, `caf files with ${contents} are not supported; ${conversionAdvice(source.name)}`);
  }
  return pcmReader(source, {
    format: "caf",
    coding,
    sampleRate,
    channels,
    dataOffset: sound.offset + EDIT_COUNT_BYTES,
    dataBytes: sound.size === undefined ? undefined : sound.size - EDIT_COUNT_BYTES,
    frames: await validFrames(source, chunks.get("pakt")),
    warnings: [],
  });
}

interface Chunk {
  /** Of its contents. */
  readonly offset: number;
  /** Undefined where it goes on to the file's end. */
  readonly size: number | undefined;
}

/** The first chunk of each name. */
async function readChunks(source: ByteSource): Promise<Map<string, Chunk>> {
  const chunks = new Map<string, Chunk>();
  let offset = 8;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = await source.read(offset, 12);
    if (header.length < 12) break;
    const name = textAt(header, 0, 4);
    const size = Number(viewOf(header).getBigInt64(4, false));
    // Writers to a pipe that do not know -1 leave 0.
    const isOpen = size < 0 || (name === "data" && size === 0);
    if (!chunks.has(name)) chunks.set(name, { offset: offset + 12, size: isOpen ? undefined : size });
    if (isOpen) break;
    offset += 12 + size;
  }
  return chunks;
}

async function readDescription(source: ByteSource, chunk: Chunk | undefined): Promise<Description> {
  const bytes = chunk ? await source.read(chunk.offset, DESCRIPTION_BYTES) : new Uint8Array(0);
  if (bytes.length < DESCRIPTION_BYTES) {
    throw fileError(source, "a caf file without a format: no whole desc chunk");
  }
  const view = viewOf(bytes);
  const sampleRate = Math.round(view.getFloat64(0, false));
  const channels = view.getUint32(24, false);
  checkHeader(source, sampleRate, channels);
  return {
    sampleRate,
    channels,
    format: textAt(bytes, 8, 4),
    flags: view.getUint32(12, false),
    packetBytes: view.getUint32(16, false),
    bits: view.getUint32(28, false),
  };
}

function codingOf({ format, flags, packetBytes, channels, bits }: Description): SampleCoding | undefined {
  if (format === "ima4") return quickTimeImaCoding(channels);
  const endian = flags & IS_LITTLE_ENDIAN ? "little" : "big";
  const bytes = Number.isInteger(packetBytes / channels) ? packetBytes / channels : Math.ceil(bits / 8);
  const encodings: Readonly<Record<string, PcmEncoding | undefined>> = {
    ulaw: "mu-law",
    alaw: "a-law",
    lpcm: flags & IS_FLOAT ? floatEncoding(bytes, endian) : signedEncoding(bytes, endian),
  };
  const encoding = encodings[format];
  return encoding && pcmCoding(encoding, channels);
}

function floatEncoding(bytes: number, endian: "little" | "big"): PcmEncoding | undefined {
  if (bytes === 4) return `float-32-${endian}`;
  return bytes === 8 ? `float-64-${endian}` : undefined;
}

/** Samples of each channel, where a packet table says so. */
async function validFrames(source: ByteSource, chunk: Chunk | undefined): Promise<number | undefined> {
  const bytes = chunk ? await source.read(chunk.offset, PACKET_TABLE_BYTES) : new Uint8Array(0);
  if (bytes.length < PACKET_TABLE_BYTES) return undefined;
  const frames = Number(viewOf(bytes).getBigInt64(8, false));
  return frames > 0 ? frames : undefined;
}

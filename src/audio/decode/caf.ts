/**
 * @file Apple's Core Audio Format. Browser-safe.
 *
 *     "caff", version (2), flags (2), then chunks: name (4), size (8, big-endian), contents
 *     "desc": sample rate (8, float), format (4), its flags (4), bytes a packet (4), frames a packet (4), channels (4),
 *     bits (4)
 *     "data": number of edits (4), the sound; a size of -1 goes on to the file's end
 *     "pakt": number of packets (8), of frames (8), frames to skip at the start (4) and at the end (4); then, where they
 *     are not all alike, each packet's bytes and frames, 7 bits in a byte from the highest on
 *     "kuki": what the codec's decoder must know
 */

import { quickTimeImaCoding } from "./adpcm.ts";
import { checkHeader, fileError, type AudioReader } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { parseStreamDescription } from "./mp4-track.ts";
import { openPackets, type PacketSound } from "./packet-sound.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import { pcmReader } from "./pcm-reader.ts";
import { pcmCoding, type SampleCoding } from "./sample-coding.ts";

const MAX_CHUNKS = 1000;
const DESCRIPTION_BYTES = 32;
const PACKET_TABLE_BYTES = 24;
const MAX_TABLE_BYTES = 256 * 2 ** 20;
const MAX_COOKIE_BYTES = 65_536;
/** Before the sound. */
const EDIT_COUNT_BYTES = 4;

const ALAC_CONFIG_BYTES = 24;
/** The tag of an elementary stream descriptor (ISO/IEC 14496-1). */
const STREAM_DESCRIPTOR = 3;
const IS_FLOAT = 1;
const IS_LITTLE_ENDIAN = 2;

interface Description {
  readonly sampleRate: number;
  readonly format: string;
  readonly flags: number;
  /** 0 where packets differ, and a table says how long each is. */
  readonly packetBytes: number;
  readonly packetFrames: number;
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
  const table = await readTable(source, description, chunks.get("pakt"));
  const dataOffset = sound.offset + EDIT_COUNT_BYTES;
  const coding = codingOf(description);
  if (coding) {
    const dataBytes = sound.size === undefined ? undefined : sound.size - EDIT_COUNT_BYTES;
    const frames = table?.frames;
    return pcmReader(source, {
      format: "caf",
      coding,
      sampleRate,
      channels,
      dataOffset,
      dataBytes,
      frames,
      warnings: [],
    });
  }
  const codec = parseCookie(description, await readStart(source, chunks.get("kuki"), MAX_COOKIE_BYTES));
  if (!codec || !table || table.sizes.length === 0) {
    const contents = `"${description.format.trim()}" of ${description.bits} bits`;
    throw fileError(source, `caf files with ${contents} are not supported; ${conversionAdvice(source.name)}`);
  }
  return openPackets(source, { format: "caf", ...codec, ...placesOf(description, table, dataOffset) });
}

interface Chunk {
  /** Position of the chunk's contents in the file, in bytes. */
  readonly offset: number;
  /** Size of the contents in bytes; undefined where they extend to the file's end. */
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
    packetFrames: view.getUint32(20, false),
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

interface PacketList {
  /** Samples of each channel, without the priming; undefined where the file does not state them. */
  readonly frames: number | undefined;
  /** Samples of each channel that the encoder put before the sound. */
  readonly priming: number;
  /** Size of each packet in bytes; empty where all packets have the same size. */
  readonly sizes: readonly number[];
}

async function readTable(
  source: ByteSource,
  { packetBytes, packetFrames }: Description,
  chunk: Chunk | undefined,
): Promise<PacketList | undefined> {
  const bytes = await readStart(source, chunk, MAX_TABLE_BYTES);
  if (bytes.length < PACKET_TABLE_BYTES) return undefined;
  const view = viewOf(bytes);
  const frames = Number(view.getBigInt64(8, false));
  const sizes: number[] = [];
  let at = PACKET_TABLE_BYTES;
  const next = (): number => {
    let value = 0;
    while (at < bytes.length) {
      value = (value * 128 + (bytes[at] & 0x7f)) % 2 ** 32;
      if ((bytes[at++] & 0x80) === 0) break;
    }
    return value;
  };
  const packets = packetBytes === 0 ? Number(view.getBigInt64(0, false)) : 0;
  while (sizes.length < packets && at < bytes.length) {
    sizes.push(next());
    if (packetFrames === 0) next();
  }
  return { frames: frames > 0 ? frames : undefined, priming: Math.max(0, view.getInt32(16, false)), sizes };
}

async function readStart(source: ByteSource, chunk: Chunk | undefined, most: number): Promise<Uint8Array> {
  return chunk ? source.read(chunk.offset, Math.min(chunk.size ?? 0, most)) : new Uint8Array(0);
}

/** The codec of packets; undefined for one that is not known, or a damaged cookie. */
function parseCookie(
  { format }: Description,
  cookie: Uint8Array,
): Pick<PacketSound, "codec" | "config"> | undefined {
  if (format === "alac") {
    // Older writers put two boxes around it, as in QuickTime: "frma", and "alac" with a version.
    const start = textAt(cookie, 4, 4) === "frma" ? 24 : 0;
    const config = cookie.subarray(start, start + ALAC_CONFIG_BYTES);
    return config.length === ALAC_CONFIG_BYTES ? { codec: "alac", config } : undefined;
  }
  if (format !== "aac " || cookie.length < 2) return undefined;
  // A stream descriptor begins with its tag; before it there may be a version, as in MP4.
  const descriptor = cookie[0] === STREAM_DESCRIPTOR ? cookie : cookie.subarray(4);
  const codec = parseStreamDescription(descriptor);
  return typeof codec === "string" ? undefined : codec;
}

function placesOf(
  { sampleRate, packetFrames }: Description,
  { sizes, priming, frames }: PacketList,
  dataOffset: number,
): Pick<PacketSound, "sizes" | "offsets" | "seconds" | "played"> {
  let next = dataOffset;
  const offsets = sizes.map((size) => (next += size) - size);
  const end = frames === undefined ? Infinity : priming + frames;
  return {
    sizes,
    offsets,
    seconds: frames === undefined ? (sizes.length * packetFrames) / sampleRate : frames / sampleRate,
    played: [{ start: priming / sampleRate, end: end / sampleRate }],
  };
}

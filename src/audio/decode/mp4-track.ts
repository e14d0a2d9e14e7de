/** @file The sound track of an MP4 or QuickTime file. Browser-safe. */

import { fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { STREAM_INFO_BYTES } from "./flac-header.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { childrenOf, findBox, topBoxes, type Box, type TopBox } from "./mp4-boxes.ts";
import { parseEdits, playedStretches, type Stretch } from "./mp4-edits.ts";
import { parseDefaults, readFragments } from "./mp4-fragments.ts";
import { parsePacketTable, type PacketTable } from "./mp4-tables.ts";

export type Mp4Codec = "aac" | "alac" | "opus" | "flac";

export interface Mp4Track extends PacketTable {
  readonly codec: Mp4Codec;
  /** AudioSpecificConfig of AAC, the 24 bytes of ALAC's, the packet "OpusHead", or the stream's header of FLAC. */
  readonly config: Uint8Array;
  /** Total duration of the packets, in seconds. */
  readonly seconds: number;
  /** The stretches that are played, in seconds from the first packet on; empty where the file has no edits. */
  readonly played: readonly Stretch[];
  /** The tags of the file ("ilst"), where it has some. */
  readonly tags: Uint8Array | undefined;
}

const MAX_MOVIE_BYTES = 256 * 2 ** 20;
const MAX_BOXES = 1_000_000;
/** Version, flags, and what a QuickTime audio description has before its boxes, by its version. */
const DESCRIPTION_BYTES = [28, 44, 64];
const ALAC_CONFIG_BYTES = 24;
/** Object types of AAC in a stream description (ISO/IEC 14496-1, table 5): of MPEG-4, and three of MPEG-2. */
const AAC_OBJECT_TYPES = [0x40, 0x66, 0x67, 0x68];

/**
 * Reads the index: all of it, or those of the fragments. The first audio track that can be decoded is taken.
 * @throws AuricleError "file" where there is none whose packets can be found.
 */
export async function readMp4Track(source: ByteSource): Promise<Mp4Track> {
  let movie: TopBox | undefined;
  const fragments: TopBox[] = [];
  let count = 0;
  for await (const box of topBoxes(source)) {
    if (box.name === "moov") movie ??= box;
    if (box.name === "moof") fragments.push(box);
    if (++count === MAX_BOXES) break;
  }
  if (!movie || movie.end > source.size || movie.end - movie.begin > MAX_MOVIE_BYTES) {
    throw fileError(source, "an mp4 file without its index (moov): damaged or cut off");
  }
  const boxes = childrenOf(await source.read(movie.begin, movie.end - movie.begin));
  const met: string[] = [];
  for (const { name, contents } of boxes) {
    if (name !== "trak") continue;
    const description = parseDescription(contents);
    if (typeof description === "string") met.push(description);
    else if (description) return readPackets(source, boxes, contents, description, fragments);
  }
  const contents = met.length > 0 ? `in ${met.join(" and ")}` : "of an unknown kind";
  throw fileError(
    source,
    `an mp4 file without audio in AAC, ALAC, Opus or FLAC, only ${contents}; ${conversionAdvice(source.name)}`,
  );
}

type Description = Pick<Mp4Track, "codec" | "config">;
type AacDescription = Description & { readonly codec: "aac" };

async function readPackets(
  source: ByteSource,
  movie: readonly Box[],
  contents: Uint8Array,
  description: Description,
  fragmentBoxes: readonly TopBox[],
): Promise<Mp4Track> {
  const track = childrenOf(contents);
  const defaults = parseDefaults(findBox(movie, "mvex"), trackId(findBox(track, "tkhd")));
  const table = parsePacketTable(childrenOf(findBox(track, "mdia", "minf", "stbl")), source.size);
  const fragments =
    defaults && (await readFragments(source, fragmentBoxes, trackId(findBox(track, "tkhd")), defaults));
  const sizes = [...table.sizes, ...(fragments?.sizes ?? [])];
  const offsets = [...table.offsets, ...(fragments?.offsets ?? [])];
  if (sizes.length === 0 || offsets.length < sizes.length) {
    throw fileError(source, "an mp4 file without audio packets in its index: damaged or cut off");
  }
  const scales = {
    movie: timeScale(findBox(movie, "mvhd")),
    media: timeScale(findBox(track, "mdia", "mdhd")),
  };
  const duration = table.duration + (fragments?.duration ?? 0);
  const begin = table.sizes.length > 0 ? 0 : (fragments?.begin ?? 0);
  const edits = parseEdits(findBox(track, "edts", "elst"));
  return {
    ...description,
    sizes,
    offsets,
    duration,
    seconds: duration / scales.media,
    played: playedStretches(edits, scales, begin, begin + duration),
    tags: findTags(movie),
  };
}

/** Reads a track's codec and configuration. @returns the name of a codec that is not known; undefined for no sound. */
function parseDescription(track: Uint8Array): Description | string | undefined {
  const media = childrenOf(findBox(childrenOf(track), "mdia"));
  const handler = findBox(media, "hdlr");
  if (!handler || textAt(handler, 8, 4) !== "soun") return undefined;
  const [entry] = childrenOf(findBox(media, "minf", "stbl", "stsd")?.subarray(8));
  if (!entry || entry.contents.length < DESCRIPTION_BYTES[0]) return "a track without a description";
  const version = viewOf(entry.contents).getUint16(8, false);
  const boxes = childrenOf(entry.contents.subarray(DESCRIPTION_BYTES[version] ?? DESCRIPTION_BYTES[2]));
  const wave = childrenOf(findBox(boxes, "wave"));
  if (entry.name === "alac") {
    const cookie = findBox(boxes, "alac") ?? findBox(wave, "alac");
    const config = cookie?.subarray(4, 4 + ALAC_CONFIG_BYTES);
    return config?.length === ALAC_CONFIG_BYTES ? { codec: "alac", config } : "damaged ALAC";
  }
  if (entry.name === "mp4a") {
    const stream = findBox(boxes, "esds") ?? findBox(wave, "esds");
    return (stream && parseStreamDescription(stream.subarray(4))) ?? "damaged AAC";
  }
  if (entry.name === "Opus") return parseOpusBox(findBox(boxes, "dOps")) ?? "damaged Opus";
  if (entry.name === "fLaC") return parseFlacBox(findBox(boxes, "dfLa")) ?? "damaged FLAC";
  return codecName(entry.name);
}

/** "dOps" holds what the packet "OpusHead" does, in big-endian order and from the version on. */
function parseOpusBox(box: Uint8Array | undefined): Description | undefined {
  if (!box || box.length < 11) return undefined;
  const config = new Uint8Array(8 + box.length);
  config.set(new TextEncoder().encode("OpusHead"));
  config.set(box, 8);
  config[8] = 1;
  const [from, to] = [viewOf(box), viewOf(config)];
  to.setUint16(10, from.getUint16(2, false), true);
  to.setUint32(12, from.getUint32(4, false), true);
  to.setInt16(16, from.getInt16(8, false), true);
  return { codec: "opus", config };
}

/** "dfLa": a version, then blocks as in a flac file, the stream's header first. */
function parseFlacBox(box: Uint8Array | undefined): Description | undefined {
  const config = box?.subarray(8, 8 + STREAM_INFO_BYTES);
  return config?.length === STREAM_INFO_BYTES ? { codec: "flac", config } : undefined;
}

/** Audio codecs by the name of their description. */
const CODEC_NAMES: Readonly<Record<string, string>> = {
  ".mp3": "mp3",
  "ac-3": "AC-3",
  "ec-3": "E-AC-3",
  samr: "AMR",
  sawb: "AMR-WB",
  enca: "encrypted audio",
  drms: "encrypted audio",
};

function codecName(name: string): string {
  return CODEC_NAMES[name] ?? `"${name.replace(/[^ -~]/g, "?")}"`;
}

/**
 * The AudioSpecificConfig in an elementary stream descriptor (ISO/IEC 14496-1): descriptor 5 in 4 in 3.
 * @returns The codec's name where it is another one; undefined where that is damaged.
 */
export function parseStreamDescription(bytes: Uint8Array): AacDescription | string | undefined {
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++];
    let length = 0;
    while (at < bytes.length && bytes[at] & 0x80) length = (length * 128 + (bytes[at++] & 0x7f)) % 2 ** 28;
    length = length * 128 + (bytes[at++] & 0x7f);
    if (tag === 5) {
      const config = bytes.subarray(at, at + length);
      return config.length >= 2 ? { codec: "aac", config } : undefined;
    }
    if (tag === 4 && !AAC_OBJECT_TYPES.includes(bytes[at])) {
      return bytes[at] === 0x69 || bytes[at] === 0x6b ? "mp3" : `MPEG-4 object type ${bytes[at]}`;
    }
    at += tag === 3 ? 3 : tag === 4 ? 13 : length;
  }
  return undefined;
}

function trackId(header: Uint8Array | undefined): number {
  const at = header?.[0] === 1 ? 20 : 12;
  return header && header.length >= at + 4 ? viewOf(header).getUint32(at, false) : 0;
}

/** Units a second, of "mvhd" or "mdhd"; 1 where it says none. */
function timeScale(header: Uint8Array | undefined): number {
  const at = header?.[0] === 1 ? 20 : 12;
  return header && header.length >= at + 4 ? Math.max(1, viewOf(header).getUint32(at, false)) : 1;
}

/** "ilst" in "meta", which has a version before its boxes. */
function findTags(movie: readonly Box[]): Uint8Array | undefined {
  const meta = findBox(movie, "udta", "meta") ?? findBox(movie, "meta");
  return meta && findBox(childrenOf(meta.subarray(4)), "ilst");
}

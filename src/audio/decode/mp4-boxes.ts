/** @file The audio track of an MP4 file (ISO/IEC 14496-12): where each of its packets lies. Browser-safe. */

import { fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";

export interface Mp4Track {
  /** "mp4a" or "alac". */
  readonly codec: string;
  /** AudioSpecificConfig of AAC, or ALAC's cookie. */
  readonly config: Uint8Array;
  /** Bytes of each packet. */
  readonly sizes: readonly number[];
  /** Of each packet in the file. */
  readonly offsets: readonly number[];
  /** In seconds. */
  readonly duration: number;
  /** Contents of boxes that tell what part of the decoded sound is to be played, by name. */
  readonly timing: Readonly<Record<string, Uint8Array>>;
}

/** A box: its name and its contents. */
interface Box {
  readonly name: string;
  readonly contents: Uint8Array;
}

const MAX_MOVIE_BYTES = 256 * 2 ** 20;
const MAX_BOXES = 10_000;
/** Version, flags, and what a QuickTime audio description has before its boxes, by its version. */
const DESCRIPTION_BYTES = [28, 44];
/** Number of entries and bytes of each, of the tables that are handed on to the codec's library. */
const TABLE_ENTRY_BYTES: Readonly<Record<string, readonly number[]>> = { stts: [8, 8], elst: [12, 20] };

/** @throws AuricleError "file" where there is no AAC or ALAC track whose packets can be found. */
export async function readMp4Track(source: ByteSource): Promise<Mp4Track> {
  const movie = await readMovie(source);
  const boxes = childrenOf(movie);
  const shared = timingBoxes([...boxes, ...childrenOf(find(boxes, "udta"), "meta").flatMap(metaChildren)]);
  for (const box of boxes) {
    const track = box.name === "trak" ? parseTrack(box.contents, shared) : undefined;
    if (track) return track;
  }
  throw fileError(source, "an mp4 file without an AAC or ALAC track (fragmented ones are not supported)");
}

/** The contents of the "moov" box, which stands before the sound or behind it. */
async function readMovie(source: ByteSource): Promise<Uint8Array> {
  let offset = 0;
  for (let count = 0; count < MAX_BOXES && offset < source.size; count++) {
    const header = await source.read(offset, 16);
    if (header.length < 8) break;
    const view = viewOf(header);
    const long = view.getUint32(0, false) === 1 && header.length === 16;
    const size = long ? Number(view.getBigUint64(8, false)) : view.getUint32(0, false);
    if (textAt(header, 4, 4) === "moov") {
      if (size > MAX_MOVIE_BYTES || offset + size > source.size) break;
      return source.read(offset + (long ? 16 : 8), size - (long ? 16 : 8));
    }
    if (size < 8) break;
    offset += size;
  }
  throw fileError(source, "an mp4 file without its index (moov): damaged or cut off");
}

function childrenOf(contents: Uint8Array | undefined, only?: string): Box[] {
  const boxes: Box[] = [];
  if (!contents) return boxes;
  const view = viewOf(contents);
  for (let at = 0; at + 8 <= contents.length;) {
    const size = view.getUint32(at, false);
    if (size < 8 || at + size > contents.length) break;
    const name = textAt(contents, at + 4, 4);
    if (!only || name === only) boxes.push({ name, contents: contents.subarray(at + 8, at + size) });
    at += size;
  }
  return boxes;
}

/** "meta" has a version before its boxes. */
function metaChildren(meta: Box): Box[] {
  return childrenOf(meta.contents.subarray(4));
}

function find(boxes: readonly Box[], name: string): Uint8Array | undefined {
  return boxes.find((box) => box.name === name)?.contents;
}

/** Those boxes that the codec's library reads for the playable part, checked so that it cannot run astray in them. */
function timingBoxes(boxes: readonly Box[]): Record<string, Uint8Array> {
  const found: Record<string, Uint8Array> = {};
  for (const { name, contents } of boxes) {
    const isTable = name === "stts" || name === "elst";
    const entryBytes = isTable ? TABLE_ENTRY_BYTES[name][contents[0] === 1 ? 1 : 0] : 0;
    const sound = contents.length >= 24 || (isTable && contents.length >= 8);
    if (!sound || (isTable && viewOf(contents).getUint32(4, false) * entryBytes > contents.length - 8))
      continue;
    if (isTable || ["mdhd", "mvhd", "ilst"].includes(name)) found[name] = contents;
  }
  return found;
}

function parseTrack(contents: Uint8Array, shared: Record<string, Uint8Array>): Mp4Track | undefined {
  const track = childrenOf(contents);
  const media = childrenOf(find(track, "mdia"));
  const tables = childrenOf(find(childrenOf(find(media, "minf")), "stbl"));
  const description = find(tables, "stsd");
  const codec = description && parseDescription(description);
  const sizes = parseSizes(find(tables, "stsz"));
  const offsets = parseOffsets(tables, sizes);
  if (!codec || sizes.length === 0 || offsets.length < sizes.length) return undefined;
  const timing = { ...shared, ...timingBoxes([...childrenOf(find(track, "edts")), ...media, ...tables]) };
  return { ...codec, sizes, offsets, duration: mediaDuration(timing), timing };
}

/** The codec's name and configuration, from the first entry of the sample descriptions. */
function parseDescription(contents: Uint8Array): { codec: string; config: Uint8Array } | undefined {
  const entry = childrenOf(contents.subarray(8)).find(({ name }) => name === "mp4a" || name === "alac");
  if (!entry || entry.contents.length < 28) return undefined;
  const version = viewOf(entry.contents).getUint16(8, false);
  const boxes = childrenOf(entry.contents.subarray(DESCRIPTION_BYTES[version] ?? 64));
  if (entry.name === "alac") {
    const cookie = find(boxes, "alac");
    return cookie && cookie.length >= 24 ? { codec: "alac", config: cookie } : undefined;
  }
  const wave = find(boxes, "wave");
  const stream = find(boxes, "esds") ?? find(childrenOf(wave), "esds");
  const config = stream && parseStreamDescription(stream);
  return config && { codec: "mp4a", config };
}

/** The AudioSpecificConfig in an elementary stream descriptor (ISO/IEC 14496-1): descriptor 5 in 4 in 3. */
function parseStreamDescription(bytes: Uint8Array): Uint8Array | undefined {
  let at = 4;
  while (at < bytes.length) {
    const tag = bytes[at++];
    let length = 0;
    while (at < bytes.length && bytes[at] & 0x80) length = (length * 128 + (bytes[at++] & 0x7f)) % 2 ** 28;
    length = length * 128 + (bytes[at++] & 0x7f);
    if (tag === 5) {
      const config = bytes.subarray(at, at + length);
      return config.length >= 2 ? config : undefined;
    }
    at += tag === 3 ? 3 : tag === 4 ? 13 : length;
  }
  return undefined;
}

/** "stsz": one size for all, or one for each packet. No entry takes no byte, which bounds their number. */
function parseSizes(contents: Uint8Array | undefined): number[] {
  if (!contents || contents.length < 12) return [];
  const view = viewOf(contents);
  const common = view.getUint32(4, false);
  const count = view.getUint32(8, false);
  if (common !== 0 || count > (contents.length - 12) / 4) return [];
  return Array.from({ length: count }, (_, i) => view.getUint32(12 + 4 * i, false));
}

/** From the tables of chunks ("stco" or "co64") and of packets in each ("stsc"). */
function parseOffsets(tables: readonly Box[], sizes: readonly number[]): number[] {
  const long = find(tables, "co64");
  const chunks = long ?? find(tables, "stco");
  const groups = find(tables, "stsc");
  if (!chunks || !groups || chunks.length < 8 || groups.length < 20) return [];
  const [chunkView, groupView] = [viewOf(chunks), viewOf(groups)];
  const chunkCount = Math.min(
    chunkView.getUint32(4, false),
    Math.floor((chunks.length - 8) / (long ? 8 : 4)),
  );
  const groupCount = Math.min(groupView.getUint32(4, false), Math.floor((groups.length - 8) / 12));
  const offsets: number[] = [];
  let group = 0;
  for (let chunk = 0; chunk < chunkCount && offsets.length < sizes.length; chunk++) {
    while (group + 1 < groupCount && groupView.getUint32(8 + 12 * (group + 1), false) <= chunk + 1) group++;
    const packets = groupView.getUint32(12 + 12 * group, false);
    let offset = long
      ? Number(chunkView.getBigUint64(8 + 8 * chunk, false))
      : chunkView.getUint32(8 + 4 * chunk, false);
    for (let i = 0; i < packets && offsets.length < sizes.length; i++) {
      offsets.push(offset);
      offset += sizes[offsets.length - 1];
    }
  }
  return offsets;
}

/** Of the whole media, in seconds, from "mdhd"; 0 where it says none. */
function mediaDuration(timing: Readonly<Record<string, Uint8Array>>): number {
  const header = timing["mdhd"];
  if (!header) return 0;
  const view = viewOf(header);
  const long = header[0] === 1 && header.length >= 32;
  const scale = view.getUint32(long ? 20 : 12, false);
  const duration = long ? Number(view.getBigUint64(24, false)) : view.getUint32(16, false);
  return scale === 0 ? 0 : duration / scale;
}

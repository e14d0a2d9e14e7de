/**
 * @file Pages and packets of Ogg (RFC 3533). Browser-safe.
 *
 *     "OggS", version (1), flags (1), granule position (8), serial (4), sequence (4), checksum (4), segments (1),
 *     a length for each segment (1 each), the segments; a packet ends with a segment shorter than 255
 */

import { chunksOf, viewOf, type ByteSource } from "./byte-source.ts";

export interface OggPage {
  /** Of the page in the file. */
  readonly offset: number;
  /** Of the whole page, in bytes. */
  readonly length: number;
  /** Whether it begins inside a packet. */
  readonly continued: boolean;
  readonly first: boolean;
  readonly last: boolean;
  /** Samples up to the end of the last packet that ends here; undefined where none does. */
  readonly granule: number | undefined;
  readonly serial: number;
  readonly sequence: number;
  readonly segments: Uint8Array;
  readonly body: Uint8Array;
}

/** A stream of one codec in an Ogg file. */
export interface OggStream {
  readonly serial: number;
  /** The codec's headers, one packet each. */
  readonly headers: readonly Uint8Array[];
  /** Behind the page where the headers end. */
  readonly dataOffset: number;
}

/** The packets that end on one page. */
export interface OggPackets {
  readonly page: OggPage;
  readonly packets: readonly Uint8Array[];
}

const HEADER_BYTES = 27;
const CHUNK_BYTES = 65_536;
export const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;
const CHECKSUM_OFFSET = 22;
/** A packet larger than the largest comment with a cover picture is damage. */
const MAX_PACKET_BYTES = 64 * 2 ** 20;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** The whole pages from `offset` on; damaged ones, whose checksum is wrong, are stepped over. */
export async function* oggPages(source: ByteSource, offset: number): AsyncGenerator<OggPage> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunksOf(source, offset, source.size, CHUNK_BYTES)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const page = parsePage(bytes, at, offset);
      if (page === "incomplete") break;
      if (page) yield page;
      at += page ? page.length : 1;
    }
    rest = bytes.slice(at);
    offset += at;
  }
}

/** The page at `at` of `bytes`, which stand at `base` in the file; undefined where there is none. */
function parsePage(bytes: Uint8Array, at: number, base: number): OggPage | "incomplete" | undefined {
  if (bytes[at] !== 0x4f || bytes[at + 1] !== 0x67 || bytes[at + 2] !== 0x67 || bytes[at + 3] !== 0x53) {
    return undefined;
  }
  const segmentCount = bytes[at + 26];
  const bodyStart = at + HEADER_BYTES + segmentCount;
  if (bodyStart > bytes.length) return "incomplete";
  const segments = bytes.slice(at + HEADER_BYTES, bodyStart);
  const end = bodyStart + segments.reduce((sum, length) => sum + length, 0);
  if (end > bytes.length) return "incomplete";
  const view = viewOf(bytes);
  if (checksum(bytes, at, end) !== view.getUint32(at + CHECKSUM_OFFSET, true)) return undefined;
  const granule = view.getBigInt64(at + 6, true);
  const flags = bytes[at + 5];
  return {
    offset: base + at,
    length: end - at,
    continued: (flags & 1) !== 0,
    first: (flags & 2) !== 0,
    last: (flags & 4) !== 0,
    granule: granule < 0n ? undefined : Number(granule),
    serial: view.getUint32(at + 14, true),
    sequence: view.getUint32(at + 18, true),
    segments,
    body: bytes.slice(bodyStart, end),
  };
}

/** CRC-32 with the polynomial 0x04c11db7, over the page with zeros in the checksum's place. */
function checksum(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    const inChecksum = i >= from + CHECKSUM_OFFSET && i < from + CHECKSUM_OFFSET + 4;
    crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ (inChecksum ? 0 : bytes[i])];
  }
  return crc >>> 0;
}

/** Page by page, the packets of the stream `serial` that end there; packets with a part missing are dropped. */
export async function* oggPackets(pages: AsyncIterable<OggPage>, serial: number): AsyncGenerator<OggPackets> {
  let begun: Uint8Array[] = [];
  let sequence: number | undefined;
  for await (const page of pages) {
    if (page.serial !== serial) continue;
    const gap = sequence !== undefined && page.sequence !== sequence + 1;
    sequence = page.sequence;
    if (gap) begun = [];
    // The rest of a packet whose beginning is not there.
    let orphan = page.continued && begun.length === 0;
    if (!page.continued) begun = [];
    const packets: Uint8Array[] = [];
    let start = 0;
    let end = 0;
    for (const length of page.segments) {
      end += length;
      if (length === 255) continue;
      if (!orphan) packets.push(concatenated([...begun, page.body.subarray(start, end)]));
      begun = [];
      orphan = false;
      start = end;
    }
    if (start < end && !orphan) begun.push(page.body.subarray(start, end));
    if (begun.reduce((sum, part) => sum + part.length, 0) > MAX_PACKET_BYTES) begun = [];
    yield { page, packets };
    if (page.last) return;
  }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The last page of stream `serial` whose granule position is at most `granule`, from which one can decode up to it and
 * beyond; found by bisection. Undefined where even the first page behind `dataOffset` is later.
 */
export async function seekPage(
  source: ByteSource,
  dataOffset: number,
  serial: number,
  granule: number,
): Promise<OggPage | undefined> {
  let low = dataOffset;
  let high = source.size;
  while (high - low > 2 * MAX_PAGE_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const page = await firstStamped(source, middle, high, serial);
    if (page && page.granule <= granule) low = page.offset;
    else high = middle;
  }
  // The stream's last page may end before the samples that are in it, so that its position does not say where they are.
  let best: OggPage | undefined;
  for await (const page of oggPages(source, low)) {
    if (page.serial !== serial || page.granule === undefined) continue;
    if (page.granule > granule || page.last) return best;
    best = page;
  }
  return best;
}

/** The first page with a granule position that begins in `from` … `to`. */
async function firstStamped(
  source: ByteSource,
  from: number,
  to: number,
  serial: number,
): Promise<{ readonly offset: number; readonly granule: number } | undefined> {
  for await (const { offset, granule, serial: of } of oggPages(source, from)) {
    if (offset >= to) return undefined;
    if (of === serial && granule !== undefined) return { offset, granule };
  }
  return undefined;
}

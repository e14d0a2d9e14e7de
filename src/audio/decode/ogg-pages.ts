/**
 * @file Pages of Ogg (RFC 3533). Browser-safe.
 *
 *     "OggS", version (1), flags (1), granule position (8), serial (4), sequence (4), checksum (4), segments (1),
 *     a length for each segment (1 each), the segments
 *
 * Any "OggS" may be the beginning of a page, and only the checksum over up to 65,307 bytes tells. Checksums are therefore
 * computed once over all bytes, and that of any page follows from the two at its ends: what a page costs does not depend
 * on its length, and a file made of nothing but "OggS" takes no longer than any other.
 */

import { chunksOf, viewOf, type ByteSource } from "./byte-source.ts";

export interface OggPage {
  /** Position of the page in the file, in bytes. */
  readonly offset: number;
  /** Size of the whole page, in bytes. */
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

const HEADER_BYTES = 27;
const MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;
const CHECKSUM_OFFSET = 22;
const CHECKSUM_BYTES = 4;
/** More than a page, so that a page which begins in one chunk ends in the next. */
const CHUNK_BYTES = 65_536;

const POLYNOMIAL = 0x04c11db7;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? POLYNOMIAL : 0);
  return crc;
});

/** Element n: x^(8n) modulo the polynomial, the factor by which n bytes of zeros multiply a checksum. */
const ZERO_BYTES = powersOfBytes(MAX_PAGE_BYTES + 1);

function powersOfBytes(count: number): Uint32Array {
  const powers = new Uint32Array(count);
  let power = 1;
  for (let i = 0; i < count; i++) {
    powers[i] = power;
    power = (power << 8) ^ CRC_TABLE[power >>> 24];
  }
  return powers;
}

/** The whole pages that begin at `offset` or later and end at `end` or before; damaged ones, whose checksum is wrong, are stepped over. */
export async function* oggPages(
  source: ByteSource,
  offset: number,
  end: number = source.size,
): AsyncGenerator<OggPage> {
  let rest = new Uint8Array(0);
  let unread = end - offset;
  const sums = new RunningSums(CHUNK_BYTES + MAX_PAGE_BYTES);
  for await (const chunk of chunksOf(source, offset, end, CHUNK_BYTES)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    unread -= chunk.length;
    sums.compute(bytes);
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const page = parsePage(bytes, at, offset, sums);
      // What would end behind the file is no page, but there may be one in it.
      if (page === "incomplete" && unread > 0) break;
      const whole = page && page !== "incomplete" ? page : undefined;
      if (whole) yield whole;
      at += whole ? whole.length : 1;
    }
    rest = bytes.slice(at);
    offset += at;
  }
}

/** The page at `at` of `bytes`, which stand at `base` in the file; undefined where there is none. */
function parsePage(
  bytes: Uint8Array,
  at: number,
  base: number,
  sums: RunningSums,
): OggPage | "incomplete" | undefined {
  const named =
    bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53;
  if (!named || bytes[at + 4] !== 0) return undefined;
  const bodyStart = at + HEADER_BYTES + bytes[at + 26];
  if (bodyStart > bytes.length) return "incomplete";
  const end = bodyStart + sums.total(at + HEADER_BYTES, bodyStart);
  if (end > bytes.length) return "incomplete";
  const view = viewOf(bytes);
  if (sums.pageChecksum(at, end) !== view.getUint32(at + CHECKSUM_OFFSET, true)) return undefined;
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
    segments: bytes.subarray(at + HEADER_BYTES, bodyStart),
    body: bytes.subarray(bodyStart, end),
  };
}

/** Sums and checksums (CRC-32, from 0) of all beginnings of some bytes, from which those of any stretch follow. */
class RunningSums {
  private readonly checksums: Uint32Array;
  private readonly totals: Uint32Array;

  constructor(capacity: number) {
    this.checksums = new Uint32Array(capacity + 1);
    this.totals = new Uint32Array(capacity + 1);
  }

  compute(bytes: Uint8Array): void {
    let crc = 0;
    let total = 0;
    for (let i = 0; i < bytes.length; i++) {
      crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ bytes[i]];
      total += bytes[i];
      this.checksums[i + 1] = crc;
      this.totals[i + 1] = total;
    }
  }

  /** The sum of the bytes `from` … `to`. */
  total(from: number, to: number): number {
    return this.totals[to] - this.totals[from];
  }

  /** The checksum of the page `from` … `to`, for which its own field counts as zeros. */
  pageChecksum(from: number, to: number): number {
    const head = this.checksum(from, from + CHECKSUM_OFFSET);
    const tailStart = from + CHECKSUM_OFFSET + CHECKSUM_BYTES;
    return (followedByZeros(head, to - from - CHECKSUM_OFFSET) ^ this.checksum(tailStart, to)) >>> 0;
  }

  private checksum(from: number, to: number): number {
    return this.checksums[to] ^ followedByZeros(this.checksums[from], to - from);
  }
}

/** Extends a checksum by `count` bytes of zeros: multiplies it by x^(8 count), modulo the polynomial. */
function followedByZeros(crc: number, count: number): number {
  const factor = ZERO_BYTES[count];
  let product = 0;
  for (let bit = 31; bit >= 0; bit--) {
    product = (product << 1) ^ (product < 0 ? POLYNOMIAL : 0);
    if ((factor >>> bit) & 1) product ^= crc;
  }
  return product;
}

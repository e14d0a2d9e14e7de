/** @file ID3v2 tags (id3.org), which stand before the sound and are stepped over. Browser-safe. */

import { textAt, withReadAhead, type ByteSource } from "./byte-source.ts";

const HEADER_BYTES = 10;
const FOOTER_FLAG = 0x10;

/** Length of the ID3v2 tags at the start, one after the other; 0 without any. */
export async function id3Length(source: ByteSource): Promise<number> {
  // There may be any number of small ones.
  const ahead = withReadAhead(source);
  let offset = 0;
  while (offset < source.size) {
    const length = id3TagLength(await ahead.read(offset, HEADER_BYTES));
    if (length === 0) break;
    offset += length;
  }
  return Math.min(offset, source.size);
}

/** Length of the tag that `bytes` begin with; 0 where they begin with something else. */
export function id3TagLength(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES || textAt(bytes, 0, 3) !== "ID3") return 0;
  // Seven bits a byte, so that a size never looks like the start of a frame.
  const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (bytes[i] & 0x7f), 0);
  return HEADER_BYTES + size + (bytes[5] & FOOTER_FLAG ? HEADER_BYTES : 0);
}

/** @file ID3v2 tags (id3.org), which stand before the sound and are stepped over. Browser-safe. */

import { textAt, type ByteSource } from "./byte-source.ts";

const HEADER_BYTES = 10;
const FOOTER_FLAG = 0x10;

/** Length of the ID3v2 tags at the start, one after the other; 0 without any. */
export async function id3Length(source: ByteSource): Promise<number> {
  let offset = 0;
  while (offset < source.size) {
    const header = await source.read(offset, HEADER_BYTES);
    if (header.length < HEADER_BYTES || textAt(header, 0, 3) !== "ID3") break;
    // Seven bits a byte, so that a size never looks like the start of a frame.
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (header[i] & 0x7f), 0);
    offset += HEADER_BYTES + size + (header[5] & FOOTER_FLAG ? HEADER_BYTES : 0);
  }
  return Math.min(offset, source.size);
}

/** @file The boxes of MP4 and QuickTime files (ISO/IEC 14496-12, section 4.2). Browser-safe. */

import { textAt, viewOf, withReadAhead, type ByteSource } from "./byte-source.ts";

/** A box: its name and its contents. */
export interface Box {
  readonly name: string;
  readonly contents: Uint8Array;
}

/** A box that is not inside another. */
export interface TopBox {
  readonly name: string;
  /** Position of the box's first byte in the file, in bytes. */
  readonly offset: number;
  /** Position of the first byte of its contents. */
  readonly begin: number;
  /** Position of the first byte after the box; beyond the file's end where the file is truncated. */
  readonly end: number;
}

const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** How long a box and its header are; a size of 0 reaches to `end`. @returns undefined where that is damaged. */
function measure(
  header: Uint8Array,
  offset: number,
  end: number,
): { readonly begin: number; readonly end: number } | undefined {
  if (header.length < HEADER_BYTES) return undefined;
  const view = viewOf(header);
  const short = view.getUint32(0, false);
  if (short === 0) return { begin: offset + HEADER_BYTES, end };
  const isLong = short === 1;
  if (isLong && header.length < LONG_HEADER_BYTES) return undefined;
  const headerBytes = isLong ? LONG_HEADER_BYTES : HEADER_BYTES;
  const size = isLong ? Number(view.getBigUint64(8, false)) : short;
  return size < headerBytes ? undefined : { begin: offset + headerBytes, end: offset + size };
}

/** The boxes of a file one after the other, up to its end or to the first damaged one. */
export async function* topBoxes(file: ByteSource): AsyncGenerator<TopBox> {
  // There may be any number of small ones.
  const source = withReadAhead(file);
  for (let offset = 0; offset < source.size;) {
    const header = await source.read(offset, LONG_HEADER_BYTES);
    const place = measure(header, offset, source.size);
    if (!place) return;
    yield { name: textAt(header, 4, 4), offset, ...place };
    offset = place.end;
  }
}

/** The boxes in `contents`, up to the first damaged one. */
export function childrenOf(contents: Uint8Array | undefined): Box[] {
  const boxes: Box[] = [];
  if (!contents) return boxes;
  for (let at = 0; at < contents.length;) {
    const header = contents.subarray(at, at + LONG_HEADER_BYTES);
    const place = measure(header, at, contents.length);
    if (!place || place.end > contents.length) break;
    boxes.push({ name: textAt(header, 4, 4), contents: contents.subarray(place.begin, place.end) });
    at = place.end;
  }
  return boxes;
}

/** The contents of the first box that is reached by `path`, names from the outermost to the innermost. */
export function findBox(boxes: readonly Box[], ...path: readonly string[]): Uint8Array | undefined {
  const [name, ...rest] = path;
  const contents = boxes.find((box) => box.name === name)?.contents;
  return rest.length === 0 ? contents : findBox(childrenOf(contents), ...rest);
}

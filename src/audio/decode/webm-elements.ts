/** @file Goes through the elements of a Matroska or WebM file (RFC 9559). Browser-safe. */

import { withReadAhead, type ByteSource } from "./byte-source.ts";
import { MAX_EBML_HEADER, parseEbmlHeader } from "./ebml.ts";

/** Names of elements. */
export const WEBM = {
  head: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  blockGroup: 0xa0,
  /** No element: bytes that are none, or one that is cut off. */
  damage: 0,
} as const;

export interface WebmElement {
  readonly id: number;
  /** Position of the element's header in the file, in bytes. */
  readonly offset: number;
  /** Reads the element's contents, up to `MAX_CONTENTS` bytes. */
  read(): Promise<Uint8Array>;
}

/** Elements whose children are read as if they were siblings, so that their sizes, which may be unknown, do not matter. */
const OPEN_ELEMENTS: readonly number[] = [WEBM.segment, WEBM.cluster];
/** Elements at which reading can resume after damage: a cluster, or the head of another file appended to this one. */
const LANDMARKS: readonly number[] = [WEBM.cluster, WEBM.head];
/** The most bytes of an element's contents that are read. */
const MAX_CONTENTS = 2 ** 26;
/** Less than the read-ahead, so that many searches in a row cost no more reads than one. */
const SEARCH_BYTES = 1024;

/**
 * The elements from `offset` up to `end`, without those that only hold others. Where something else stands, or an
 * element claims more than the file has, it goes on at the next landmark.
 */
export async function* webmElements(
  file: ByteSource,
  offset: number,
  end: number = file.size,
): AsyncGenerator<WebmElement> {
  const source = withReadAhead(file);
  for (let at = offset; at < end;) {
    const header = parseEbmlHeader(await source.read(at, Math.min(MAX_EBML_HEADER, end - at)), 0);
    const contents = at + (header?.length ?? 0);
    if (header && OPEN_ELEMENTS.includes(header.id)) {
      at = contents;
      continue;
    }
    if (!header || header.size === undefined || contents + header.size > end) {
      yield { id: WEBM.damage, offset: at, read: () => Promise.resolve(new Uint8Array(0)) };
      at = await nextLandmark(source, at + 1, end);
      continue;
    }
    const size = Math.min(header.size, MAX_CONTENTS);
    yield { id: header.id, offset: at, read: () => source.read(contents, size) };
    at = contents + header.size;
  }
}

/** Finds the position of the next landmark; `end` where there is none. */
async function nextLandmark(source: ByteSource, offset: number, end: number): Promise<number> {
  for (let at = offset; at + 4 <= end; at += SEARCH_BYTES - 3) {
    const bytes = await source.read(at, Math.min(SEARCH_BYTES, end - at));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i + 4 <= bytes.length; i++) {
      if (LANDMARKS.includes(view.getUint32(i, false))) return at + i;
    }
  }
  return end;
}

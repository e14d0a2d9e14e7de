/**
 * @file Elements of EBML (RFC 8794), of which Matroska and WebM files are made. Browser-safe.
 *
 *     a number that names the element, the length of its contents, the contents: a value, or further elements
 *
 * The first byte of both numbers says by its leading zeros how many bytes follow. A length of nothing but ones is unknown.
 */

import { viewOf } from "./byte-source.ts";

export interface EbmlHeader {
  /** The element ID with its length marker, as the specifications list it: 0x1a45dfa3. */
  readonly id: number;
  /** Size of the element's contents in bytes; undefined where the writer did not know it. */
  readonly size: number | undefined;
  /** Size of the header itself, in bytes. */
  readonly length: number;
}

/** The longest header: 4 bytes of name and 8 of length. */
export const MAX_EBML_HEADER = 12;
const MAX_NAME_BYTES = 4;

/** The header at `at` of `bytes`; undefined where there is none, or only a part. */
export function parseEbmlHeader(bytes: Uint8Array, at: number): EbmlHeader | undefined {
  const name = variableInteger(bytes, at);
  if (!name || name.length > MAX_NAME_BYTES) return undefined;
  const size = variableInteger(bytes, at + name.length);
  if (!size) return undefined;
  return {
    // The bit that marks the length belongs to a name.
    id: name.value + 2 ** (7 * name.length),
    size: size.value === 2 ** (7 * size.length) - 1 ? undefined : size.value,
    length: name.length + size.length,
  };
}

/** An unsigned number of 1 to 8 bytes. */
export function variableInteger(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly length: number } | undefined {
  const length = Math.clz32(bytes[at]) - 23;
  if (!(at < bytes.length) || length > 8 || at + length > bytes.length) return undefined;
  let value = bytes[at] & (0xff >> length);
  for (let i = 1; i < length; i++) value = value * 256 + bytes[at + i];
  return { value, length };
}

/** The contents of the elements in `bytes`, by name; where one is there several times, in their order. */
export function childElements(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const children = new Map<number, Uint8Array[]>();
  for (let at = 0; at < bytes.length;) {
    const header = parseEbmlHeader(bytes, at);
    if (!header) break;
    at += header.length;
    const contents = bytes.subarray(at, at + (header.size ?? Infinity));
    at += contents.length;
    const same = children.get(header.id);
    if (same) same.push(contents);
    else children.set(header.id, [contents]);
  }
  return children;
}

/** A whole number of 0 to 8 bytes. */
export function unsignedValue(contents: Uint8Array | undefined): number | undefined {
  if (!contents || contents.length > 8) return undefined;
  return contents.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The same with a sign. */
export function signedValue(contents: Uint8Array | undefined): number | undefined {
  const value = unsignedValue(contents);
  if (value === undefined || !contents || contents.length === 0) return value;
  return contents[0] < 0x80 ? value : value - 2 ** (8 * contents.length);
}

/** A number of 4 or 8 bytes. */
export function floatValue(contents: Uint8Array | undefined): number | undefined {
  if (contents?.length === 4) return viewOf(contents).getFloat32(0, false);
  if (contents?.length === 8) return viewOf(contents).getFloat64(0, false);
  return undefined;
}

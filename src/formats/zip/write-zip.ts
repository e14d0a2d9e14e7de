/** @file Writes zip archives in memory, the same bytes for the same files; Zip64 where it is needed. Browser-safe. */

import { deflateSync } from "fflate";
import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { crc32 } from "../../io/crc32.ts";
import { shownValue } from "../../shown-value.ts";
import * as records from "./records.ts";

export interface ZipOptions {
  /** Deflate the content. Default false: it is stored. */
  readonly compress?: boolean;
  /** The content of each file begins at a multiple of this, in bytes, so that it can be used in place. Default 1. */
  readonly alignment?: number;
}

interface Packed {
  readonly name: Uint8Array;
  readonly method: number;
  readonly crc: number;
  readonly bytes: number;
  readonly content: Uint8Array;
}

/** 1 January 1980, the first day there is in a zip archive: the time of writing would change the bytes. */
const DATE = 0x21;

/** Names are UTF-8 (general purpose bit 11). */
const UTF8 = 0x800;

/** An extra field without meaning, which readers skip: its bytes align what follows. */
const PADDING_FIELD = 0x4246;
const FIELD_HEADER = 4;

/**
 * Packs files in the order given.
 * @param files paths, with "/" between folders, and contents
 * @param zip64From sizes, offsets and counts of entries from here on take 64 bits; only tests give less than the format's own limits
 * @throws AuricleError "argument" when a path occurs twice or is too long
 */
export function writeZip(
  files: Iterable<readonly [path: string, content: Uint8Array]>,
  { compress = false, alignment = 1 }: ZipOptions = {},
  zip64From: number = records.IN_ZIP64,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  const paths = new Set<string>();
  let at = 0;
  for (const [path, content] of files) {
    if (paths.has(path))
      throw new AuricleError("argument", `zip: each path must occur once; got ${shownValue(path)} twice`);
    paths.add(path);
    const packed = pack(path, content, compress);
    directory.push(directoryEntry(packed, at, zip64From));
    const header = localHeader(packed, at, alignment, zip64From);
    pieces.push(header, packed.content);
    at += header.length + packed.content.length;
  }
  const start = at;
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  return joined([...pieces, ...directory, ...endRecords(directory.length, start, length, zip64From)]);
}

function pack(path: string, content: Uint8Array, compress: boolean): Packed {
  const name = new TextEncoder().encode(path);
  if (name.length > 0x7fff)
    throw new AuricleError("argument", `zip: the path ${shownValue(path)} is too long`);
  const stored = { name, crc: crc32(content), bytes: content.length };
  return compress
    ? { ...stored, method: records.DEFLATED, content: deflateSync(content) }
    : { ...stored, method: records.STORED, content };
}

function localHeader(file: Packed, offset: number, alignment: number, zip64From: number): Uint8Array {
  // In the local header either both sizes are in the Zip64 field or none (section 4.5.3).
  const isWide = file.bytes >= zip64From || file.content.length >= zip64From;
  const wide = isWide ? wideField([file.bytes, file.content.length]) : new Uint8Array();
  const before = records.LOCAL_BYTES + file.name.length + wide.length;
  const padding = paddingField(offset + before, alignment);
  const header = new Uint8Array(before + padding.length);
  const view = viewOf(header);
  view.setUint32(0, records.LOCAL_SIGNATURE, true);
  setShared(view, 4, file, isWide ? [records.IN_ZIP64, records.IN_ZIP64] : [file.content.length, file.bytes]);
  view.setUint16(28, wide.length + padding.length, true);
  header.set(file.name, records.LOCAL_BYTES);
  header.set(wide, records.LOCAL_BYTES + file.name.length);
  header.set(padding, before);
  return header;
}

function directoryEntry(file: Packed, offset: number, zip64From: number): Uint8Array {
  const sizes = [file.bytes, file.content.length, offset];
  const wide = sizes.some((size) => size >= zip64From)
    ? wideField(sizes.filter((size) => size >= zip64From))
    : new Uint8Array();
  const short = (size: number) => (size >= zip64From ? records.IN_ZIP64 : size);
  const entry = new Uint8Array(records.ENTRY_BYTES + file.name.length + wide.length);
  const view = viewOf(entry);
  view.setUint32(0, records.ENTRY_SIGNATURE, true);
  view.setUint16(4, versionNeeded(wide.length > 0), true);
  setShared(view, 6, file, [short(file.content.length), short(file.bytes)]);
  view.setUint16(30, wide.length, true);
  view.setUint32(42, short(offset), true);
  entry.set(file.name, records.ENTRY_BYTES);
  entry.set(wide, records.ENTRY_BYTES + file.name.length);
  return entry;
}

/** Writes the fields that an entry has in the directory and before its content, from the version to the length of the name. */
function setShared(view: DataView, at: number, file: Packed, sizes: readonly number[]): void {
  view.setUint16(at, versionNeeded(sizes.includes(records.IN_ZIP64)), true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 4, file.method, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, file.crc, true);
  view.setUint32(at + 14, sizes[0], true);
  view.setUint32(at + 18, sizes[1], true);
  view.setUint16(at + 22, file.name.length, true);
}

/** Version 4.5 of the format knows Zip64, 2.0 deflate. */
function versionNeeded(isWide: boolean): number {
  return isWide ? 45 : 20;
}

function wideField(sizes: readonly number[]): Uint8Array {
  const field = new Uint8Array(FIELD_HEADER + 8 * sizes.length);
  const view = viewOf(field);
  view.setUint16(0, records.ZIP64_FIELD, true);
  view.setUint16(2, 8 * sizes.length, true);
  sizes.forEach((size, i) => view.setBigUint64(FIELD_HEADER + 8 * i, BigInt(size), true));
  return field;
}

function paddingField(position: number, alignment: number): Uint8Array {
  if (position % alignment === 0) return new Uint8Array();
  const bytes = (alignment - ((position + FIELD_HEADER) % alignment)) % alignment;
  const field = new Uint8Array(FIELD_HEADER + bytes);
  const view = viewOf(field);
  view.setUint16(0, PADDING_FIELD, true);
  view.setUint16(2, bytes, true);
  return field;
}

function endRecords(count: number, start: number, length: number, zip64From: number): Uint8Array[] {
  const isWide =
    start >= zip64From || length >= zip64From || count >= Math.min(zip64From, records.COUNT_IN_ZIP64);
  const end = new Uint8Array(records.END_BYTES);
  const view = viewOf(end);
  view.setUint32(0, records.END_SIGNATURE, true);
  for (const at of [8, 10]) view.setUint16(at, isWide ? records.COUNT_IN_ZIP64 : count, true);
  view.setUint32(12, isWide ? records.IN_ZIP64 : length, true);
  view.setUint32(16, isWide ? records.IN_ZIP64 : start, true);
  return isWide ? [...wideEnd(count, start, length), end] : [end];
}

function wideEnd(count: number, start: number, length: number): Uint8Array[] {
  const record = new Uint8Array(records.END64_BYTES);
  const view = viewOf(record);
  view.setUint32(0, records.END64_SIGNATURE, true);
  view.setBigUint64(4, BigInt(records.END64_BYTES - 12), true);
  for (const at of [12, 14]) view.setUint16(at, versionNeeded(true), true);
  for (const at of [24, 32]) view.setBigUint64(at, BigInt(count), true);
  view.setBigUint64(40, BigInt(length), true);
  view.setBigUint64(48, BigInt(start), true);
  const locator = new Uint8Array(records.LOCATOR_BYTES);
  const where = viewOf(locator);
  where.setUint32(0, records.LOCATOR_SIGNATURE, true);
  where.setBigUint64(8, BigInt(start + length), true);
  where.setUint32(16, 1, true);
  return [record, locator];
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

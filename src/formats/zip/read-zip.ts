/**
 * @file Reads zip archives in memory by their central directory: stored and deflated entries, Zip64 included, no encryption.
 * An entry is unpacked when it is asked for, its checksum is checked, and entries that overlap are refused. Browser-safe.
 */

import { inflateSync } from "fflate";
import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { crc32 } from "../../io/crc32.ts";
import { UnpackBudget } from "../../io/unpack-budget.ts";
import { shownValue } from "../../shown-value.ts";
import { ALWAYS_ALLOWED, LARGEST_COMPRESSION, MOST_ENTRIES } from "./limits.ts";
import * as records from "./records.ts";

/** The files of an archive by path, in the order of the central directory; folders are left out. */
export interface ZipFile {
  readonly paths: readonly string[];
  /** The length of a file, unpacked, in bytes. */
  bytesOf(path: string): number;
  /**
   * Unpacks a file. What is stored is not copied.
   * @throws AuricleError "file" for a path that is not there, an entry that is encrypted, compressed by another method, longer
   *   or shorter than it states, or does not fit its checksum, and when the archive unpacks to far more than its own size
   */
  read(path: string): Uint8Array;
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
}

/** Makes an error that names the archive. */
type Fault = (problem: string, cause?: unknown) => AuricleError;

/** True for content that begins as a zip archive does. */
export function isZip(bytes: Uint8Array): boolean {
  if (bytes.length < records.END_BYTES) return false;
  const signature = viewOf(bytes).getUint32(0, true);
  return signature === records.LOCAL_SIGNATURE || signature === records.END_SIGNATURE;
}

/**
 * Reads the directory of an archive.
 * @param file the archive's name, for messages
 * @throws AuricleError "file" when the directory is missing, damaged, names a path twice, or has entries that overlap
 */
export function openZip(bytes: Uint8Array, file: string): ZipFile {
  const fault: Fault = (problem, cause) =>
    new AuricleError("file", `${file}: the zip archive is damaged: ${problem}`, { cause });
  const entries = readDirectory(bytes, fault);
  checkPlaces(entries, bytes.length, fault);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const budget = new UnpackBudget(file, bytes.length, ALWAYS_ALLOWED);
  const find = (path: string): Entry => {
    const entry = byPath.get(path);
    if (!entry) throw new AuricleError("file", `${file}: the zip archive has no ${shownValue(path)}`);
    return entry;
  };
  return {
    paths: entries.map(({ path }) => path),
    bytesOf: (path) => find(path).bytes,
    read: (path) =>
      unpack(bytes, find(path), budget, (problem, cause) =>
        fault(`its entry ${shownValue(path)} ${problem}`, cause),
      ),
  };
}

function readDirectory(bytes: Uint8Array, fault: Fault): Entry[] {
  const { offset, length, count } = findDirectory(bytes, fault);
  if (!(offset + length <= bytes.length)) throw fault("its directory is missing; the file is cut short");
  if (count > MOST_ENTRIES) throw fault(`it states ${count} entries; at most ${MOST_ENTRIES} are read`);
  const directory = bytes.subarray(offset, offset + length);
  const view = viewOf(directory);
  const names = new Set<string>();
  const entries: Entry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const isThere =
      at + records.ENTRY_BYTES <= length && view.getUint32(at, true) === records.ENTRY_SIGNATURE;
    const end = isThere
      ? at +
        records.ENTRY_BYTES +
        [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0)
      : Infinity;
    if (end > length) throw fault(`its directory ends after ${i} of ${count} entries`);
    const entry = readEntry(directory.subarray(at, end), fault);
    if (names.has(entry.path)) throw fault(`it has ${shownValue(entry.path)} twice`);
    names.add(entry.path);
    // Folders are written by some programs and hold nothing.
    if (!entry.path.endsWith("/")) entries.push(entry);
    at = end;
  }
  return entries;
}

function findDirectory(
  bytes: Uint8Array,
  fault: Fault,
): { readonly offset: number; readonly length: number; readonly count: number } {
  const view = viewOf(bytes);
  const isAt = (at: number, signature: number, length: number) =>
    at >= 0 && at + length <= bytes.length && view.getUint32(at, true) === signature;
  // A comment of up to 64 kB may follow.
  let end = bytes.length - records.END_BYTES;
  const first = Math.max(0, end - 0xffff);
  while (end >= first && !isAt(end, records.END_SIGNATURE, records.END_BYTES)) end--;
  if (end < first) throw fault("it has no directory; it is cut short or not a zip archive");
  const locator = end - records.LOCATOR_BYTES;
  if (!isAt(locator, records.LOCATOR_SIGNATURE, records.LOCATOR_BYTES)) {
    return {
      count: view.getUint16(end + 10, true),
      length: view.getUint32(end + 12, true),
      offset: view.getUint32(end + 16, true),
    };
  }
  const record = Number(view.getBigUint64(locator + 8, true));
  if (!isAt(record, records.END64_SIGNATURE, records.END64_BYTES)) {
    throw fault("its Zip64 record is not at the stated position");
  }
  return {
    count: Number(view.getBigUint64(record + 32, true)),
    length: Number(view.getBigUint64(record + 40, true)),
    offset: Number(view.getBigUint64(record + 48, true)),
  };
}

/** @param header the entry of the directory with its name and its extra fields */
function readEntry(header: Uint8Array, fault: Fault): Entry {
  const view = viewOf(header);
  const nameEnd = records.ENTRY_BYTES + view.getUint16(28, true);
  const extraEnd = nameEnd + view.getUint16(30, true);
  // A copy, since a browser's decoder refuses shared memory.
  const path = new TextDecoder().decode(header.slice(records.ENTRY_BYTES, nameEnd));
  const wide = wideSizes(header.subarray(nameEnd, extraEnd));
  const [bytes, packedBytes, offset] = [24, 20, 42].map((field) => {
    const value = view.getUint32(field, true);
    if (value !== records.IN_ZIP64) return value;
    const next = wide.shift();
    if (next === undefined) throw fault(`its entry ${shownValue(path)} has no sizes`);
    return next;
  });
  return {
    path,
    method: view.getUint16(10, true),
    isEncrypted: (view.getUint16(8, true) & 1) === 1,
    crc: view.getUint32(16, true),
    packedBytes,
    bytes,
    offset,
  };
}

/** The numbers of an entry's Zip64 field: length, packed length and offset, of which only those are there that are needed. */
function wideSizes(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === records.ZIP64_FIELD) {
      const count = Math.floor((Math.min(end, extra.length) - at - 4) / 8);
      return Array.from({ length: Math.min(count, 3) }, (_, i) =>
        Number(view.getBigUint64(at + 4 + 8 * i, true)),
      );
    }
    at = end;
  }
  return [];
}

/** Entries that share their bytes make much of little: Fifield, "A better zip bomb" (2019). */
function checkPlaces(entries: readonly Entry[], length: number, fault: Fault): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.offset - b.offset)) {
    const name = shownValue(entry.path);
    if (entry.offset < end) throw fault(`its entry ${name} overlaps another`);
    end = entry.offset + records.LOCAL_BYTES + entry.packedBytes;
    if (!(end <= length)) throw fault(`its entry ${name} is cut short`);
  }
}

function unpack(archive: Uint8Array, entry: Entry, budget: UnpackBudget, fault: Fault): Uint8Array {
  const { method, isEncrypted, packedBytes, bytes, crc, offset } = entry;
  if (isEncrypted) throw fault("is encrypted");
  if (method !== records.STORED && method !== records.DEFLATED) {
    throw fault(`is compressed by method ${method}, which is not supported; compress it by deflate`);
  }
  const view = viewOf(archive);
  if (view.getUint32(offset, true) !== records.LOCAL_SIGNATURE) {
    throw fault("is not at the position that the directory states");
  }
  const start =
    offset + records.LOCAL_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (!(start + packedBytes <= archive.length)) throw fault("is cut short");
  const packed = archive.subarray(start, start + packedBytes);
  const content = method === records.STORED ? packed : inflate(packed, bytes, budget, fault);
  if (content.length !== bytes) throw fault(`states ${bytes} bytes and holds ${content.length}`);
  if (crc32(content) !== crc) throw fault("does not fit its checksum");
  return content;
}

function inflate(packed: Uint8Array, bytes: number, budget: UnpackBudget, fault: Fault): Uint8Array {
  if (bytes > LARGEST_COMPRESSION * packed.length) {
    throw fault(`states ${bytes} bytes, which ${packed.length} cannot hold`);
  }
  const excess = budget.excessOf(bytes);
  if (excess) throw excess;
  try {
    // One byte more than stated shows content that goes on.
    const content = inflateSync(packed, { out: new Uint8Array(bytes + 1) });
    return content.length > bytes ? content : content.subarray(0, bytes);
  } catch (cause) {
    throw fault(`cannot be decompressed (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
}

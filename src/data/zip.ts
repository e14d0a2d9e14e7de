/**
 * @file Unpacks zip archives (PKWARE's APPNOTE.TXT 6.3.10) by their central directory, piece by piece, so that neither
 * the archive nor a file in it need fit into memory. Stored and deflated files, Zip64 included; no encryption. Node only.
 */

import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { placeOfEntry, type UnpackRequest } from "./archive-entry.ts";
import { UnpackBudget } from "../io/unpack-budget.ts";
import { writeEntry } from "./write-entry.ts";

/** One file in the archive, as its central directory describes it (section 4.3.12). */
interface ZipEntry {
  readonly path: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly offset: number;
  /** Whether it is a file: not a folder, and no link or other thing of Unix. */
  readonly isFile: boolean;
}

export async function unpackZip(request: UnpackRequest): Promise<void> {
  const { archive, folder, strip = 0, onProgress } = request;
  let file: FileHandle | undefined;
  try {
    file = await open(archive);
    const total = (await file.stat()).size;
    const entries = await readDirectory(archive, file, total);
    const wanted = entries.flatMap((entry) => {
      const place = placeOfEntry(archive, entry.path, strip);
      return place === undefined || !entry.isFile ? [] : [{ entry, place }];
    });
    const budget = new UnpackBudget(archive, total);
    let received = 0;
    let end = 0;
    for (const { entry, place } of inOrderOfOffset(wanted)) {
      // Entries that share their bytes make much of little: Fifield, "A better zip bomb" (2019).
      if (entry.offset < end)
        throw damaged(archive, `its entry ${JSON.stringify(entry.path)} overlaps another`);
      const path = join(folder, place);
      await mkdir(dirname(path), { recursive: true });
      end = await unpackEntry(archive, file, entry, path, budget);
      received += entry.compressedBytes;
      onProgress?.({ received, total });
    }
    onProgress?.({ received: total, total });
  } catch (cause) {
    throw errorCode(cause)?.startsWith("E") ? fileError("unpack", archive, cause) : cause;
  } finally {
    await file?.close();
  }
}

/** Those that come first in the archive first. */
function inOrderOfOffset<T extends { readonly entry: ZipEntry }>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => a.entry.offset - b.entry.offset);
}

const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

/** The end record without its comment (section 4.3.16), and how long that may be. */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

/** Larger directories are refused before memory is taken for them: this one would have millions of entries. */
const LARGEST_DIRECTORY = 2 ** 30;

async function readDirectory(archive: string, file: FileHandle, size: number): Promise<ZipEntry[]> {
  const { offset, bytes, count } = await findDirectory(archive, file, size);
  if (offset + bytes > size || bytes > LARGEST_DIRECTORY) throw damaged(archive, "its directory is missing");
  const directory = await readAt(archive, file, offset, bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) {
      throw damaged(archive, `its directory ends after ${i} of ${count} entries`);
    }
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    entries.push(readEntry(directory.subarray(at, extraEnd), directory.subarray(nameEnd, extraEnd)));
    at = extraEnd + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function findDirectory(
  archive: string,
  file: FileHandle,
  size: number,
): Promise<{ offset: number; bytes: number; count: number }> {
  const start = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = await readAt(archive, file, start, size - start);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < 0) throw damaged(archive, "it has no directory: it is cut short or not a zip archive");
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === END64_LOCATOR_SIGNATURE) {
    const record = await readAt(archive, file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    if (record.readUInt32LE(0) !== END64_SIGNATURE)
      throw damaged(archive, "its Zip64 record is not at the stated position");
    return {
      count: Number(record.readBigUInt64LE(32)),
      bytes: Number(record.readBigUInt64LE(40)),
      offset: Number(record.readBigUInt64LE(48)),
    };
  }
  return {
    count: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
}

/** @param header the header of the entry in the directory; @param extra its extra fields. */
function readEntry(header: Buffer, extra: Buffer): ZipEntry {
  const [compressedBytes, bytes, offset] = readSizes(header, extra);
  const path = header.toString("utf8", 46, 46 + header.readUInt16LE(28));
  // Of archives made on Unix, the upper half of the external attributes is the file's mode: 0o100000 is a plain file.
  const madeOnUnix = header.readUInt8(5) === 3;
  const type = (header.readUInt32LE(38) >>> 16) & 0o170000;
  return {
    path,
    method: header.readUInt16LE(10),
    isEncrypted: (header.readUInt16LE(8) & 1) === 1,
    crc: header.readUInt32LE(16),
    compressedBytes,
    bytes,
    offset,
    isFile: !path.endsWith("/") && (!madeOnUnix || type === 0 || type === 0o100000),
  };
}

/** Compressed size, size and offset; those of all ones are in the Zip64 field, in another order (section 4.5.3). */
function readSizes(header: Buffer, extra: Buffer): [number, number, number] {
  const short = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2);
  let next = at + 4;
  const [bytes, compressedBytes, offset] = short.map((value) => {
    if (value !== 0xffffffff || next + 8 > extra.length) return value;
    next += 8;
    return Number(extra.readBigUInt64LE(next - 8));
  });
  return [compressedBytes, bytes, offset];
}

/** @returns where its bytes end in the archive */
async function unpackEntry(
  archive: string,
  file: FileHandle,
  entry: ZipEntry,
  path: string,
  budget: UnpackBudget,
): Promise<number> {
  budget.entry();
  const { method, isEncrypted, compressedBytes, bytes, crc, offset } = entry;
  const fault = (reason: string, cause?: unknown) =>
    damaged(archive, `its entry ${JSON.stringify(entry.path)} ${reason}`, cause);
  if (isEncrypted || (method !== 0 && method !== 8)) {
    throw fault(isEncrypted ? "is encrypted" : `is compressed by method ${method}, which is not supported`);
  }
  const local = await readAt(archive, file, offset, 30);
  if (local.readUInt32LE(0) !== LOCAL_SIGNATURE)
    throw fault("is not at the position that the directory states");
  const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  let sum = 0;
  let written = 0;
  const check = (piece: Uint8Array) => {
    sum = crc32(piece, sum);
    written += piece.length;
    // A file that grows beyond what is stated is not written on.
    return written > bytes ? fault(`holds more than the ${bytes} bytes that it states`) : undefined;
  };
  const source = Readable.from(readPieces(archive, file, start, compressedBytes));
  const through = method === 0 ? undefined : createInflateRaw();
  try {
    await writeEntry({ source, through, check }, path, budget);
  } catch (cause) {
    if (cause instanceof AuricleError || errorCode(cause)?.startsWith("E")) throw cause;
    throw fault(`cannot be decompressed (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  if (written !== bytes || sum !== crc) throw fault("does not match its checksum");
  return start + compressedBytes;
}

/** How much of an entry is read at once. */
const PIECE = 1 << 16;

/** The handle's own streams each leave a listener behind on it. */
async function* readPieces(archive: string, file: FileHandle, start: number, bytes: number) {
  for (let done = 0; done < bytes; done += PIECE) {
    yield await readAt(archive, file, start + done, Math.min(PIECE, bytes - done));
  }
}

async function readAt(archive: string, file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  for (let have = 0; have < bytes;) {
    const { bytesRead } = await file.read(buffer, have, bytes - have, position + have);
    if (bytesRead === 0) throw damaged(archive, "it is cut short");
    have += bytesRead;
  }
  return buffer;
}

function damaged(archive: string, reason: string, cause?: unknown): AuricleError {
  return new AuricleError("file", `${archive}: it is damaged: ${reason}; download it again`, { cause });
}

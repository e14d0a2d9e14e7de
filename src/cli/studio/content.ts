/** @file The contents of answers: files, or bytes in memory. */

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";

/** Bytes that may be sent, in part too. */
export interface Content {
  /** A media type. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Other bytes have another one; letters, digits, "-" and "_". */
  readonly tag: string;
  /** When it was changed last, in milliseconds since 1970. */
  readonly modified?: number;
  /** The bytes from `start` up to and with `end`. */
  read(start: number, end: number): Readable;
  close(): Promise<void>;
}

/**
 * Opens a file, which stays as it is while it is read: files of runs are replaced, not changed.
 * @param path that of a file: to open a pipe would wait for its other end
 * @throws the system's error where it cannot be opened.
 */
export async function fileContent(path: string, type: string): Promise<Content> {
  const file = await open(path, "r");
  const { size, mtimeMs, mtimeNs } = await file.stat({ bigint: true }).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return {
    type,
    size: Number(size),
    tag: `${size.toString(36)}-${mtimeNs.toString(36)}`,
    modified: Number(mtimeMs),
    read: (start, end) => file.createReadStream({ start, end, autoClose: false }),
    close: () => file.close(),
  };
}

export function memoryContent(bytes: Uint8Array, type: string): Content {
  return {
    type,
    size: bytes.length,
    tag: createHash("sha256").update(bytes).digest("base64url"),
    read: (start, end) => Readable.from([bytes.subarray(start, end + 1)]),
    close: () => Promise.resolve(),
  };
}

export function jsonContent(value: unknown): Content {
  return memoryContent(new TextEncoder().encode(JSON.stringify(value)), "application/json");
}

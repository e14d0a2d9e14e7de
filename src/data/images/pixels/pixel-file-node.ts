/**
 * @file The cache of decoded pictures: a file for each content and form, of the pixels, the defects that decoding found, and a
 * checksum. Node only; `pixel-file-browser.ts` is for browsers.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { crc32 } from "node:zlib";
import type { StoredPixels } from "./stored-pixels.ts";

const CHECKSUM_BYTES = 4;

/** The pixels of that path, if they are there and whole. They count as used now. */
export function readPixels(path: string, size: number): StoredPixels | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Not there, or of another user: then it is decoded again.
    return undefined;
  }
  const end = file.length - CHECKSUM_BYTES;
  if (end < size || crc32(file.subarray(0, end)) !== file.readUInt32LE(end)) return undefined;
  const text = file.toString("utf8", size, end);
  return { pixels: new Uint8Array(file.subarray(0, size)), warnings: text === "" ? [] : text.split("\n") };
}

/** Writes a file that appears whole or not at all. @throws an error of the file system. */
export function writePixels(path: string, folder: string, { pixels, warnings }: StoredPixels): void {
  mkdirSync(folder, { recursive: true });
  const content = Buffer.concat([pixels, Buffer.from(warnings.join("\n"), "utf8")]);
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(content));
  const temporary = `${path}.${process.pid}-${threadId}.tmp`;
  try {
    writeFileSync(temporary, Buffer.concat([content, checksum]));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

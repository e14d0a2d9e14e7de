/**
 * @file The cache of decoded pictures: a file for each content and form, of the pixels, then lines of text (the measurement as JSON, and
 * the defects that decoding found), and a checksum. Node only; `pixel-file-browser.ts` is for browsers.
 */

import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { crc32 } from "node:zlib";
import type { PictureMeasurement } from "./measurement.ts";
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
  const [measurement, ...warnings] = file.toString("utf8", size, end).split("\n");
  const pixels = new Uint8Array(file.subarray(0, size));
  return { pixels, warnings, measurement: parseMeasurement(measurement) };
}

/** Writes a file that appears whole or not at all. @throws an error of the file system. */
export function writePixels(
  path: string,
  folder: string,
  { pixels, warnings, measurement }: StoredPixels,
): void {
  mkdirSync(folder, { recursive: true });
  const text = [formatMeasurement(measurement), ...warnings].join("\n");
  const content = Buffer.concat([pixels, Buffer.from(text, "utf8")]);
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

interface StoredMeasurement extends Omit<PictureMeasurement, "fingerprint"> {
  readonly fingerprint?: { readonly words: readonly [number, number]; readonly thumbnail: string };
}

function formatMeasurement({ fingerprint, ...others }: PictureMeasurement): string {
  const thumbnail = fingerprint && Buffer.from(fingerprint.thumbnail).toString("base64");
  return JSON.stringify({
    ...others,
    ...(fingerprint && { fingerprint: { words: fingerprint.words, thumbnail } }),
  });
}

function parseMeasurement(text: string): PictureMeasurement {
  const { fingerprint, ...others } = JSON.parse(text) as StoredMeasurement;
  if (!fingerprint) return { ...others, fingerprint: undefined };
  const thumbnail = new Uint8Array(Buffer.from(fingerprint.thumbnail, "base64"));
  return { ...others, fingerprint: { words: fingerprint.words, thumbnail } };
}

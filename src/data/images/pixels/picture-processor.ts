/** @file The work on one picture: from the cache, or else decoding and resizing it. Browser-safe. */

import { readPixels, writePixels } from "#here/data/images/pixels/pixel-file";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import { AuricleError } from "../../../errors.ts";
import { decodeImage, readImageHeader } from "../../../image/decode-image.ts";
import { resizeImage } from "../../../image/resize/resize-image.ts";
import { fileError } from "../../../io/atomic-file.ts";
import { problemOf } from "../../../io/file-problem.ts";
import { measurePicture } from "./measurement.ts";
import type { PictureMessage, PictureTask, ProcessorSettings } from "./messages.ts";
import { pixelPath, type StoredPixels } from "./stored-pixels.ts";
import { pixelCount } from "./pixel-format.ts";

/** @returns the pixels, or why there are none. @throws errors that are not the file's fault */
export async function processPicture(
  { picture, path: file }: PictureTask,
  settings: ProcessorSettings,
): Promise<PictureMessage> {
  const { format, cacheFolder, sendsPixels } = settings;
  let content: Uint8Array;
  try {
    content = await store.read(file);
  } catch (cause) {
    return { kind: "problem", picture, problem: problemOf(file, fileError("read", file, cause)) };
  }
  const hash = sha256().update(content).digest();
  const path = pixelPath(cacheFolder, hash, format);
  const cached = readPixels(path, pixelCount(format));
  let stored: StoredPixels;
  try {
    stored = cached ?? (await decode(content, file, settings));
  } catch (error) {
    if (!(error instanceof AuricleError) || error.code !== "file") throw error;
    return { kind: "problem", picture, problem: problemOf(file, error) };
  }
  const cacheProblem = cached ? undefined : keep(path, cacheFolder, stored);
  const isKept = cacheProblem === undefined;
  return {
    kind: "picture",
    picture,
    content: hash,
    path: isKept ? path : undefined,
    pixels: sendsPixels || !isKept ? stored.pixels : undefined,
    wasCached: cached !== undefined,
    warnings: stored.warnings,
    measurement: stored.measurement,
    cacheProblem,
  };
}

async function decode(
  content: Uint8Array,
  file: string,
  { format, maxPixels }: ProcessorSettings,
): Promise<StoredPixels> {
  const image = await decodeImage(content, file, { maxPixels });
  const measurement = measurePicture(image, readImageHeader(content, file));
  return { pixels: resizeImage(image, format).data, warnings: image.warnings, measurement };
}

/** @returns why it could not be kept */
function keep(path: string, folder: string, stored: StoredPixels): string | undefined {
  try {
    writePixels(path, folder, stored);
    return undefined;
  } catch (cause) {
    return fileError("write", path, cause).message;
  }
}

/** @file Decoded pictures as the cache keeps them, and their place there. Browser-safe. */

import { join } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import type { PictureMeasurement } from "./measurement.ts";
import type { PixelFormat } from "./messages.ts";
import { PIXEL_SUFFIX } from "../../audio/features/cache/feature-cache.ts";
import { formatKey } from "./pixel-format.ts";

/** Raised when the results of decoding, measuring or resizing change. */
const VERSION = 3;

export interface StoredPixels {
  readonly pixels: Uint8Array;
  readonly warnings: readonly string[];
  readonly measurement: PictureMeasurement;
}

/** The file for a picture. @param content SHA-256 of the picture's file, hexadecimal */
export function pixelPath(folder: string, content: string, format: PixelFormat): string {
  const hash = sha256()
    .update(`${VERSION} ${formatKey(format)} `)
    .update(content);
  return join(folder, hash.digest().slice(0, 40) + PIXEL_SUFFIX);
}

/** @file How large a picture may be, asked of its header before memory is taken for it. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { imageError } from "./image-error.ts";
import type { ImageSource } from "./image.ts";
import { shownValue } from "../shown-value.ts";

/** 8192 × 8192: more than a camera of 61 megapixels makes. With 4 channels these are 256 MiB. */
export const DEFAULT_MAX_PIXELS = 2 ** 26;

/** @throws AuricleError "argument" unless it is a whole number from 1. */
export function checkMaxPixels(maxPixels: number): void {
  if (Number.isSafeInteger(maxPixels) && maxPixels >= 1) return;
  throw new AuricleError("argument", `maxPixels must be a whole number from 1; got ${shownValue(maxPixels)}`);
}

/** @throws AuricleError "file" for a picture without pixels, and for one with more than `maxPixels`. */
export function checkSize(source: ImageSource, width: number, height: number, maxPixels: number): void {
  if (width < 1 || height < 1) {
    throw imageError(source, `its header says ${width} × ${height} pixels; at least 1 × 1 is needed`);
  }
  if (width * height > maxPixels) {
    throw imageError(
      source,
      `its header says ${width} × ${height} pixels, more than the ${maxPixels} that are allowed; ` +
        "make it smaller; a program can allow more with `maxPixels`",
    );
  }
}

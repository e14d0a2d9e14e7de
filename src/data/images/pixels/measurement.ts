/** @file The properties of a decoded picture that inspection and the search for duplicates need. Browser-safe. */

import { sha256 } from "#here/io/sha256";
import type { DecodedImage, Image, ImageFormat, ImageHeader } from "../../../image/image.ts";
import { fingerprintOf, type PictureFingerprint } from "../duplicates/fingerprint.ts";

/** A smaller picture has too few pixels for its fingerprint to tell it from others: only exact copies of it are found. */
const LEAST_SIDE = 32;

/** Plain JSON, but for the fingerprint. */
export interface PictureMeasurement {
  /** "archive" where a file holds many. */
  readonly format: ImageFormat | "archive";
  /** Upright. */
  readonly width: number;
  readonly height: number;
  /** EXIF's orientation, 1 … 8. */
  readonly orientation: number;
  /** Bits of a stored sample, or of an index into the palette. */
  readonly bits: number;
  /** Pictures in the file, of which the first counts. */
  readonly frames: number;
  /** Whether every pixel is grey, however it is stored. */
  readonly isGrey: boolean;
  /** Whether a pixel is not opaque. */
  readonly isTransparent: boolean;
  /** The largest standard deviation of a channel, 0 … 127.5: near 0 for one colour. */
  readonly deviation: number;
  /** SHA-256 of the upright picture's size and pixels, hexadecimal. */
  readonly pixelsHash: string;
  /** Undefined for pictures with a side below 32, and those in archives. */
  readonly fingerprint: PictureFingerprint | undefined;
}

/** Measures a picture as it is seen. */
export function measurePicture(image: DecodedImage, header: ImageHeader): PictureMeasurement {
  const { width, height, format } = image;
  const fingerprint = fingerprintOf(image);
  return {
    format,
    width,
    height,
    orientation: header.orientation,
    bits: header.bits,
    frames: header.frames,
    isGrey: isGrey(image),
    isTransparent: isTransparent(image),
    deviation: deviationOf(fingerprint.thumbnail, 3),
    pixelsHash: hashOf(image),
    fingerprint: Math.min(width, height) < LEAST_SIDE ? undefined : fingerprint,
  };
}

/** Measures a picture of an archive. @param pixelsHash of its own pixels */
export function measureArchived(image: Image, pixelsHash: string): PictureMeasurement {
  const { width, height, channels, data } = image;
  return {
    format: "archive",
    width,
    height,
    orientation: 1,
    bits: 8,
    frames: 1,
    isGrey: isGrey(image),
    isTransparent: isTransparent(image),
    deviation: deviationOf(data, channels),
    pixelsHash,
    fingerprint: undefined,
  };
}

function hashOf({ width, height, channels, data }: Image): string {
  return sha256().update(`${width} ${height} ${channels} `).update(data).digest();
}

function isGrey({ channels, data }: Image): boolean {
  if (channels === 1) return true;
  for (let i = 0; i < data.length; i += channels) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  }
  return true;
}

function isTransparent({ channels, data }: Image): boolean {
  if (channels !== 4) return false;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true;
  return false;
}

function deviationOf(data: Uint8Array, channels: number): number {
  const count = data.length / channels;
  let largest = 0;
  for (let channel = 0; channel < channels; channel++) {
    let [sum, squares] = [0, 0];
    for (let i = channel; i < data.length; i += channels) {
      sum += data[i];
      squares += data[i] * data[i];
    }
    largest = Math.max(largest, squares / count - (sum / count) ** 2);
  }
  return Math.sqrt(largest);
}

/**
 * @file A picture's fingerprint, by which copies of it are found that were encoded again, resized, brightened or cropped a
 * little: 64 bits to look it up by, and a thumbnail to compare it by. Whole numbers alone, so that it is the same in every
 * JavaScript engine. Browser-safe.
 */

import type { Image } from "../../../image/image.ts";
import { greyOf, withChannels } from "../../../image/resize/colors.ts";
import { resizeImage, WHITE } from "../../../image/resize/resize-image.ts";
import { squareMeans } from "../../../image/resize/square-means.ts";

export const THUMBNAIL_SIDE = 16;
export const THUMBNAIL_BYTES = THUMBNAIL_SIDE * THUMBNAIL_SIDE * 3;

/** The side of the grey picture that is transformed. */
const SIDE = 2 * THUMBNAIL_SIDE;
const BITS = 64;
/** The highest frequency of the transform that a bit comes from. */
const HIGHEST = 10;
/**
 * A coefficient of the orthonormal transform of bytes counts as positive above this, so that one that is 0 in a symmetrical
 * picture stays so when noise is added.
 */
const DEAD_ZONE = 8;
/** Cosines are whole numbers of this part of 1. */
const COSINE_UNIT = 2 ** 12;

export interface PictureFingerprint {
  /** Bits 0 … 31 and 32 … 63: whether a coefficient of the discrete cosine transform is positive. */
  readonly words: readonly [number, number];
  /** `[16, 16, 3]` bytes: the whole picture, stretched. */
  readonly thumbnail: Uint8Array;
}

/** Frequencies along the rows and the columns, the lowest first, without that of the mean. */
const FREQUENCIES: readonly (readonly [number, number])[] = Array.from({ length: HIGHEST }, (_, i) => i + 1)
  .flatMap((sum) => Array.from({ length: sum + 1 }, (_, first) => [first, sum - first] as const))
  .slice(0, BITS);

/** `COSINES[frequency · SIDE + place]` */
const COSINES = Float64Array.from({ length: (HIGHEST + 1) * SIDE }, (_, i) => {
  const [frequency, place] = [Math.floor(i / SIDE), i % SIDE];
  return Math.round(COSINE_UNIT * Math.cos((Math.PI * (2 * place + 1) * frequency) / (2 * SIDE)));
});

/** Makes the fingerprint of a picture as it is seen: upright, transparent parts white. */
export function fingerprintOf(image: Image): PictureFingerprint {
  const solid = withChannels(image, image.channels === 1 ? 1 : 3, WHITE);
  const reduced = reduce(solid, Math.floor(Math.min(image.width, image.height) / (2 * SIDE)));
  const { data } = resizeImage(reduced, { width: SIDE, height: SIDE, fit: "stretch", channels: 3 });
  return { words: bitsOf(data), thumbnail: halved(data) };
}

/** The means of squares of pixels take less time than resizing the whole: of every second row where there are four or more. */
function reduce(image: Image, factor: number): Image {
  return factor < 2 ? image : squareMeans(image, factor, factor < 4 ? 1 : 2);
}

function bitsOf(rgb: Uint8Array): [number, number] {
  const grey = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < grey.length; i++) grey[i] = greyOf(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
  // Along the rows first: [SIDE, HIGHEST + 1].
  const rows = new Float64Array(SIDE * (HIGHEST + 1));
  for (let y = 0; y < SIDE; y++) {
    for (let frequency = 0; frequency <= HIGHEST; frequency++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += grey[y * SIDE + x] * COSINES[frequency * SIDE + x];
      rows[y * (HIGHEST + 1) + frequency] = sum;
    }
  }
  const words: [number, number] = [0, 0];
  FREQUENCIES.forEach(([down, across], bit) => {
    let sum = 0;
    for (let y = 0; y < SIDE; y++) sum += rows[y * (HIGHEST + 1) + across] * COSINES[down * SIDE + y];
    // The orthonormal coefficient is the sum times 2 / SIDE, and over √2 for frequency 0.
    const scale = (SIDE / 2) * COSINE_UNIT ** 2 * (down === 0 || across === 0 ? Math.SQRT2 : 1);
    if (sum > DEAD_ZONE * scale) words[bit >> 5] |= 1 << (bit & 31);
  });
  return words;
}

/** The mean of each two by two pixels. */
function halved(rgb: Uint8Array): Uint8Array {
  const result = new Uint8Array(THUMBNAIL_BYTES);
  let to = 0;
  for (let y = 0; y < THUMBNAIL_SIDE; y++) {
    for (let at = 2 * y * SIDE * 3, end = at + SIDE * 3; at < end; at += 6) {
      for (let i = at; i < at + 3; i++) {
        result[to++] = (rgb[i] + rgb[i + 3] + rgb[i + 3 * SIDE] + rgb[i + 3 * SIDE + 3] + 2) >> 2;
      }
    }
  }
  return result;
}

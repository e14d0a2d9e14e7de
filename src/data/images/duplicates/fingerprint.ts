/**
 * @file A picture's fingerprint, by which copies of it are found that were encoded again, resized, brightened or cropped a
 * little: 64 bits to look it up by, and a thumbnail to compare it by. Whole numbers alone, so that it is the same in every
 * JavaScript engine. Browser-safe.
 */

import type { Image } from "../../../image/image.ts";
import { greyOf, withChannels } from "../../../image/resize/colors.ts";
import { resizeImage, WHITE } from "../../../image/resize/resize-image.ts";

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

/**
 * The means of squares of `factor` pixels a side, which takes less time than resizing the whole: of every second row where there
 * are four or more.
 */
function reduce(image: Image, factor: number): Image {
  if (factor < 2) return image;
  const { channels, data } = image;
  const [width, height] = [Math.floor(image.width / factor), Math.floor(image.height / factor)];
  const rowLength = width * channels;
  const result = new Uint8Array(height * rowLength);
  // Of whole rows first: their bytes are added where they lie.
  const columns = new Int32Array(rowLength * factor);
  const step = factor < 4 ? 1 : 2;
  const added = Math.ceil(factor / step) * factor;
  for (let y = 0; y < height; y++) {
    addRows(
      data,
      { first: y * factor, end: (y + 1) * factor, step, length: image.width * channels },
      columns,
    );
    if (channels === 3) meansOfColors(columns, factor, added, result, y * rowLength);
    else meansOf(columns, factor, added, result, y * rowLength);
  }
  return { width, height, channels, data: result };
}

/** Rows of bytes that are added up. */
interface Rows {
  readonly first: number;
  readonly end: number;
  readonly step: number;
  /** Bytes of a row. */
  readonly length: number;
}

/** Adds up the beginnings of rows: four bytes at once where words lie so, as far as sums of bytes fit into half a word. */
function addRows(data: Uint8Array, rows: Rows, sums: Int32Array): void {
  const { first, end, step, length } = rows;
  const areWords = data.byteOffset % 4 === 0 && length % 4 === 0 && (end - first) / step <= MOST_ADDED;
  const whole = areWords ? sums.length & ~3 : 0;
  if (whole > 0) addWords(new Int32Array(data.buffer, data.byteOffset, data.length >> 2), rows, sums, whole);
  sums.fill(0, whole);
  for (let row = first; row < end; row += step) {
    for (let i = whole, at = row * length + whole; i < sums.length; i++, at++) sums[i] += data[at];
  }
}

/** Sums of so many bytes are below 2¹⁶. */
const MOST_ADDED = 257;
/** Every second byte of a word. */
const SECOND_BYTES = 0x00ff00ff;

function addWords(
  words: Int32Array,
  { first, end, step, length }: Rows,
  sums: Int32Array,
  count: number,
): void {
  const rowWords = length >> 2;
  for (let i = 0; i < count; i += 4) {
    let even = 0;
    let odd = 0;
    for (let row = first, at = first * rowWords + (i >> 2); row < end; row += step, at += step * rowWords) {
      const word = words[at];
      even = (even + (word & SECOND_BYTES)) | 0;
      odd = (odd + ((word >>> 8) & SECOND_BYTES)) | 0;
    }
    sums[i] = even & 0xffff;
    sums[i + 1] = odd & 0xffff;
    sums[i + 2] = even >>> 16;
    sums[i + 3] = odd >>> 16;
  }
}

/** Each sum of `factor` neighbours over `added`, rounded: twice the sum and one more `added` over twice that, cut off. */
function meansOf(sums: Int32Array, factor: number, added: number, result: Uint8Array, to: number): void {
  for (let from = 0; from < sums.length; from += factor, to++) {
    let sum = 0;
    for (let i = from; i < from + factor; i++) sum += sums[i];
    result[to] = (2 * sum + added) / (2 * added);
  }
}

function meansOfColors(
  sums: Int32Array,
  factor: number,
  added: number,
  result: Uint8Array,
  to: number,
): void {
  for (let from = 0; from < sums.length; from += 3 * factor, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = from; i < from + 3 * factor; i += 3) {
      red += sums[i];
      green += sums[i + 1];
      blue += sums[i + 2];
    }
    result[to] = (2 * red + added) / (2 * added);
    result[to + 1] = (2 * green + added) / (2 * added);
    result[to + 2] = (2 * blue + added) / (2 * added);
  }
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

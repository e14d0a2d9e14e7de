/** @file The run-length compressions of BMP, RLE8 and RLE4. Browser-safe. */

import { cutOff } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

const END_OF_ROW = 0;
const END_OF_PICTURE = 1;
const MOVE = 2;

/**
 * The indices, row by row in the order stored; those that runs jump over are 0. What would lie outside is dropped.
 * @throws AuricleError "file" where the runs end before the picture does.
 */
export function decodeRuns(
  source: ImageSource,
  stored: Uint8Array,
  bits: number,
  width: number,
  height: number,
): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, 0];
  const put = (index: number) => {
    if (x < width) indices[y * width + x] = index;
    x++;
  };
  /** Pixel i of bytes that hold one or two each. */
  const pixelAt = (start: number, i: number) =>
    bits === 8 ? stored[start + i] : (stored[start + (i >> 1)] >> (i & 1 ? 0 : 4)) & 15;
  while (y < height) {
    if (at + 2 > stored.length) throw cutOff(source, "BMP");
    const count = stored[at];
    const second = stored[at + 1];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 8 ? second : i & 1 ? second & 15 : second >> 4);
    } else if (second === END_OF_ROW) {
      x = 0;
      y++;
    } else if (second === END_OF_PICTURE) {
      break;
    } else if (second === MOVE) {
      if (at + 2 > stored.length) throw cutOff(source, "BMP");
      x += stored[at];
      y += stored[at + 1];
      at += 2;
    } else {
      const length = bits === 8 ? second : Math.ceil(second / 2);
      if (at + length > stored.length) throw cutOff(source, "BMP");
      for (let i = 0; i < second; i++) put(pixelAt(at, i));
      // Padded to whole words.
      at += length + (length & 1);
    }
  }
  return indices;
}

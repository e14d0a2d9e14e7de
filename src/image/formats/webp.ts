/** @file WebP (RFC 9649), decoded by libwebp: the picture, or the first frame of an animation. Browser-safe. */

import { loadCodec } from "../codecs/codec.ts";
import { cutOff, damaged } from "../image-error.ts";
import type { Decoded, ImageHeader, ImageSource } from "../image.ts";
import { checkSize } from "../limits.ts";
import { readWebpFields, simpleWebp } from "./webp-chunks.ts";

export function readWebpHeader(source: ImageSource): ImageHeader {
  const { width, height, orientation, hasAlpha, frames } = readWebpFields(source);
  return { format: "webp", width, height, orientation, channels: hasAlpha ? 4 : 3, bits: 8, frames };
}

/** A frame smaller than the canvas lies on a transparent one, as in browsers. */
export async function decodeWebp(source: ImageSource, maxPixels: number): Promise<Decoded> {
  const { width, height, picture, left, top, hasAlpha, isWhole } = readWebpFields(source);
  checkSize(source, width, height, maxPixels);
  checkSize(source, picture.width, picture.height, maxPixels);
  if (left + picture.width > width || top + picture.height > height) {
    throw damaged(source, "WebP", "its first frame lies outside of its canvas");
  }
  const codec = await loadCodec("webp");
  const file = simpleWebp(picture);
  const rgba = codec.run(source, "WebP", ({ calls, memory, allocate }) => {
    const input = allocate(file.length);
    memory().set(file, input);
    const size = allocate(8);
    const output = calls.WebPDecodeRGBA(input, file.length, size, size + 4);
    if (output === 0)
      throw isWhole ? damaged(source, "WebP", "its pixels cannot be decoded") : cutOff(source, "WebP");
    const pixels = memory().slice(output, output + picture.width * picture.height * 4);
    calls.free(output);
    return pixels;
  });
  const channels = hasAlpha ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, from = 0; y < picture.height; y++) {
    let to = ((top + y) * width + left) * channels;
    for (let x = 0; x < picture.width; x++, from += 4, to += channels) {
      for (let channel = 0; channel < channels; channel++) data[to + channel] = rgba[from + channel];
    }
  }
  return { width, height, channels, data };
}

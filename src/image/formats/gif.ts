/** @file GIF (CompuServe, Graphics Interchange Format, version 89a): the first frame. Browser-safe. */

import { cutOff, damaged } from "../image-error.ts";
import type { Decoded, ImageHeader, ImageSource } from "../image.ts";
import { checkSize } from "../limits.ts";
import { joinedBlocks, readGifBlocks } from "./gif-blocks.ts";
import { decodeLzw } from "./gif-lzw.ts";

/** Interlaced rows: the first, and the step to the next. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

export function readGifHeader(source: ImageSource): ImageHeader {
  const { width, height, frame, frames } = readGifBlocks(source);
  const channels = hasClearPixels(frame, width, height) ? 4 : 3;
  return { format: "gif", width, height, orientation: 1, channels, bits: frame.bits, frames };
}

/** The first frame on its screen, which is transparent where the frame is not, as in browsers. */
export function decodeGif(source: ImageSource, maxPixels: number): Decoded {
  const { width, height, frame, isWhole } = readGifBlocks(source);
  checkSize(source, width, height, maxPixels);
  checkSize(source, frame.width, frame.height, maxPixels);
  const { palette } = frame;
  if (!palette) throw damaged(source, "GIF", "its palette is missing");
  const indices = new Uint8Array(frame.width * frame.height);
  const filled = decodeLzw(source, joinedBlocks(source.bytes, frame.dataStart), frame.codeSize, indices);
  if (filled < indices.length) {
    if (!isWhole) throw cutOff(source, "GIF");
    throw damaged(source, "GIF", `it has ${filled} of ${indices.length} pixels`);
  }
  const channels = hasClearPixels(frame, width, height) ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  const columns = Math.min(frame.width, width - frame.left);
  rowOrder(frame.height, frame.isInterlaced).forEach((row, stored) => {
    if (frame.top + row >= height) return;
    let to = ((frame.top + row) * width + frame.left) * channels;
    for (let x = 0; x < columns; x++, to += channels) {
      const index = indices[stored * frame.width + x];
      // An index beyond the palette is black, as in libnsgif and PIL.
      data[to] = palette[index * 3] ?? 0;
      data[to + 1] = palette[index * 3 + 1] ?? 0;
      data[to + 2] = palette[index * 3 + 2] ?? 0;
      if (channels === 4) data[to + 3] = index === frame.transparent ? 0 : 255;
    }
  });
  const warnings = isWhole ? [] : ["the GIF picture is cut off after its first frame"];
  return { width, height, channels, data, warnings };
}

function hasClearPixels(
  frame: ReturnType<typeof readGifBlocks>["frame"],
  width: number,
  height: number,
): boolean {
  const { left, top } = frame;
  const fills = left === 0 && top === 0 && frame.width >= width && frame.height >= height;
  return frame.transparent !== undefined || !fills;
}

/** The picture's row for each stored one. */
function rowOrder(height: number, isInterlaced: boolean): number[] {
  if (!isInterlaced) return Array.from({ length: height }, (_, row) => row);
  return PASSES.flatMap(([first, step]) =>
    Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, i) => first + i * step),
  );
}

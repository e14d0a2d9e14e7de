/** @file JPEG (ITU-T T.81), decoded by libjpeg-turbo: the accurate inverse DCT, smooth upsampling. Browser-safe. */

import { loadCodec } from "../codecs/codec.ts";
import { cutOff, imageError } from "../image-error.ts";
import type { Decoded, ImageHeader, ImageSource } from "../image.ts";
import { checkSize } from "../limits.ts";
import { readJpegFields, type JpegFields } from "./jpeg-header.ts";

/** libjpeg-turbo's numbers of pixel formats (turbojpeg.h). */
const PIXEL_FORMATS: Readonly<Record<number, number>> = { 1: 6, 3: 0, 4: 11 };
/** Progressive files have about ten; each pass over the pixels takes time, and a scan may be a few bytes. */
const MAX_SCANS = 500;
const MAX_SCANNED_PIXELS = 2 ** 31;
const END_MARKER = [0xff, 0xd9];

export function readJpegHeader(source: ImageSource): ImageHeader {
  const { width, height, orientation, components, bits } = readJpegFields(source, true);
  return { format: "jpeg", width, height, orientation, channels: components === 1 ? 1 : 3, bits, frames: 1 };
}

/** CMYK and YCCK are taken for inverted, as Adobe's programs write them, and become RGB without a colour profile. */
export async function decodeJpeg(source: ImageSource, maxPixels: number): Promise<Decoded> {
  const jpeg = readJpegFields(source, false);
  const { width, height, components, scans, end } = jpeg;
  checkSize(source, width, height, maxPixels);
  if (scans === 0) throw cutOff(source, "JPEG");
  if (scans > MAX_SCANS || (scans > 1 && scans * width * height > MAX_SCANNED_PIXELS)) {
    throw imageError(source, `a JPEG picture of ${scans} scans, more than a picture of its size has`);
  }
  const codec = await loadCodec("jpeg");
  const { pixels, isClean } = codec.run(source, "JPEG", ({ calls, memory, allocate }) => {
    const stored = source.bytes.subarray(0, end);
    const length = stored.length + (end === undefined ? END_MARKER.length : 0);
    const input = allocate(length);
    memory().set(stored, input);
    if (end === undefined) memory().set(END_MARKER, input + stored.length);
    const size = width * height * components;
    const output = allocate(size);
    const decoder = calls.tjInitDecompress();
    if (decoder === 0) throw new Error("no memory for the decoder");
    const format = PIXEL_FORMATS[components];
    const status = calls.tjDecompress2(decoder, input, length, output, width, 0, height, format, 0);
    calls.tjDestroy(decoder);
    return { pixels: memory().slice(output, output + size), isClean: status === 0 };
  });
  const warnings = warningsOf(source, jpeg, isClean);
  if (components !== 4) return { width, height, channels: components === 1 ? 1 : 3, data: pixels, warnings };
  return { width, height, channels: 3, data: fromInvertedCmyk(pixels), warnings };
}

/** Without an end marker, a picture of one scan is whole if the decoder had no complaint; others may lack scans. */
function warningsOf(source: ImageSource, jpeg: JpegFields, isClean: boolean): string[] {
  if (jpeg.end === undefined) {
    const hasAll = isClean && !jpeg.isProgressive && jpeg.isInterleaved;
    if (!hasAll) throw cutOff(source, "JPEG");
    return ["the JPEG picture has no end marker; its pixels are complete"];
  }
  return isClean ? [] : ["the JPEG picture is damaged: parts of it may be wrong"];
}

/** R = (1 - K)(1 - C) and so on, rounded as in PIL. */
function fromInvertedCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const white = cmyk[from + 3];
    for (let channel = 0; channel < 3; channel++) {
      const product = (255 - cmyk[from + channel]) * white + 128;
      rgb[to++] = Math.max(0, white - ((product + (product >> 8)) >> 8));
    }
  }
  return rgb;
}

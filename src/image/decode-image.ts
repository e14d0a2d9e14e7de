/** @file Pictures from bytes in memory. Browser-safe. */

import { bytesOf, type Bytes } from "../io/bytes.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { detectImageFormat } from "./detect-format.ts";
import { decodeBmp, readBmpHeader } from "./formats/bmp.ts";
import { decodeGif, readGifHeader } from "./formats/gif.ts";
import { decodeJpeg, readJpegHeader } from "./formats/jpeg.ts";
import { decodePng, readPngHeader } from "./formats/png.ts";
import { decodeWebp, readWebpHeader } from "./formats/webp.ts";
import type { Decoded, DecodedImage, ImageFormat, ImageHeader, ImageSource } from "./image.ts";
import { imageError } from "./image-error.ts";
import { checkMaxPixels, DEFAULT_MAX_PIXELS } from "./limits.ts";
import { orient } from "./orient.ts";

export interface DecodeImageOptions {
  /** Pictures with more pixels are refused before memory is taken for them. Default 2²⁶, 8192 × 8192. */
  readonly maxPixels?: number;
}

const OPTIONS: OptionNames<DecodeImageOptions> = { maxPixels: true };

interface Reader {
  readonly header: (source: ImageSource) => ImageHeader;
  readonly decode: (source: ImageSource, maxPixels: number) => Decoded | Promise<Decoded>;
}

const READERS: Readonly<Record<ImageFormat, Reader>> = {
  png: { header: readPngHeader, decode: decodePng },
  jpeg: { header: readJpegHeader, decode: decodeJpeg },
  webp: { header: readWebpHeader, decode: decodeWebp },
  gif: { header: readGifHeader, decode: decodeGif },
  bmp: { header: readBmpHeader, decode: decodeBmp },
};

/**
 * Reads what a picture's header says, without decoding pixels.
 * @param content the file's bytes; for png, jpeg and bmp its beginning is enough
 * @param name the name of the picture in error messages
 * @throws AuricleError "file" for bytes that are no picture, or one of an unsupported format.
 */
export function readImageHeader(content: Bytes, name = "the picture"): ImageHeader {
  const source = { bytes: bytesOf(content, name), name };
  const { header } = READERS[detectImageFormat(source)];
  return guarded(source, () => header(source));
}

/**
 * Decodes a picture: png, jpeg, webp, gif or bmp, told by its contents; of several frames the first. It is turned upright
 * by its EXIF orientation. Samples of 16 bits keep their upper 8. The bytes are the same in Node.js and in every browser.
 * @param name the name of the picture in error messages
 * @throws AuricleError "file" where it cannot be decoded or is cut off, and for more than `maxPixels`; "argument" for anything
 *   but bytes.
 */
export async function decodeImage(
  content: Bytes,
  name = "the picture",
  options: DecodeImageOptions = {},
): Promise<DecodedImage> {
  checkOptions("decodeImage", options, OPTIONS, "content, name, ");
  const { maxPixels = DEFAULT_MAX_PIXELS } = options;
  checkMaxPixels(maxPixels);
  const source = { bytes: bytesOf(content, name), name };
  const format = detectImageFormat(source);
  const { header, decode } = READERS[format];
  const { orientation } = guarded(source, () => header(source));
  const { warnings = [], ...image } = await decodeGuarded(source, () => decode(source, maxPixels));
  return { ...orient(image, orientation), format, warnings };
}

/** A number read beyond the end of the file is a defect of the file. */
function guarded<Result>(source: ImageSource, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw asFileError(source, error);
  }
}

async function decodeGuarded(
  source: ImageSource,
  decode: () => Decoded | Promise<Decoded>,
): Promise<Decoded> {
  try {
    return await decode();
  } catch (error) {
    throw asFileError(source, error);
  }
}

function asFileError(source: ImageSource, error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  return imageError(source, "the picture is damaged: a part of it lies beyond its end", error);
}

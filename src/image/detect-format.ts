/** @file Which format a picture has, by its first bytes; its name is not asked. Browser-safe. */

import { textAt } from "../io/byte-text.ts";
import { foreignImageFormatOf } from "./foreign-formats.ts";
import { imageError } from "./image-error.ts";
import type { ImageFormat, ImageSource } from "./image.ts";

/** The format for each file name ending, in lower case with the dot. */
const FORMAT_OF_EXTENSION: Readonly<Record<string, ImageFormat>> = {
  ".png": "png",
  ".apng": "png",
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".jpe": "jpeg",
  ".jfif": "jpeg",
  ".webp": "webp",
  ".gif": "gif",
  ".bmp": "bmp",
  ".dib": "bmp",
};

/** File name endings under which these formats go about, in lower case with the dot. */
export const IMAGE_FILE_EXTENSIONS: readonly string[] = Object.keys(FORMAT_OF_EXTENSION);

/** The format that a file name's ending, in lower case with the dot, promises; undefined for any other. */
export function formatOfExtension(extension: string): ImageFormat | undefined {
  return Object.hasOwn(FORMAT_OF_EXTENSION, extension) ? FORMAT_OF_EXTENSION[extension] : undefined;
}

const SHOWN_BYTES = 12;

/** So many bytes from the beginning of a file tell its format. */
export const IMAGE_SIGNATURE_BYTES = 32;

/** The format by the first bytes; undefined for anything else. */
export function imageFormatOf(head: Uint8Array): ImageFormat | undefined {
  if (textAt(head, 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (textAt(head, 0, 4) === "RIFF" && textAt(head, 8, 4) === "WEBP") return "webp";
  if (/^GIF8[79]a$/.test(textAt(head, 0, 6))) return "gif";
  // Two letters are little: its header's size must make sense as well.
  if (textAt(head, 0, 2) === "BM" && head.length >= 18 && head[15] < 4 && head[16] === 0 && head[17] === 0) {
    return "bmp";
  }
  return undefined;
}

/** @throws AuricleError "file" for other formats, naming those that are known, and for empty files. */
export function detectImageFormat(source: ImageSource): ImageFormat {
  const { bytes } = source;
  if (bytes.length === 0) throw imageError(source, "an empty file (0 bytes)");
  const format = imageFormatOf(bytes);
  if (format) return format;
  const foreign = foreignImageFormatOf(bytes);
  if (foreign) throw imageError(source, `${foreign.name}, which is not read; convert it to png or jpeg`);
  const shown = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  throw imageError(
    source,
    `not a picture in a known format: it begins with ${shown.join(" ")}; png, jpeg, webp, gif and bmp can be read`,
  );
}

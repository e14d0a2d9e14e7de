/** @file Which format a picture has, by its first bytes; its name is not asked. Browser-safe. */

import { textAt } from "../io/byte-text.ts";
import { imageError } from "./image-error.ts";
import type { ImageFormat, ImageSource } from "./image.ts";

/** File name endings under which these formats go about, in lower case with the dot. */
export const IMAGE_FILE_EXTENSIONS: readonly string[] = [
  ".png",
  ".apng",
  ".jpg",
  ".jpeg",
  ".jpe",
  ".jfif",
  ".webp",
  ".gif",
  ".bmp",
  ".dib",
];

const SHOWN_BYTES = 12;

/** Formats that are not read: where their signature lies, and what it is. */
const FOREIGN: readonly (readonly [name: string, offset: number, signature: string])[] = [
  ["a TIFF picture", 0, "II*\0"],
  ["a TIFF picture", 0, "MM\0*"],
  ["an AVIF picture", 4, "ftypavif"],
  ["an AVIF sequence", 4, "ftypavis"],
  ["an HEIF picture", 4, "ftyphei"],
  ["an HEIF picture", 4, "ftyphev"],
  ["an HEIF picture", 4, "ftypmif1"],
  ["an HEIF picture", 4, "ftypmsf1"],
  ["a JPEG XL picture", 0, "\xff\x0a"],
  ["a JPEG XL picture", 4, "JXL \r\n"],
  ["a JPEG 2000 picture", 4, "jP  \r\n"],
  ["a JPEG 2000 picture", 0, "\xff\x4f\xff\x51"],
  ["a Photoshop document", 0, "8BPS"],
  ["an icon file (ico)", 0, "\0\0\x01\0"],
  ["a QOI picture", 0, "qoif"],
  ["a DirectDraw surface (dds)", 0, "DDS "],
  ["an OpenEXR picture", 0, "v/1\x01"],
  ["a PDF document", 0, "%PDF"],
  ["an SVG drawing", 0, "<svg"],
  ["an XML document, perhaps an SVG drawing", 0, "<?xml"],
  ["an HTML page", 0, "<!DOCTYPE"],
  ["an HTML page", 0, "<!doctype"],
  ["an HTML page", 0, "<html"],
];

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
  const foreign = FOREIGN.find(
    ([, offset, signature]) => textAt(bytes, offset, signature.length) === signature,
  );
  if (foreign) throw imageError(source, `${foreign[0]}, which is not read; convert it to png or jpeg`);
  const shown = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, "0"));
  throw imageError(
    source,
    `not a picture in a known format: it begins with ${shown.join(" ")}; png, jpeg, webp, gif and bmp can be read`,
  );
}

/** @file The chunks of a PNG file (W3C, Portable Network Graphics, third edition, 5). Browser-safe. */

import { crc32 } from "../../io/crc32.ts";
import { textAt, viewOf } from "../../io/byte-text.ts";
import { cutOff, damaged, imageError } from "../image-error.ts";
import type { ImageSource } from "../image.ts";
import { exifOrientation } from "./exif.ts";

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const CHUNK_FRAME = 12;
/** The bits that each colour type may have. */
const BITS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Samples of a stored pixel by colour type. */
export const PNG_SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export interface PngChunks {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 grey, 2 RGB, 3 indices into the palette, 4 grey with alpha, 6 RGBA. */
  readonly colorType: number;
  readonly isInterlaced: boolean;
  /** RGB after RGB. */
  readonly palette: Uint8Array | undefined;
  /** The chunk tRNS. */
  readonly transparency: Uint8Array | undefined;
  readonly orientation: number;
  readonly frames: number;
  /** Compressed pixels, part after part. */
  readonly data: readonly Uint8Array[];
  /** Whether the file has its last chunk. */
  readonly isWhole: boolean;
}

type Fields = { -readonly [Name in keyof PngChunks]: PngChunks[Name] };

/**
 * @param headerOnly stops where the pixels begin, and checks no checksum
 * @throws AuricleError "file" for a damaged chunk that the pixels depend on.
 */
export function readPngChunks(source: ImageSource, headerOnly: boolean): PngChunks {
  const { bytes } = source;
  const view = viewOf(bytes);
  const data: Uint8Array[] = [];
  let fields: Fields | undefined;
  for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME <= bytes.length;) {
    const length = view.getUint32(at);
    const type = textAt(bytes, at + 4, 4);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (!fields) {
      if (type !== "IHDR" || length !== 13) throw damaged(source, "PNG", "it does not begin with a header");
      fields = headerFields(source, content, data);
    }
    if (type === "IDAT" && headerOnly) return fields;
    const isCut = at + CHUNK_FRAME + length > bytes.length;
    if (type === "IDAT") data.push(content);
    if (isCut) return fields;
    if (isNeeded(type)) {
      const isIntact = crc32(bytes.subarray(at + 4, at + 8 + length)) === view.getUint32(at + 8 + length);
      if (!headerOnly && !isIntact)
        throw damaged(source, "PNG", `the checksum of its chunk ${type} is wrong`);
    }
    if (type === "PLTE") fields.palette = content;
    if (type === "tRNS") fields.transparency = content;
    if (type === "eXIf") fields.orientation = exifOrientation(content);
    if (type === "acTL" && length >= 4) fields.frames = Math.max(1, view.getUint32(at + 8));
    if (type === "IEND") {
      fields.isWhole = true;
      break;
    }
    at += CHUNK_FRAME + length;
  }
  if (!fields) throw cutOff(source, "PNG");
  return fields;
}

/** Critical chunks have a capital letter; transparency belongs to the pixels too. */
function isNeeded(type: string): boolean {
  return type === "tRNS" || (type.charCodeAt(0) & 32) === 0;
}

function headerFields(source: ImageSource, header: Uint8Array, data: Uint8Array[]): Fields {
  if (header.length < 13) throw cutOff(source, "PNG");
  const [bits, colorType, compression, filter, interlace] = header.subarray(8);
  if (!BITS[colorType]?.includes(bits)) {
    throw damaged(source, "PNG", `there is no colour type ${colorType} with ${bits} bits`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw imageError(source, "a PNG picture with an unknown compression, filter or interlacing");
  }
  return {
    width: viewOf(header).getUint32(0),
    height: viewOf(header).getUint32(4),
    bits,
    colorType,
    isInterlaced: interlace === 1,
    palette: undefined,
    transparency: undefined,
    orientation: 1,
    frames: 1,
    data,
    isWhole: false,
  };
}

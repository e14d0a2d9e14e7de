/** @file Formats of pictures that are not decoded, and files that are taken for pictures: their names. Browser-safe. */

import { textAt } from "../io/byte-text.ts";

export interface ForeignImageFormat {
  /** With its article: "a TIFF picture". */
  readonly name: string;
  /** Whether it is a picture, rather than a page or a document. */
  readonly isPicture: boolean;
}

interface Row extends ForeignImageFormat {
  /** Texts, and where they lie. */
  readonly signatures: readonly (readonly [offset: number, text: string])[];
  /** File name endings, in lower case with the dot. */
  readonly extensions: readonly string[];
}

function picture(name: string, signatures: Row["signatures"], extensions = ""): Row {
  return { name, isPicture: true, signatures, extensions: extensions.split(" ").filter((one) => one !== "") };
}

function other(name: string, ...signatures: string[]): Row {
  return { name, isPicture: false, signatures: signatures.map((text) => [0, text]), extensions: [] };
}

const FORMATS: readonly Row[] = [
  picture(
    "a TIFF picture",
    [
      [0, "II*\0"],
      [0, "MM\0*"],
    ],
    ".tif .tiff",
  ),
  picture("an AVIF picture", [[4, "ftypavif"]], ".avif"),
  picture("an AVIF sequence", [[4, "ftypavis"]]),
  picture(
    "an HEIF picture",
    [
      [4, "ftyphei"],
      [4, "ftyphev"],
      [4, "ftypmif1"],
      [4, "ftypmsf1"],
    ],
    ".heic .heif",
  ),
  picture(
    "a JPEG XL picture",
    [
      [0, "\xff\x0a"],
      [4, "JXL \r\n"],
    ],
    ".jxl",
  ),
  picture(
    "a JPEG 2000 picture",
    [
      [4, "jP  \r\n"],
      [0, "\xff\x4f\xff\x51"],
    ],
    ".jp2 .j2k .jpf",
  ),
  picture("a Photoshop document", [[0, "8BPS"]], ".psd"),
  picture("an icon file (ico)", [[0, "\0\0\x01\0"]], ".ico"),
  picture("a QOI picture", [[0, "qoif"]], ".qoi"),
  picture("a DirectDraw surface (dds)", [[0, "DDS "]], ".dds"),
  picture("an OpenEXR picture", [[0, "v/1\x01"]], ".exr"),
  picture("a Targa picture", [], ".tga"),
  picture("a PNM picture", [], ".pbm .pgm .ppm .pnm .pam"),
  picture("a camera's raw picture", [], ".dng .cr2 .cr3 .nef .arw .orf .rw2 .raf"),
  picture("an SVG drawing", [[0, "<svg"]], ".svg"),
  other("an XML document, perhaps an SVG drawing", "<?xml"),
  other("a PDF document", "%PDF"),
  other("an HTML page", "<!DOCTYPE", "<!doctype", "<html"),
];

/** The format by the first bytes; undefined for any that is not listed here. */
export function foreignImageFormatOf(head: Uint8Array): ForeignImageFormat | undefined {
  return FORMATS.find(({ signatures }) =>
    signatures.some(([offset, text]) => textAt(head, offset, text.length) === text),
  );
}

/** The format that a file name's ending, in lower case with the dot, usually stands for. */
export function foreignImageFormatByExtension(extension: string): ForeignImageFormat | undefined {
  return FORMATS.find(({ extensions }) => extensions.includes(extension));
}

/** @file Formats of pictures, by the first bytes of a file and by its name. Browser-safe. */

/** The formats that can be decoded. */
export type PictureFormat = "png" | "jpeg" | "webp" | "gif" | "bmp";

/** By file name ending, in lower case with the dot. */
export const FORMAT_OF_EXTENSION: ReadonlyMap<string, PictureFormat> = new Map([
  [".png", "png"],
  [".jpg", "jpeg"],
  [".jpeg", "jpeg"],
  [".jfif", "jpeg"],
  [".webp", "webp"],
  [".gif", "gif"],
  [".bmp", "bmp"],
]);

/** So many bytes from the beginning of a file tell its format. */
export const PICTURE_SIGNATURE_BYTES = 32;

/** Bytes at a position: text, or numbers. */
interface Signature {
  readonly at: number;
  readonly bytes: string | readonly number[];
}

const sign = (bytes: Signature["bytes"], at = 0): Signature => ({ at, bytes });

const SIGNATURES: readonly (readonly [PictureFormat, ...Signature[]])[] = [
  ["png", sign([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["jpeg", sign([0xff, 0xd8, 0xff])],
  ["gif", sign("GIF87a")],
  ["gif", sign("GIF89a")],
  ["webp", sign("RIFF"), sign("WEBP", 8)],
];

/** The sizes that a BMP's second header has, one for each version. */
const BMP_HEADER_SIZES: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** The format of a file with these first bytes, or undefined where it is none that can be decoded. */
export function pictureFormatOf(head: Uint8Array): PictureFormat | undefined {
  const found = SIGNATURES.find(([, ...signatures]) => signatures.every((one) => has(head, one)));
  if (found) return found[0];
  // Two letters are not much of a signature; the size of the header that follows makes it one.
  return has(head, sign("BM")) && head.length >= 18 && BMP_HEADER_SIZES.has(littleEndian(head, 14))
    ? "bmp"
    : undefined;
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return bytes[at] + 2 ** 8 * bytes[at + 1] + 2 ** 16 * bytes[at + 2] + 2 ** 24 * bytes[at + 3];
}

function has(head: Uint8Array, { at, bytes }: Signature): boolean {
  const wanted = typeof bytes === "string" ? Array.from(bytes, (letter) => letter.charCodeAt(0)) : bytes;
  return wanted.every((byte, i) => head[at + i] === byte);
}

/** A format of pictures that cannot be decoded here, with its article. */
interface ForeignPicture {
  readonly name: string;
  /** Any one of them; each may have several parts. */
  readonly signatures: readonly (readonly Signature[])[];
  readonly extensions: readonly string[];
}

const brand = (name: string): Signature[] => [sign("ftyp", 4), sign(name, 8)];

const FOREIGN: readonly ForeignPicture[] = [
  {
    name: "a TIFF picture",
    signatures: [
      [sign([0x49, 0x49, 42, 0])],
      [sign([0x4d, 0x4d, 0, 42])],
      [sign([0x49, 0x49, 43, 0])],
      [sign([0x4d, 0x4d, 0, 43])],
    ],
    extensions: [".tif", ".tiff"],
  },
  {
    name: "a HEIC picture",
    signatures: ["heic", "heix", "hevc", "heim", "mif1", "msf1"].map(brand),
    extensions: [".heic", ".heif"],
  },
  { name: "an AVIF picture", signatures: ["avif", "avis"].map(brand), extensions: [".avif"] },
  {
    name: "a JPEG XL picture",
    signatures: [[sign([0xff, 0x0a])], [sign([0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20])]],
    extensions: [".jxl"],
  },
  {
    name: "a JPEG 2000 picture",
    signatures: [[sign([0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20])], [sign([0xff, 0x4f, 0xff, 0x51])]],
    extensions: [".jp2", ".j2k", ".jpf"],
  },
  { name: "a Photoshop file", signatures: [[sign("8BPS")]], extensions: [".psd"] },
  { name: "a QOI picture", signatures: [[sign("qoif")]], extensions: [".qoi"] },
  { name: "an OpenEXR picture", signatures: [[sign([0x76, 0x2f, 0x31, 0x01])]], extensions: [".exr"] },
  { name: "a Radiance picture", signatures: [[sign("#?RADIANCE")]], extensions: [".hdr"] },
  { name: "a DirectDraw surface", signatures: [[sign("DDS ")]], extensions: [".dds"] },
  {
    name: "a picture in PNM",
    signatures: ["P5\n", "P6\n", "P2\n", "P3\n", "P4\n", "P1\n", "P7\n"].map((text) => [sign(text)]),
    extensions: [".pbm", ".pgm", ".ppm", ".pnm", ".pam"],
  },
  { name: "an icon file", signatures: [[sign([0, 0, 1, 0])]], extensions: [".ico"] },
  { name: "a Targa picture", signatures: [], extensions: [".tga"] },
  { name: "a vector drawing (SVG)", signatures: [[sign("<svg")]], extensions: [".svg"] },
  {
    name: "a camera's raw picture",
    signatures: [],
    extensions: [".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf"],
  },
];

/** The name of the format, with its article, of a picture that cannot be decoded; by its content. */
export function foreignPictureOf(head: Uint8Array): string | undefined {
  return FOREIGN.find(({ signatures }) => signatures.some((parts) => parts.every((one) => has(head, one))))
    ?.name;
}

/** The same by the ending of its name, in lower case with the dot. */
export function foreignPictureByExtension(extension: string): string | undefined {
  return FOREIGN.find(({ extensions }) => extensions.includes(extension))?.name;
}

/** @file Files found among recordings that cannot be decoded here: their formats, and advice. Browser-safe. */

import { textAt } from "./byte-source.ts";

/** The remedy for a file: convert its sound, render its notes, unpack it, or none. */
type Kind = "sound" | "notes" | "archive" | "nothing";

export interface ForeignFormat {
  /** The format's name with its article: "a Windows Media file (ASF)". */
  readonly name: string;
  readonly kind: Kind;
}

/** Bytes that the format begins with: text, or numbers, of which undefined may be anything. */
type Signature = string | readonly (number | undefined)[];

interface Row extends ForeignFormat {
  readonly signatures: readonly Signature[];
  /** File name endings, in lower case with the dot. */
  readonly extensions: readonly string[];
}

function row(kind: Kind, name: string, signatures: readonly Signature[], extensions = ""): Row {
  return { kind, name, signatures, extensions: extensions === "" ? [] : extensions.split(" ") };
}

const any = undefined;
const skip = (count: number): undefined[] => new Array<undefined>(count).fill(any);
const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
/** A RIFF or IFF file of a kind. */
const form = (first: string, kind: string) => [...letters(first), ...skip(4), ...letters(kind)];
const brand = (name: string) => [...skip(4), ...letters(`ftyp${name}`)];

const FORMATS: readonly Row[] = [
  row(
    "sound",
    "a Windows Media file (ASF)",
    [[0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]],
    ".wma .asf .wmv",
  ),
  row("sound", "an AMR recording", ["#!AMR"], ".amr .awb"),
  row("sound", "a Monkey's Audio file (APE)", ["MAC "], ".ape"),
  row("sound", "a WavPack file", ["wvpk"], ".wv"),
  row("sound", "a Musepack file", ["MPCK", "MP+"], ".mpc .mp+ .mpp"),
  row("sound", "a DSD recording (DSF)", ["DSD "], ".dsf"),
  row("sound", "a DSD recording (DSDIFF)", ["FRM8"], ".dff"),
  row("sound", "a RealAudio file", [".RMF", ".ra\xfd"], ".ra .rm .ram .rmvb"),
  row("sound", "a True Audio file (TTA)", ["TTA1", "TTA2"], ".tta"),
  row("sound", "a TAK file", ["tBaK"], ".tak"),
  row("sound", "an OptimFROG file", ["OFR "], ".ofr .ofs"),
  row("sound", "a Shorten file", ["ajkg"], ".shn"),
  row("sound", "a QOA file", ["qoaf"], ".qoa"),
  row("sound", "a Creative Voice file", ["Creative Voice File"], ".voc"),
  row("sound", "an Amiga sample (8SVX)", [form("FORM", "8SVX")], ".8svx .iff"),
  row("sound", "an IRCAM sound file", [
    [0x64, 0xa3, any, 0],
    [0, any, 0xa3, 0x64],
  ]),
  row("sound", "an AAC stream in ADIF", ["ADIF"]),
  row("sound", "an Audible book", [brand("aax "), brand("aaxc")], ".aa .aax"),
  row("sound", "a Speex recording", ["Speex   "], ".spx"),
  row(
    "sound",
    "a DTS stream",
    ["DTSHDHDR", [0x7f, 0xfe, 0x80, 0x01], [0xfe, 0x7f, 0x01, 0x80], [0x1f, 0xff, 0xe8, 0x00]],
    ".dts .dtshd",
  ),
  row("sound", "a Dolby Digital stream (AC-3 or E-AC-3)", [[0x0b, 0x77]], ".ac3 .eac3 .ec3"),
  row("sound", "a Dolby TrueHD stream", [[any, any, any, any, 0xf8, 0x72, 0x6f, 0xba]], ".thd .mlp"),
  row("sound", "a tracker module", ["Extended Module:", "IMPM"], ".xm .it .s3m .mod"),
  row("sound", "an AVI video", [form("RIFF", "AVI ")], ".avi"),
  row("sound", "a Flash video", ["FLV\x01"], ".flv"),
  row(
    "sound",
    "an MPEG video",
    [
      [0, 0, 1, 0xba],
      [0, 0, 1, 0xb3],
    ],
    ".mpg .mpeg .vob .ts .m2ts .mts",
  ),
  row("notes", "a MIDI file", ["MThd", form("RIFF", "RMID")], ".mid .midi .kar .rmi"),
  row("archive", "a zip archive", ["PK\x03\x04", "PK\x05\x06"], ".zip"),
  row("archive", "a gzip archive", [[0x1f, 0x8b, 8]], ".gz .tgz"),
  row("archive", "a bzip2 archive", ["BZh"], ".bz2"),
  row("archive", "an xz archive", ["\xfd7zXZ"], ".xz"),
  row("archive", "a 7z archive", ["7z\xbc\xaf'\x1c"], ".7z"),
  row("archive", "a rar archive", ["Rar!\x1a"], ".rar"),
  row("archive", "a Zstandard archive", [[0x28, 0xb5, 0x2f, 0xfd]], ".zst"),
  row("nothing", "a PNG picture", ["\x89PNG"]),
  row("nothing", "a JPEG picture", ["\xff\xd8\xff"]),
  row("nothing", "a GIF picture", ["GIF8"]),
  row("nothing", "a WebP picture", [form("RIFF", "WEBP")]),
  row("nothing", "a TIFF picture", ["II*\0", "MM\0*"]),
  row("nothing", "a BMP picture", [[...letters("BM"), ...skip(4), 0, 0, 0, 0]]),
  row("nothing", "a HEIF or AVIF picture", [brand("heic"), brand("heix"), brand("mif1"), brand("avif")]),
  row("nothing", "a PDF document", ["%PDF"]),
  row("nothing", "a SoundFont", [form("RIFF", "sfbk")], ".sf2"),
  row("nothing", "a NumPy array", ["\x93NUMPY"]),
  row("nothing", "a MATLAB or HDF5 file", ["MATLAB 5.0", "\x89HDF"]),
  row("nothing", "a playlist", ["#EXTM3U", "[playlist]"], ".m3u .m3u8 .pls"),
  row("nothing", "a Git LFS pointer (git lfs pull fetches the file)", ["version https://git-lfs.github.com"]),
];

/** Bytes that `foreignFormatOf` looks at. */
export const SIGNATURE_BYTES = 64;

/** Recognizes a format by the first `SIGNATURE_BYTES` bytes of a file; undefined for any that is not listed here. */
export function foreignFormatOf(head: Uint8Array): ForeignFormat | undefined {
  const found = FORMATS.find(({ signatures }) => signatures.some((signature) => begins(head, signature)));
  if (found) return found;
  const text = textAt(head, 0, Math.min(head.length, SIGNATURE_BYTES)).replace(/^(\xef\xbb\xbf)?\s+/, "");
  if (/^<(!doctype\s+html|html|head)\b/i.test(text)) {
    return { name: "a web page (an error page instead of a download?)", kind: "nothing" };
  }
  return text.startsWith("<?xml") ? { name: "an XML document", kind: "nothing" } : undefined;
}

/** The format that the extension of a file's name usually stands for, archives left out; undefined for any other. */
export function foreignFormatByName(name: string): ForeignFormat | undefined {
  const extension = /\.[^./\\]*$/.exec(name.toLowerCase())?.[0];
  if (extension === undefined) return undefined;
  return FORMATS.find(({ kind, extensions }) => kind !== "archive" && extensions.includes(extension));
}

/** The format in words, and what to do about it. */
export function describeForeign(name: string, format: ForeignFormat): string {
  if (format.kind === "nothing") return `${format.name}, not a recording`;
  if (format.kind === "archive") return `${format.name}: unpack it, as recordings are read from folders only`;
  const notes = "notes, not audio; render it, for instance with fluidsynth or timidity";
  if (format.kind === "notes") return `${format.name}: ${notes}`;
  return `${format.name}, which cannot be decoded; ${conversionAdvice(name)}`;
}

/** How to make a file of `name` one that can be read. */
export function conversionAdvice(name: string): string {
  const stem = name.replace(/\.[^./\\]*$/, "");
  const output = `${stem}.${name.toLowerCase().endsWith(".flac") ? "wav" : "flac"}`;
  return `convert it to flac: ffmpeg -i ${quote(name)} -vn ${quote(output)}`;
}

function quote(name: string): string {
  return /^[\w./\\:+-]+$/.test(name) ? name : `"${name.replace(/["$`]/g, "\\$&")}"`;
}

function begins(head: Uint8Array, signature: Signature): boolean {
  const bytes = typeof signature === "string" ? letters(signature) : signature;
  return bytes.every((byte, i) => byte === undefined || head[i] === byte);
}

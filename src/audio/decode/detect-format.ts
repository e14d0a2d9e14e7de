/** @file Which format a file has, by its first bytes; its name is not asked. Browser-safe. */

import { fileError } from "./audio-reader.ts";
import { textAt, type ByteSource } from "./byte-source.ts";
import { describeForeign, foreignFormatOf, SIGNATURE_BYTES } from "./foreign-formats.ts";
import { id3Length } from "./id3.ts";
import { findFrames } from "./mpeg-frames.ts";

export type AudioFormat =
  "wav" | "w64" | "aiff" | "au" | "caf" | "sphere" | "mp3" | "flac" | "ogg" | "webm" | "m4a" | "aac";

/** File name endings under which these formats go about, in lower case with the dot. */
export const AUDIO_FILE_EXTENSIONS: readonly string[] = [
  ".wav",
  ".wave",
  ".rf64",
  ".w64",
  ".aif",
  ".aiff",
  ".aifc",
  ".au",
  ".snd",
  ".caf",
  ".sph",
  ".nist",
  ".mp3",
  ".flac",
  ".ogg",
  ".oga",
  ".opus",
  ".webm",
  ".weba",
  ".mka",
  ".mkv",
  ".m4a",
  ".m4b",
  ".m4r",
  ".mp4",
  ".m4v",
  ".mov",
  ".3gp",
  ".aac",
];

/**
 * Bytes in which a stream of mp3 frames is looked for when nothing at the start says what the file is, as many as it takes:
 * zeros and tags of unknown kinds may stand before it, up to the last.
 */
const SEARCHED_BYTES = [4096, 65_536, 2 ** 20];
const SHOWN_BYTES = 12;
/** Boxes that an MP4 or QuickTime file begins with. */
const MP4_BOXES: ReadonlySet<string> = new Set(["ftyp", "styp", "moov", "mdat", "moof", "wide", "pnot"]);

/**
 * The format, and where its contents begin: after ID3 tags, which are put before other formats than mp3 too.
 * @throws AuricleError "file" for anything else, saying what the file begins with.
 */
export async function detectFormat(source: ByteSource): Promise<{ format: AudioFormat; offset: number }> {
  if (source.size === 0) throw fileError(source, "an empty file (0 bytes)");
  const offset = await id3Length(source);
  const head = await source.read(offset, SIGNATURE_BYTES);
  const foreign = foreignFormatOf(head);
  if (foreign) throw fileError(source, describeForeign(source.name, foreign));
  const format = formatOf(head);
  if (format) return { format, offset };
  for (const length of SEARCHED_BYTES) {
    const searched = await source.read(offset, length);
    const isEnd = offset + searched.length >= source.size;
    const found = findFrames(searched, 0, isEnd, undefined);
    if (found.frame) return { format: "mp3", offset: offset + found.offset };
    if (isEnd) break;
  }
  throw fileError(
    source,
    `not a recording in a known format: it begins with ${describeBytes(head)}; ` +
      "wav, aiff, caf, au, mp3, flac, ogg, opus, webm, m4a and aac can be read",
  );
}

/** The format by the first `SIGNATURE_BYTES`; undefined where these are of none, or of mp3 frames without a tag. */
export function formatOf(head: Uint8Array): AudioFormat | undefined {
  const first = textAt(head, 0, 4);
  const kind = textAt(head, 8, 4);
  if ((first === "RIFF" || first === "RIFX" || first === "RF64" || first === "BW64") && kind === "WAVE")
    return "wav";
  if (first === "FORM" && (kind === "AIFF" || kind === "AIFC")) return "aiff";
  if (first === ".snd" || first === "dns.") return "au";
  if (first === "caff") return "caf";
  if (first === "riff" && textAt(head, 24, 4) === "wave") return "w64";
  if (textAt(head, 0, 8) === "NIST_1A\n") return "sphere";
  if (first === "fLaC") return "flac";
  if (first === "OggS") return "ogg";
  if (first === "\x1aE\xdf\xa3") return "webm";
  if (MP4_BOXES.has(textAt(head, 4, 4))) return "m4a";
  // ADTS: 12 bits of ones, then one bit of anything and two zeros where MPEG audio has its layer.
  if (head[0] === 0xff && (head[1] & 0xf6) === 0xf0) return "aac";
  return undefined;
}

function describeBytes(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, SHOWN_BYTES);
  const text = textAt(shown, 0, shown.length);
  if (/^[\x20-\x7e\t\r\n]+$/.test(text)) return JSON.stringify(text);
  return Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

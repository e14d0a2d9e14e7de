/**
 * @file AIFF and AIFF-C (Apple, 1989 and 1991) without compression, or with mu-law and A-law. Browser-safe.
 *
 *     "FORM" size "AIFF" or "AIFC", then chunks: name (4), size (4, big-endian), contents, padding to an even length
 *     "COMM": channels (2), frames (4), bits a sample (2), sample rate (10, extended float), AIFC: encoding (4)
 *     "SSND": offset (4), block size (4), the samples
 */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { PCM_ENCODINGS, signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";

const MAX_CHUNKS = 1000;
const COMMON_BYTES = 22;

/** Encodings of AIFF-C whose samples need no number of bits beside. */
const FIXED_ENCODINGS: Readonly<Record<string, PcmEncoding>> = {
  "raw ": "unsigned-8",
  in24: "signed-24-big",
  in32: "signed-32-big",
  fl32: "float-32-big",
  FL32: "float-32-big",
  fl64: "float-64-big",
  FL64: "float-64-big",
  ulaw: "mu-law",
  ULAW: "mu-law",
  alaw: "a-law",
  ALAW: "a-law",
};

interface AiffFormat {
  readonly encoding: PcmEncoding;
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
}

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents are compressed.
 */
export async function readAiffHeader(source: ByteSource): Promise<PcmLayout> {
  let format: AiffFormat | undefined;
  let dataOffset: number | undefined;
  let offset = 12;
  for (let count = 0; count < MAX_CHUNKS && !(format && dataOffset !== undefined); count++) {
    const header = await source.read(offset, 8);
    if (header.length < 8) break;
    const name = textAt(header, 0, 4);
    const size = viewOf(header).getUint32(4, false);
    const contents = offset + 8;
    if (name === "COMM")
      format = parseCommon(source, await source.read(contents, Math.min(size, COMMON_BYTES)));
    if (name === "SSND") {
      const start = await source.read(contents, 4);
      dataOffset = contents + 8 + (start.length === 4 ? viewOf(start).getUint32(0, false) : 0);
    }
    offset = contents + size + (size % 2);
  }
  if (!format) throw fileError(source, "an aiff file without a format: no COMM chunk");
  if (dataOffset === undefined) throw fileError(source, "an aiff file without samples: no SSND chunk");
  const { encoding, sampleRate, channels, frames } = format;
  const dataBytes = frames * channels * PCM_ENCODINGS[encoding].bytes;
  return { format: "aiff", encoding, sampleRate, channels, dataOffset, dataBytes, warnings: [] };
}

function parseCommon(source: ByteSource, bytes: Uint8Array): AiffFormat {
  if (bytes.length < 18) throw fileError(source, "the aiff header is damaged: its COMM chunk is too short");
  const view = viewOf(bytes);
  const channels = view.getUint16(0, false);
  const frames = view.getUint32(2, false);
  const bits = view.getUint16(6, false);
  const sampleRate = Math.round(extendedFloat(view, 8));
  const compression = bytes.length >= 22 ? textAt(bytes, 18, 4) : "NONE";
  checkHeader(source, sampleRate, channels);
  const encoding = encodingOf(compression, Math.ceil(bits / 8));
  if (!encoding) {
    const contents = `encoding "${compression}" and ${bits} bits`;
    throw fileError(source, `aiff files with ${contents} are not supported; convert it to PCM or flac`);
  }
  return { encoding, sampleRate, channels, frames };
}

function encodingOf(compression: string, sampleBytes: number): PcmEncoding | undefined {
  if (compression === "NONE" || compression === "twos") return signedEncoding(sampleBytes, "big");
  if (compression === "sowt") return signedEncoding(sampleBytes, "little");
  return FIXED_ENCODINGS[compression];
}

/** 80-bit extended float: sign and 15 bits of exponent, then 64 bits of mantissa with its leading one. */
function extendedFloat(view: DataView, offset: number): number {
  const exponent = (view.getUint16(offset, false) & 0x7fff) - 16383 - 63;
  return Number(view.getBigUint64(offset + 2, false)) * 2 ** exponent;
}

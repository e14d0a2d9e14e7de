/**
 * @file AIFF and AIFF-C (Apple, 1989 and 1991) without compression, with mu-law and A-law, or in IMA ADPCM. Browser-safe.
 *
 *     "FORM" size "AIFF" or "AIFC", then chunks: name (4), size (4, big-endian), contents, padding to an even length
 *     "COMM": channels (2), frames (4), bits a sample (2), sample rate (10, extended float), AIFC: encoding (4)
 *     "SSND": offset (4), block size (4), the samples
 */

import { quickTimeImaCoding } from "./adpcm.ts";
import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { nextChunk } from "./chunks.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";
import { pcmCoding, type SampleCoding } from "./sample-coding.ts";
import { isPlaceholder } from "./unknown-size.ts";

const MAX_CHUNKS = 1000;
const COMMON_BYTES = 22;
/** Offset and block size, before the samples. */
const SOUND_HEADER_BYTES = 8;

/** Encodings of AIFF-C whose samples need no number of bits beside. */
const FIXED_ENCODINGS: Readonly<Record<string, PcmEncoding>> = {
  "raw ": "unsigned-8",
  in24: "signed-24-big",
  in32: "signed-32-big",
  "42n1": "signed-24-little",
  "23ni": "signed-32-little",
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
  readonly coding: SampleCoding;
  readonly sampleRate: number;
  readonly channels: number;
  /** As the header says; of IMA ADPCM the number of packets, by most writers. */
  readonly frames: number;
}

/** Where the samples are. */
interface SoundChunk {
  readonly dataOffset: number;
  /** From there to the chunk's end, as it says. */
  readonly bytes: number;
}

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents cannot be decoded.
 */
export async function readAiffHeader(source: ByteSource): Promise<PcmLayout> {
  let format: AiffFormat | undefined;
  let sound: SoundChunk | undefined;
  let offset = 12;
  for (let count = 0; count < MAX_CHUNKS && !(format && sound); count++) {
    const header = await source.read(offset, 8);
    if (header.length < 8) break;
    const name = textAt(header, 0, 4);
    const size = viewOf(header).getUint32(4, false);
    const contents = offset + 8;
    if (name === "COMM")
      format = parseCommon(source, await source.read(contents, Math.min(size, COMMON_BYTES)));
    if (name === "SSND") {
      const start = await source.read(contents, 4);
      const skipped = SOUND_HEADER_BYTES + (start.length === 4 ? viewOf(start).getUint32(0, false) : 0);
      sound = { dataOffset: contents + skipped, bytes: size - skipped };
    }
    offset = await nextChunk(source, contents + size, size % 2 === 1);
  }
  if (!format) throw fileError(source, "an aiff file without a format: no COMM chunk");
  if (!sound) throw fileError(source, "an aiff file without samples: no SSND chunk");
  const { frames, ...shared } = format;
  const dataBytes = statedBytes(format, sound);
  return { format: "aiff", ...shared, dataOffset: sound.dataOffset, dataBytes, frames, warnings: [] };
}

/** Length of the samples by the number of frames, or else by the chunk's size; undefined where none was filled in. */
function statedBytes({ coding, frames }: AiffFormat, { bytes }: SoundChunk): number | undefined {
  const byFrames = Math.ceil(frames / coding.blockFrames) * coding.blockBytes;
  const isKnown = (count: number): boolean => count > 0 && !isPlaceholder(count);
  // Compressed sound: by some writers frames are packets, by others samples, so the chunk's size is what counts.
  const candidates = coding.blockFrames > 1 ? [bytes] : [byFrames, bytes];
  if (isPlaceholder(frames)) candidates.shift();
  return candidates.find(isKnown);
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
  if (compression === "ima4") return { coding: quickTimeImaCoding(channels), sampleRate, channels, frames };
  const encoding = encodingOf(compression, Math.ceil(bits / 8));
  if (!encoding) {
    const contents = `encoding "${compression}" and ${bits} bits`;
    throw fileError(
      source,
      `aiff files with ${contents} are not supported; ${conversionAdvice(source.name)}`,
    );
  }
  return { coding: pcmCoding(encoding, channels), sampleRate, channels, frames };
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

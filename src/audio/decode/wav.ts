/**
 * @file RIFF WAVE and its 64-bit relatives RF64 and BW64 (EBU Tech 3306): whole numbers of 8 to 32 bits, floats,
 * mu-law and A-law. Browser-safe.
 *
 *     "RIFF" size "WAVE", then chunks: name (4), size (4, little-endian), contents, padding to an even length
 *     "fmt ": format tag (2), channels (2), sample rate (4), bytes a second (4), bytes a frame (2), bits a sample (2)
 *     "data": the samples, frame by frame
 */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import type { PcmLayout } from "./pcm-reader.ts";

const TAG_PCM = 1;
const TAG_FLOAT = 3;
const TAG_A_LAW = 6;
const TAG_MU_LAW = 7;
/** The real tag is the first word of a GUID further on. */
const TAG_EXTENSIBLE = 0xfffe;

/** Compressed contents that are met in practice, for the error message. */
const COMPRESSED: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG layer II",
  85: "mp3",
  255: "AAC",
};

/** A damaged file may look like any number of empty chunks. */
const MAX_CHUNKS = 1000;
const FORMAT_BYTES = 40;
/** What writers put where the size was not known; also an RF64's mark for "see the ds64 chunk". */
const UNKNOWN_SIZE = 0xffffffff;

interface WavFormat {
  readonly encoding: PcmEncoding;
  readonly sampleRate: number;
  readonly channels: number;
}

/**
 * Reads the header.
 * @throws AuricleError "file" where it is damaged, or the contents are compressed.
 */
export async function readWavHeader(source: ByteSource): Promise<PcmLayout> {
  const riffBytes = viewOf(await source.read(0, 12)).getUint32(4, true);
  let format: WavFormat | undefined;
  let longDataBytes: number | undefined;
  let offset = 12;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = await source.read(offset, 8);
    if (header.length < 8) break;
    const name = textAt(header, 0, 4);
    const size = viewOf(header).getUint32(4, true);
    const contents = offset + 8;
    if (name === "fmt ")
      format = parseFormat(source, await source.read(contents, Math.min(size, FORMAT_BYTES)));
    if (name === "ds64") longDataBytes = parseLongSize(await source.read(contents, 16));
    if (name === "data") {
      if (!format)
        throw fileError(source, "a wav file without a format: no fmt chunk comes before the samples");
      // A recorder that was cut off never came back to fill in the sizes.
      const unfinished = size === 0 && riffBytes <= offset && source.size > contents;
      const unknown = size === UNKNOWN_SIZE || unfinished;
      return {
        format: "wav",
        ...format,
        dataOffset: contents,
        dataBytes: unknown ? longDataBytes : size,
        warnings: unfinished ? ["the header was never completed: all that follows is taken as sound"] : [],
      };
    }
    offset = contents + size + (size % 2);
  }
  throw fileError(source, "a wav file without samples: no data chunk");
}

function parseLongSize(bytes: Uint8Array): number | undefined {
  if (bytes.length < 16) return undefined;
  return Number(viewOf(bytes).getBigUint64(8, true));
}

function parseFormat(source: ByteSource, bytes: Uint8Array): WavFormat {
  if (bytes.length < 16) throw fileError(source, "the wav header is damaged: its fmt chunk is too short");
  const view = viewOf(bytes);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let tag = view.getUint16(0, true);
  if (tag === TAG_EXTENSIBLE && bytes.length >= 26) tag = view.getUint16(24, true);
  checkHeader(source, sampleRate, channels);
  // Samples fill whole bytes, from the highest bit down; a 24-bit sample may stand in 32 bits.
  const sampleBytes = Number.isInteger(frameBytes / channels) ? frameBytes / channels : Math.ceil(bits / 8);
  const encoding = encodingOf(tag, sampleBytes);
  if (!encoding) {
    const contents = COMPRESSED[tag] ?? `format tag ${tag} with ${bits} bits`;
    throw fileError(source, `wav files with ${contents} are not supported; convert it to PCM or flac`);
  }
  return { encoding, sampleRate, channels };
}

function encodingOf(tag: number, sampleBytes: number): PcmEncoding | undefined {
  if (tag === TAG_PCM) return sampleBytes === 1 ? "unsigned-8" : signedEncoding(sampleBytes, "little");
  if (tag === TAG_FLOAT && sampleBytes === 4) return "float-32-little";
  if (tag === TAG_FLOAT && sampleBytes === 8) return "float-64-little";
  if (tag === TAG_A_LAW && sampleBytes === 1) return "a-law";
  if (tag === TAG_MU_LAW && sampleBytes === 1) return "mu-law";
  return undefined;
}

/**
 * @file The "fmt " chunk of a wav file, which describes its samples; W64 files hold the same. Browser-safe.
 *
 *     format tag (2), channels (2), sample rate (4), bytes a second (4), bytes a block (2), bits a sample (2),
 *     length of what follows (2): valid bits, loudspeakers and the real tag of WAVE_FORMAT_EXTENSIBLE; ADPCM's blocks
 */

import { imaCoding, microsoftCoding } from "./adpcm.ts";
import { checkHeader, fileError } from "./audio-reader.ts";
import { conversionAdvice } from "./foreign-formats.ts";
import { viewOf, type ByteSource } from "./byte-source.ts";
import { signedEncoding, type PcmEncoding } from "./pcm-encoding.ts";
import { pcmCoding, type SampleCoding } from "./sample-coding.ts";

export type Endian = "little" | "big";

const TAG_PCM = 1;
const TAG_MICROSOFT_ADPCM = 2;
const TAG_FLOAT = 3;
const TAG_A_LAW = 6;
const TAG_MU_LAW = 7;
const TAG_IMA_ADPCM = 17;
/** The real tag is the first word of a GUID further on. */
const TAG_EXTENSIBLE = 0xfffe;

/** Other contents that are met in practice, for the error message. */
const COMPRESSED: Readonly<Record<number, string>> = {
  [TAG_MICROSOFT_ADPCM]: "Microsoft ADPCM",
  [TAG_IMA_ADPCM]: "IMA ADPCM",
  0x22: "TrueSpeech",
  0x31: "GSM 6.10",
  0x45: "G.726 ADPCM",
  0x92: "AC-3",
  0xff: "AAC",
  0x160: "Windows Media Audio",
  0x161: "Windows Media Audio",
  0x162: "Windows Media Audio",
  0x270: "ATRAC3",
  0x2000: "AC-3",
  0x2001: "DTS",
  0x674f: "Vorbis",
  0xf1ac: "FLAC",
};

/** As much of the chunk as is looked at: the longest list of predictors, 256 pairs of 4 bytes, behind 22 bytes. */
export const WAV_FORMAT_BYTES = 22 + 4 * 256;
/** The chunk of the first version of the format had no bits a sample. */
const SHORTEST_FORMAT = 14;

export interface WavFormat {
  readonly coding: SampleCoding;
  readonly sampleRate: number;
  readonly channels: number;
  readonly warnings: readonly string[];
}

/** The numbers of the chunk, as they stand there. */
interface Fields {
  readonly tag: number;
  readonly channels: number;
  readonly blockBytes: number;
  /** 0 where there is no such number. */
  readonly bits: number;
}

/** @throws AuricleError "file" where it is damaged, or of contents that cannot be decoded. */
export function parseWavFormat(source: ByteSource, bytes: Uint8Array, endian: Endian): WavFormat {
  if (bytes.length < SHORTEST_FORMAT) {
    throw fileError(source, "the wav header is damaged: its fmt chunk is too short");
  }
  const view = viewOf(bytes);
  const word = (offset: number): number =>
    offset + 2 <= bytes.length ? view.getUint16(offset, endian === "little") : 0;
  const tag = word(0) === TAG_EXTENSIBLE && bytes.length >= 26 ? word(24) : word(0);
  const sampleRate = view.getUint32(4, endian === "little");
  const fields = { tag, channels: word(2), blockBytes: word(12), bits: word(14) };
  checkHeader(source, sampleRate, fields.channels);
  const shared = { sampleRate, channels: fields.channels };
  const adpcm = adpcmCoding(fields, word);
  if (adpcm) return { ...shared, coding: adpcm, warnings: [] };
  const sampleBytes = bytesOfSample(fields);
  const encoding = encodingOf(tag, sampleBytes, endian);
  if (!encoding) {
    const contents = COMPRESSED[tag] ?? `format tag ${tag} with ${fields.bits} bits`;
    throw fileError(source, `wav files with ${contents} are not supported; ${conversionAdvice(source.name)}`);
  }
  const coding = pcmCoding(encoding, fields.channels);
  return { ...shared, coding, warnings: contradictions(fields, coding) };
}

/**
 * Bytes that a sample fills. The number of bits decides, as in libsndfile and FFmpeg: some recorders write a wrong
 * number of bytes per block. Two exceptions: 17 to 24 bits may stand in 4 bytes, from the highest bit down, and where the
 * header's bits make no sense, its blocks decide.
 */
function bytesOfSample({ tag, channels, blockBytes, bits }: Fields): number {
  if (tag === TAG_A_LAW || tag === TAG_MU_LAW) return 1;
  const byBits = Math.ceil(bits / 8);
  const byBlock = blockBytes / channels;
  if (tag === TAG_PCM && byBits === 3 && byBlock === 4) return 4;
  return encodingOf(tag, byBits, "little") ? byBits : byBlock;
}

function contradictions({ blockBytes, channels, bits }: Fields, coding: SampleCoding): string[] {
  if (blockBytes === coding.blockBytes) return [];
  const frame = `${channels} ${channels === 1 ? "sample" : "samples"} of ${bits} bits in ${blockBytes} bytes`;
  return [
    `the header contradicts itself: ${frame}; read as ${coding.label}, ${coding.blockBytes} bytes a frame`,
  ];
}

function encodingOf(tag: number, sampleBytes: number, endian: Endian): PcmEncoding | undefined {
  if (tag === TAG_PCM) return sampleBytes === 1 ? "unsigned-8" : signedEncoding(sampleBytes, endian);
  if (tag === TAG_FLOAT && sampleBytes === 4) return `float-32-${endian}`;
  if (tag === TAG_FLOAT && sampleBytes === 8) return `float-64-${endian}`;
  if (tag === TAG_A_LAW) return "a-law";
  if (tag === TAG_MU_LAW) return "mu-law";
  return undefined;
}

/** The coding of Microsoft's and of IMA's 4-bit ADPCM; undefined for anything else, and where no block can hold a sample. */
function adpcmCoding(
  { tag, channels, blockBytes, bits }: Fields,
  word: (offset: number) => number,
): SampleCoding | undefined {
  if (bits !== 4) return undefined;
  const blockFrames = word(18);
  if (tag === TAG_IMA_ADPCM && blockBytes >= 4 * channels)
    return imaCoding(channels, blockBytes, blockFrames);
  if (tag === TAG_MICROSOFT_ADPCM && channels <= 2 && blockBytes >= 7 * channels) {
    const predictors = Array.from({ length: 2 * Math.min(word(20), 256) }, (_, i) => word(22 + 2 * i));
    // Signed numbers of 16 bits.
    return microsoftCoding(
      channels,
      blockBytes,
      blockFrames,
      predictors.map((value) => (value << 16) >> 16),
    );
  }
  return undefined;
}

/** @file How samples are written, as far as reading them block by block has to know. Browser-safe. */

import { PCM_ENCODINGS, readPcm, type PcmEncoding } from "./pcm-encoding.ts";

/**
 * A coding in blocks that stand alone: one can be decoded without those before it. A block of uncompressed sound is a
 * frame, one sample of each channel.
 */
export interface SampleCoding {
  /** For people. */
  readonly label: string;
  /** Bits a sample, where there is such a number. */
  readonly bitDepth: number | undefined;
  readonly blockBytes: number;
  /** Samples of each channel in a whole block. */
  readonly blockFrames: number;
  /** Samples of each channel that so many bytes hold; the last block may be cut short. */
  framesIn(bytes: number): number;
  /** One array for each channel, of `framesIn(bytes.length)` samples. */
  decode(bytes: Uint8Array): Float32Array[];
}

export function pcmCoding(encoding: PcmEncoding, channels: number): SampleCoding {
  const { bytes, label, bitDepth } = PCM_ENCODINGS[encoding];
  const blockBytes = bytes * channels;
  return {
    label,
    bitDepth,
    blockBytes,
    blockFrames: 1,
    framesIn: (length) => Math.floor(length / blockBytes),
    decode: (data) => readPcm(data, encoding, channels),
  };
}

/** @file The header of a FLAC stream (RFC 9639). Browser-safe. */

import { checkHeader, fileError } from "./audio-reader.ts";
import { textAt, viewOf, type ByteSource } from "./byte-source.ts";

/** The format and length of the sound, as a FLAC stream's header states them. */
export interface FlacHeader {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number;
  /** Samples of the longest frame; of every frame but the last, where the frames are numbered. */
  readonly blockSize: number;
  /** Samples of each channel; undefined where the encoder did not know. */
  readonly frames: number | undefined;
}

/** A file of FLAC. */
export interface FlacStream extends FlacHeader {
  /** Position of the first frame in the file, in bytes. */
  readonly dataOffset: number;
}

export const STREAM_INFO_BYTES = 34;
/** The bit of a metadata block's first byte that marks the last block. */
const LAST_BLOCK = 0x80;
const MAX_METADATA_BLOCKS = 1000;

/**
 * Reads the header, up to the first frame.
 * @throws AuricleError "file" where it is damaged.
 */
export async function readFlacHeader(source: ByteSource): Promise<FlacStream> {
  const head = await source.read(0, 8 + STREAM_INFO_BYTES);
  if (head.length < 8 + STREAM_INFO_BYTES || textAt(head, 0, 4) !== "fLaC" || (head[4] & 0x7f) !== 0) {
    throw fileError(source, "the flac header is damaged or cut off");
  }
  const stream = parseStreamInfo(source, head.subarray(8));
  let at = 4;
  for (let count = 0; count < MAX_METADATA_BLOCKS; count++) {
    const block = await source.read(at, 4);
    if (block.length < 4) break;
    at += 4 + (viewOf(block).getUint32(0, false) & 0xffffff);
    if (block[0] & LAST_BLOCK) return { ...stream, dataOffset: at };
  }
  throw fileError(source, "a flac file without frames: its metadata do not end");
}

/** @param bytes The contents of the first metadata block. */
export function parseStreamInfo(source: ByteSource, bytes: Uint8Array): FlacHeader {
  const view = viewOf(bytes);
  const word = view.getUint32(10, false);
  const sampleRate = word >>> 12;
  const channels = ((word >> 9) & 7) + 1;
  const bitDepth = ((word >> 4) & 31) + 1;
  const frames = (word & 15) * 2 ** 32 + view.getUint32(14, false);
  checkHeader(source, sampleRate, channels);
  return {
    sampleRate,
    channels,
    bitDepth,
    blockSize: view.getUint16(2, false),
    frames: frames === 0 ? undefined : frames,
  };
}

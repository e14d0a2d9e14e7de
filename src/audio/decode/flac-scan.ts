/** @file Finds the whole frames of a FLAC file, from any place on. Browser-safe. */

import { joinedBytes, type ByteSource } from "./byte-source.ts";
import { decodeFlacFrame, findFlacFrame, type FlacFrame } from "./flac-frames.ts";
import type { FlacStream } from "./flac-header.ts";

/** A frame of the file, decoded; its offset is that in the file. */
export interface ScannedFrame {
  readonly frame: FlacFrame;
  readonly channels: readonly Float32Array[];
}

/** An upper bound on the size of a frame header. */
const MAX_HEADER_BYTES = 16;
const CHUNK_BYTES = 65_536;
/** Twice the size of the largest uncompressed frame: 65,535 samples of 8 channels at 32 bits. */
const MAX_FRAME_BYTES = 2 ** 22;
/** Bytes of false frames that may be decoded for each byte passed, in addition to `VAIN_BYTES` for the whole scan. */
const VAIN_SHARE = 8;
const VAIN_BYTES = 2 ** 23;

/**
 * The frames from byte `offset` on whose checksums are right, in their order in the file.
 *
 * A stretch that only looks like a frame is stepped into, since frames may be in it, up to a share of the bytes that were
 * passed; beyond that, it is stepped over. So time is in proportion to the file, also for one made of headers.
 */
export async function* flacFrames(
  source: ByteSource,
  stream: FlacStream,
  offset: number,
): AsyncGenerator<ScannedFrame> {
  const begin = offset;
  let bytes: Uint8Array = new Uint8Array(0);
  let inVain = 0;
  for await (const chunk of growingChunks(source, offset, () => bytes.length)) {
    bytes = joinedBytes([bytes, chunk]);
    const isLast = offset + bytes.length >= source.size;
    let at = 0;
    for (;;) {
      const frame = findFlacFrame(bytes, at, stream);
      if (!frame) {
        at = Math.max(at, isLast ? bytes.length : bytes.length - MAX_HEADER_BYTES);
        break;
      }
      at = frame.offset;
      const decoded = decodeFlacFrame(bytes, frame);
      if (decoded === "incomplete" && !isLast && bytes.length - at < MAX_FRAME_BYTES) break;
      if (decoded && decoded !== "incomplete") {
        yield { frame: { ...frame, offset: offset + at }, channels: decoded.channels };
        at = decoded.end;
        continue;
      }
      const read = Math.min(bytes.length - at, frameBytes(stream));
      inVain += read;
      at += inVain > VAIN_BYTES + VAIN_SHARE * (offset + at - begin) ? read : 1;
    }
    offset += at;
    bytes = bytes.slice(at);
  }
}

/** The largest frame that an encoder writes, about. */
export function frameBytes({ blockSize, channels, bitDepth }: FlacStream): number {
  return Math.min(
    Math.ceil((blockSize * channels * (bitDepth + 1)) / 8) + 2 * MAX_HEADER_BYTES,
    MAX_FRAME_BYTES,
  );
}

/** Chunks at least as long as the bytes held back, so that a long frame is not begun again for each of many chunks. */
async function* growingChunks(
  source: ByteSource,
  offset: number,
  held: () => number,
): AsyncGenerator<Uint8Array> {
  while (offset < source.size) {
    const chunk = await source.read(offset, Math.max(CHUNK_BYTES, held()));
    if (chunk.length === 0) return;
    offset += chunk.length;
    yield chunk;
  }
}

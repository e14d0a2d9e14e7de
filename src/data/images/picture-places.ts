/** @file Where pictures are in memory: few buffers, and a number for each picture. Browser-safe. */

import type { Example } from "../collection/collection.ts";

/** The places of pictures as plain numbers: an object for each would have to be fetched from memory before its pixels. */
export interface PicturePlaces {
  /** All bytes of each buffer that pictures are in. */
  readonly buffers: readonly Uint8Array[];
  /** For each picture the number of its buffer, -1 for one that is not in memory, and its first byte there. */
  readonly bufferOf: Int32Array;
  readonly offsets: Float64Array;
}

/** A source that may have pixels in memory, where they stay. */
interface PictureMemory {
  inMemory?(example: Example): Uint8Array | undefined;
}

export function placesOf(source: PictureMemory, examples: readonly Example[]): PicturePlaces {
  const numbers = new Map<ArrayBufferLike, number>();
  const bufferOf = new Int32Array(examples.length).fill(-1);
  const offsets = new Float64Array(examples.length);
  examples.forEach((example, i) => {
    const pixels = source.inMemory?.(example);
    if (!pixels) return;
    const number = numbers.get(pixels.buffer) ?? numbers.size;
    numbers.set(pixels.buffer, number);
    bufferOf[i] = number;
    offsets[i] = pixels.byteOffset;
  });
  return { buffers: Array.from(numbers.keys(), (buffer) => new Uint8Array(buffer)), bufferOf, offsets };
}

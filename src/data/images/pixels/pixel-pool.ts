/** @file The pixels of many pictures in few pieces of memory, which threads can share. Browser-safe. */

import { sharedBytes } from "../../../io/shared-bytes.ts";

/** Pictures of the first piece; each further one has twice as many, up to a size. */
const FIRST_PICTURES = 32;
const LARGEST_PIECE = 16e6;

export class PixelPool {
  /** Bytes of one picture. */
  private readonly size: number;
  private piece: Uint8Array = new Uint8Array();
  private used = 0;
  private pictures = FIRST_PICTURES / 2;

  constructor(size: number) {
    this.size = size;
  }

  /** Copies the pixels of a picture. @returns the copy */
  add(pixels: Uint8Array): Uint8Array {
    const { size } = this;
    if (this.used + size > this.piece.length) {
      this.pictures = Math.max(1, Math.min(2 * this.pictures, Math.floor(LARGEST_PIECE / size)));
      this.piece = sharedBytes(this.pictures * size);
      this.used = 0;
    }
    const copy = this.piece.subarray(this.used, this.used + size);
    copy.set(pixels);
    this.used += size;
    return copy;
  }
}

/** @file One channel that is filled block by block. Browser-safe. */

import { concatenate } from "./mono.ts";

/** Samples of all channels, 50 minutes of one at 44,100 Hz: what a header promises beyond them is allocated as it comes. */
const MOST_RESERVED = 2 ** 27;

/**
 * An array of the length that a header promises: joining the blocks at the end would hold the sound twice, and read each again from
 * memory. Pages of it that are never filled take no memory, so a header that promises too much costs nothing.
 */
export class ReservedSamples {
  length = 0;
  private readonly reserved: Float32Array;
  /** Samples beyond those that were promised. */
  private readonly rest: Float32Array[] = [];

  /**
   * @param promised 0 where the header promises nothing
   * @param channels the number of them that are filled beside one another
   */
  constructor(promised: number, channels: number) {
    this.reserved = new Float32Array(Math.min(Math.floor(MOST_RESERVED / channels), promised));
  }

  /** Adds a block, which may be kept. */
  add(samples: Float32Array): void {
    const fits = samples.subarray(0, Math.max(0, this.reserved.length - this.length));
    if (fits.length > 0) this.reserved.set(fits, this.length);
    this.length += samples.length;
    if (fits.length < samples.length) this.rest.push(samples.subarray(fits.length));
  }

  /** All that was added. */
  finish(): Float32Array {
    const { length, reserved, rest } = this;
    return length < reserved.length ? reserved.slice(0, length) : concatenate([reserved, ...rest]);
  }
}

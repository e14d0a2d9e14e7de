/** @file The last samples of a sound that goes on. Browser-safe. */

export class RecentSound {
  private readonly ring: Float32Array;
  private readonly enough: number;
  private count = 0;

  /** @param length the samples that are kept @param first so many are enough, unless `length` is less */
  constructor(length: number, first: number) {
    this.ring = new Float32Array(length);
    this.enough = Math.min(length, first);
  }

  get isEnough(): boolean {
    return this.count >= this.enough;
  }

  push(block: Float32Array): void {
    const { ring } = this;
    const last = block.subarray(Math.max(0, block.length - ring.length));
    this.count += block.length - last.length;
    const at = this.count % ring.length;
    const fits = Math.min(last.length, ring.length - at);
    ring.set(last.subarray(0, fits), at);
    ring.set(last.subarray(fits), 0);
    this.count += last.length;
  }

  /** A copy of what is kept, the oldest first. */
  samples(): Float32Array {
    const { ring, count } = this;
    if (count <= ring.length) return ring.slice(0, count);
    const at = count % ring.length;
    const samples = new Float32Array(ring.length);
    samples.set(ring.subarray(at));
    samples.set(ring.subarray(0, at), ring.length - at);
    return samples;
  }
}

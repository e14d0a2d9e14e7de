/** @file Frames of a sound, copied out of it for the worker that transforms them: of ten minutes no more than is looked at. */

/**
 * The samples of frames one after the other, `[frames, size]`; beyond the sound's ends there are zeros.
 * @param middles the sample in the middle of each
 */
export function gatherFrames(
  samples: Float32Array,
  size: number,
  middles: readonly number[],
): Float32Array<ArrayBuffer> {
  const frames = new Float32Array(middles.length * size);
  middles.forEach((middle, i) => {
    const start = middle - size / 2;
    const [from, to] = [Math.max(0, start), Math.min(samples.length, start + size)];
    if (from < to) frames.set(samples.subarray(from, to), i * size + from - start);
  });
  return frames;
}

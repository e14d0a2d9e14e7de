/** @file Frames of a sound, copied out of it for the worker that transforms them: of ten minutes no more than is looked at. */

/**
 * The samples of frames one after the other, `[frames, size]`; beyond the sound's ends there are zeros.
 * @param middles the sample in the middle of each
 * @param used an array that is needed no longer: it is filled again if it has the length, since megabytes for each tile would pile up
 */
export function gatherFrames(
  samples: Float32Array,
  size: number,
  middles: readonly number[],
  used?: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  const length = middles.length * size;
  const frames = used?.length === length ? used.fill(0) : new Float32Array(length);
  middles.forEach((middle, i) => {
    const start = middle - size / 2;
    const [from, to] = [Math.max(0, start), Math.min(samples.length, start + size)];
    if (from < to) frames.set(samples.subarray(from, to), i * size + from - start);
  });
  return frames;
}

/** @file Pictures that are smaller by a whole number: means of squares of pixels. In whole numbers. Browser-safe. */
import type { Image } from "../image.ts";
import { Layout, withKernels } from "./resize-kernels.ts";

const LANES = 4;
const WORD = 4;

/**
 * Returns the means, rounded, of squares of `factor` pixels a side, of which every `step`-th row counts; what is left at the right and
 * below is cut off. The image has one or three channels.
 */
export function squareMeans({ width, height, channels, data }: Image, factor: number, step: number): Image {
  const [across, down] = [Math.floor(width / factor), Math.floor(height / factor)];
  const result = new Uint8Array(down * across * channels);
  const rowLength = width * channels;
  const square = factor * channels;
  const groups = Math.ceil(across / LANES);
  const rows = Math.ceil(factor / step);
  const added = rows * factor;
  withKernels((kernels) => {
    const layout = new Layout();
    // The last squares are read in fours, and pixels as words.
    const input = layout.add(factor * rowLength + LANES * square + WORD);
    const output = layout.add(groups * LANES * channels * WORD);
    const memory = kernels.reserve(layout.bytes);
    const sums = new Int32Array(memory.buffer, output);
    const kernel = kernels.sums(channels);
    for (let row = 0, to = 0; row < down; row++) {
      memory.set(data.subarray(row * factor * rowLength, (row + 1) * factor * rowLength), input);
      kernel(input, rows, step * rowLength, square, groups, output);
      for (let i = 0; i < across; i++) {
        const group = (i - (i % LANES)) * channels + (i % LANES);
        // Twice the sum and one more `added` over twice that, cut off.
        for (let channel = 0; channel < channels; channel++) {
          result[to++] = (2 * sums[group + channel * LANES] + added) / (2 * added);
        }
      }
    }
  });
  return { width: across, height: down, channels, data: result };
}

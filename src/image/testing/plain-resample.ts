/** @file Resampling in plain loops, one number after the other: what the kernels of WebAssembly are compared with. */
import type { Image } from "../image.ts";
import { weightsOf, type Span } from "../resize/resample.ts";

const WEIGHT_BITS = 22;

function byteOf(sum: number): number {
  return Math.min(255, Math.floor(sum / 2 ** WEIGHT_BITS + 0.5));
}

/** Rows first, with bytes between. */
export function plainResample(
  { width, height, channels, data }: Image,
  across: Span,
  down: Span,
): Uint8Array {
  const [columns, rows] = [weightsOf(width, across), weightsOf(height, down)];
  const narrow = new Uint8Array(height * across.size * channels);
  for (let i = 0; i < narrow.length; i++) {
    const channel = i % channels;
    const output = Math.floor(i / channels) % across.size;
    const row = Math.floor(i / channels / across.size);
    let sum = 0;
    for (let tap = 0; tap < columns.count[output]; tap++) {
      const pixel = row * width + columns.first[output] + tap;
      sum += data[pixel * channels + channel] * columns.values[output * columns.stride + tap];
    }
    narrow[i] = byteOf(sum);
  }
  const rowLength = across.size * channels;
  return Uint8Array.from({ length: down.size * rowLength }, (_, i) => {
    const output = Math.floor(i / rowLength);
    let sum = 0;
    for (let tap = 0; tap < rows.count[output]; tap++) {
      const row = rows.first[output] + tap;
      sum += narrow[row * rowLength + (i % rowLength)] * rows.values[output * rows.stride + tap];
    }
    return byteOf(sum);
  });
}

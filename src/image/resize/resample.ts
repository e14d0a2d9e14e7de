/**
 * @file Resampling by a triangle that is as wide as an output pixel: bilinear where a picture grows, an average weighted
 * towards the middle where it shrinks. In whole numbers, and along each axis the same bytes as Pillow's `resize` with `BILINEAR`
 * (src/libImaging/Resample.c), whose weights have 22 bits behind the point. Browser-safe.
 */

/** Sums of weights and bytes stay below 2³⁰. */
const WEIGHT_BITS = 22;
const HALF = 1 << (WEIGHT_BITS - 1);

function byteOf(sum: number): number {
  const byte = sum >> WEIGHT_BITS;
  return byte > 255 ? 255 : byte;
}

interface Weights {
  /** For each output: its first input, and how many. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `stride` for each output. */
  readonly values: Int32Array;
  readonly stride: number;
}

/** A range of inputs, with fractions of a pixel, that becomes `size` outputs. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

function weightsOf(inputs: number, { from, to, size }: Span): Weights {
  const scale = Math.fround(to - from) / size;
  const support = Math.max(1, scale);
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(size);
  const count = new Int32Array(size);
  const values = new Int32Array(size * stride);
  const exact = new Float64Array(stride);
  const inverse = 1 / support;
  for (let i = 0; i < size; i++) {
    const center = from + (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const high = Math.min(inputs, Math.trunc(center + support + 0.5));
    let sum = 0;
    for (let x = 0; x < high - low; x++) {
      exact[x] = Math.max(0, 1 - Math.abs((x + low - center + 0.5) * inverse));
      sum += exact[x];
    }
    for (let x = 0; x < high - low; x++) {
      values[i * stride + x] = Math.trunc(0.5 + (exact[x] / sum) * 2 ** WEIGHT_BITS);
    }
    first[i] = low;
    count[i] = high - low;
  }
  return { first, count, values, stride };
}

/** `[height, width, channels]` → `[height, span.size, channels]`, of the rows from `firstRow` to `endRow` alone. */
export function resampleRows(
  data: Uint8Array,
  width: number,
  channels: number,
  span: Span,
  [firstRow, endRow]: readonly [number, number],
): Uint8Array {
  const weights = weightsOf(width, span);
  const result = new Uint8Array((endRow - firstRow) * span.size * channels);
  const write = channels === 3 ? writeColorRow : writeRow;
  const rowLength = width * channels;
  for (let row = firstRow, to = 0; row < endRow; row++, to += span.size * channels) {
    write(data, row * rowLength, weights, result, to, channels);
  }
  return result;
}

/** Makes the outputs of one row; of each pixel all three colours at once, which halves the time. */
function writeColorRow(
  data: Uint8Array,
  row: number,
  { first, count, values, stride }: Weights,
  result: Uint8Array,
  to: number,
): void {
  for (let i = 0; i < first.length; i++, to += 3) {
    let red = HALF;
    let green = HALF;
    let blue = HALF;
    let at = row + first[i] * 3;
    for (let w = i * stride, end = w + count[i]; w < end; w++, at += 3) {
      const weight = values[w];
      red = (red + Math.imul(data[at], weight)) | 0;
      green = (green + Math.imul(data[at + 1], weight)) | 0;
      blue = (blue + Math.imul(data[at + 2], weight)) | 0;
    }
    result[to] = byteOf(red);
    result[to + 1] = byteOf(green);
    result[to + 2] = byteOf(blue);
  }
}

function writeRow(
  data: Uint8Array,
  row: number,
  { first, count, values, stride }: Weights,
  result: Uint8Array,
  to: number,
  channels: number,
): void {
  for (let i = 0; i < first.length; i++) {
    for (let channel = 0; channel < channels; channel++) {
      let sum = HALF;
      let at = row + first[i] * channels + channel;
      for (let w = i * stride, end = w + count[i]; w < end; w++, at += channels)
        sum = (sum + Math.imul(data[at], values[w])) | 0;
      result[to++] = byteOf(sum);
    }
  }
}

/** `[height, rowLength]`, of which `data` has the rows from `firstRow` on, → `[span.size, rowLength]`. */
export function resampleColumns(
  data: Uint8Array,
  height: number,
  rowLength: number,
  span: Span,
  firstRow: number,
): Uint8Array {
  const { first, count, values, stride } = weightsOf(height, span);
  const result = new Uint8Array(span.size * rowLength);
  const sums = new Int32Array(rowLength);
  for (let i = 0; i < span.size; i++) {
    sums.fill(HALF);
    for (let y = 0; y < count[i]; y++) {
      const weight = values[i * stride + y];
      const row = (first[i] + y - firstRow) * rowLength;
      for (let x = 0; x < rowLength; x++) sums[x] += Math.imul(data[row + x], weight);
    }
    const to = i * rowLength;
    for (let x = 0; x < rowLength; x++) result[to + x] = byteOf(sums[x]);
  }
  return result;
}

/** The rows that outputs of a span read, [first, end). */
export function rowsRead(inputs: number, { from, to, size }: Span): [number, number] {
  const support = Math.max(1, (to - from) / size);
  return [Math.max(0, Math.floor(from - support)), Math.min(inputs, Math.ceil(to + support))];
}

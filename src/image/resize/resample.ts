/**
 * @file Resampling by a triangle that is as wide as an output pixel: bilinear where a picture grows, an average weighted
 * towards the middle where it shrinks. In whole numbers, and along each axis the same bytes as Pillow's `resize` with `BILINEAR`
 * (src/libImaging/Resample.c), whose weights have 22 bits behind the point. Computed by WebAssembly (resample-module.ts), rows first.
 * Browser-safe.
 */

import type { Image } from "../image.ts";
import { ENTRY_WORDS, WEIGHT_BITS } from "./resample-module.ts";
import { Layout, roundUp, withKernels, type ResizeKernels } from "./resize-kernels.ts";

/** The weights of all outputs along an axis. */
export interface Weights {
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

/** The last ones made: pictures of a set often have one size. */
const kept = new Map<string, Weights>();
const MOST_KEPT = 8;

export function weightsOf(inputs: number, span: Span): Weights {
  const key = `${inputs} ${span.from} ${span.to} ${span.size}`;
  const weights = kept.get(key) ?? makeWeights(inputs, span);
  kept.delete(key);
  kept.set(key, weights);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest);
  return weights;
}

function makeWeights(inputs: number, { from, to, size }: Span): Weights {
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

const WORD = 4;
const VECTOR_BYTES = 16;
/** Rows that are handed over and resampled at once: as many as stay in a cache, and a multiple of the lanes. */
const BLOCK_BYTES = 1 << 17;
const LANES = 4;

/** `[height, width, channels]` → `[down.size, across.size, channels]`, of one or three channels. */
export function resample(image: Image, across: Span, down: Span): Uint8Array {
  return withKernels((kernels) => resampleBy(kernels, image, across, down));
}

function resampleBy(
  kernels: ResizeKernels,
  { width, height, channels, data }: Image,
  across: Span,
  down: Span,
): Uint8Array {
  const [firstRow, endRow] = rowsRead(height, down);
  const rowLength = width * channels;
  const blockRows = LANES * Math.max(1, Math.floor(BLOCK_BYTES / (LANES * rowLength)));
  const rows = roundUp(endRow - firstRow, LANES);
  const rowBytes = roundUp(across.size * WORD, VECTOR_BYTES);
  const [columnWeights, rowWeights] = [weightsOf(width, across), weightsOf(height, down)];
  const outputs = rowBytes / WORD;
  const layout = new Layout();
  // The last pixel is read as a word.
  const input = layout.add(blockRows * rowLength + WORD);
  const acrossTable = layout.add(tableBytes(columnWeights, outputs));
  const downTable = layout.add(tableBytes(rowWeights, down.size));
  const narrow = layout.add(rows * rowBytes);
  const result = layout.add(down.size * rowBytes);
  const memory = kernels.reserve(layout.bytes);
  const addressOfRow = (row: number) => narrow + (row - firstRow) * rowBytes;
  const acrossEnd = writeTable(memory, columnWeights, acrossTable, outputs, (first) => first * channels);
  const downEnd = writeTable(memory, rowWeights, downTable, down.size, addressOfRow);
  const [alongRow, alongColumn] = kernels.resampling(channels);
  for (let block = firstRow; block < endRow; block += blockRows) {
    const end = Math.min(endRow, block + blockRows);
    memory.set(data.subarray(block * rowLength, end * rowLength), input);
    for (let row = block; row < end; row += LANES) {
      const from = input + (row - block) * rowLength;
      alongRow(from, rowLength, acrossTable, acrossEnd, addressOfRow(row), rowBytes);
    }
  }
  alongColumn(downTable, downEnd, rowBytes, result, rowBytes);
  return bytesOfWords(memory.subarray(result), across.size, down.size, channels, rowBytes);
}

/** Writes entries for `outputs` outputs, and behind them the weights; outputs beyond the last have none. @returns the entries' end */
function writeTable(
  memory: Uint8Array,
  { first, count, values, stride }: Weights,
  table: number,
  outputs: number,
  addressOf: (first: number) => number,
): number {
  const end = table + outputs * ENTRY_WORDS * WORD;
  const words = new Int32Array(memory.buffer);
  words.set(values, end / WORD);
  for (let i = 0; i < outputs; i++) {
    const weights = end + i * stride * WORD;
    const exists = i < first.length;
    const entry = table / WORD + i * ENTRY_WORDS;
    words[entry] = exists ? addressOf(first[i]) : 0;
    words[entry + 1] = exists ? weights : 0;
    words[entry + 2] = exists ? weights + count[i] * WORD : 0;
  }
  return end;
}

function tableBytes({ values }: Weights, outputs: number): number {
  return (outputs * ENTRY_WORDS + values.length) * WORD;
}

/** The lower bytes of each word. */
function bytesOfWords(
  words: Uint8Array,
  width: number,
  height: number,
  channels: number,
  rowBytes: number,
): Uint8Array {
  const result = new Uint8Array(width * height * channels);
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let at = row * rowBytes, end = at + width * WORD; at < end; at += WORD) {
      result[to++] = words[at];
      if (channels === 3) {
        result[to++] = words[at + 1];
        result[to++] = words[at + 2];
      }
    }
  }
  return result;
}

/** The rows that outputs of a span read, [first, end). */
export function rowsRead(inputs: number, { from, to, size }: Span): [number, number] {
  const support = Math.max(1, (to - from) / size);
  return [Math.max(0, Math.floor(from - support)), Math.min(inputs, Math.ceil(to + support))];
}

/**
 * @file Resampling by a triangle that is as wide as an output pixel: bilinear where a picture grows, an average weighted
 * towards the middle where it shrinks. In whole numbers, and along each axis the same bytes as Pillow's `resize` with `BILINEAR`
 * (src/libImaging/Resample.c), whose weights have 22 bits behind the point. Computed by WebAssembly (resample-module.ts), rows first.
 * Browser-safe.
 */

import type { Image } from "../image.ts";
import { ENTRY_WORDS, MAXIMUM_PAGES, resampleModule, WEIGHT_BITS } from "./resample-module.ts";

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

export function weightsOf(inputs: number, { from, to, size }: Span): Weights {
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
const PAGE_BYTES = 65_536;
/** Rows that are handed over and resampled at once: as many as stay in a cache, and a multiple of the lanes. */
const BLOCK_BYTES = 1 << 17;
const LANES = 4;
/** A memory that a large picture has made larger is let go: it never shrinks. */
const KEPT_BYTES = 2 ** 26;

type Kernel = (...parameters: number[]) => void;

/** The kernels and the memory that they work in. */
class Resampler {
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMUM_PAGES });
  private readonly kernels: Readonly<Record<string, Kernel>>;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernels = exports as Record<string, Kernel>;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  resample({ width, height, channels, data }: Image, across: Span, down: Span): Uint8Array {
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
    this.reserve(layout.bytes);
    const memory = new Uint8Array(this.memory.buffer);
    const acrossEnd = this.writeTable(columnWeights, acrossTable, outputs, (first) => first * channels);
    const downEnd = this.writeTable(
      rowWeights,
      downTable,
      down.size,
      (first) => narrow + (first - firstRow) * rowBytes,
    );
    const [alongRow, alongColumn] = channels === 3 ? ["k2", "k3"] : ["k0", "k1"];
    for (let block = firstRow; block < endRow; block += blockRows) {
      const end = Math.min(endRow, block + blockRows);
      memory.set(data.subarray(block * rowLength, end * rowLength), input);
      for (let row = block; row < end; row += LANES) {
        const from = input + (row - block) * rowLength;
        const to = narrow + (row - firstRow) * rowBytes;
        this.kernels[alongRow](from, rowLength, acrossTable, acrossEnd, to, rowBytes);
      }
    }
    this.kernels[alongColumn](downTable, downEnd, rowBytes, result, rowBytes);
    return bytesOfWords(memory.subarray(result), across.size, down.size, channels, rowBytes);
  }

  private reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }

  /** Writes entries for `outputs` outputs, and behind them the weights; outputs beyond the last have none. @returns the entries' end */
  private writeTable(
    { first, count, values, stride }: Weights,
    table: number,
    outputs: number,
    addressOf: (first: number) => number,
  ): number {
    const end = table + outputs * ENTRY_WORDS * WORD;
    const words = new Int32Array(this.memory.buffer);
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
}

function tableBytes({ values }: Weights, outputs: number): number {
  return (outputs * ENTRY_WORDS + values.length) * WORD;
}

/** Stretches of memory one after the other, each from a multiple of 16 bytes on. */
class Layout {
  bytes = 0;

  /** @returns its address */
  add(bytes: number): number {
    const address = this.bytes;
    this.bytes += roundUp(bytes, VECTOR_BYTES);
    return address;
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
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

let compiled: WebAssembly.Module | undefined;
let kept: Resampler | undefined;

/** `[height, width, channels]` → `[down.size, across.size, channels]`, of one or three channels. */
export function resample(image: Image, across: Span, down: Span): Uint8Array {
  compiled ??= new WebAssembly.Module(resampleModule());
  const resampler = kept ?? new Resampler(compiled);
  const result = resampler.resample(image, across, down);
  kept = resampler.bytes > KEPT_BYTES ? undefined : resampler;
  return result;
}

/** The rows that outputs of a span read, [first, end). */
export function rowsRead(inputs: number, { from, to, size }: Span): [number, number] {
  const support = Math.max(1, (to - from) / size);
  return [Math.max(0, Math.floor(from - support)), Math.min(inputs, Math.ceil(to + support))];
}

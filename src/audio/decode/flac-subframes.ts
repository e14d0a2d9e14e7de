/** @file Subframes of FLAC: one channel of a frame each (RFC 9639, section 9.2). Browser-safe. */

import type { BitReader } from "./bit-reader.ts";

/** Whole numbers; of more than 32 bits where one channel is the difference of two with 32. */
export type FlacSamples = Int32Array | Float64Array;

/** Predictions of the fixed orders: factors of the samples before, the nearest first. */
const FIXED_FACTORS: readonly (readonly number[])[] = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

const MAX_WASTED_BITS = 31;

/**
 * Reads the subframe of a channel.
 * @returns Whether it is valid; the end of the bytes is left to the caller.
 */
export function readSubframe(bits: BitReader, depth: number, samples: FlacSamples): boolean {
  if (bits.unsigned(1) !== 0) return false;
  const type = bits.unsigned(6);
  const wasted = bits.unsigned(1) === 0 ? 0 : bits.zeros() + 1;
  const kept = depth - wasted;
  if (wasted > MAX_WASTED_BITS || kept < 1) return false;
  if (!readSamples(bits, type, kept, samples)) return false;
  if (wasted > 0) for (let i = 0; i < samples.length; i++) samples[i] *= 2 ** wasted;
  return true;
}

function readSamples(bits: BitReader, type: number, depth: number, samples: FlacSamples): boolean {
  if (type === 0) samples.fill(bits.signed(depth));
  else if (type === 1) readPlain(bits, depth, samples, samples.length);
  else if (type >= 8 && type <= 12) return readFixed(bits, type - 8, depth, samples);
  else if (type >= 32) return readLinear(bits, type - 31, depth, samples);
  else return false;
  return true;
}

function readPlain(bits: BitReader, depth: number, samples: FlacSamples, count: number): void {
  for (let i = 0; i < count && !bits.overrun; i++) samples[i] = bits.signed(depth);
}

function readFixed(bits: BitReader, order: number, depth: number, samples: FlacSamples): boolean {
  if (order > samples.length) return false;
  readPlain(bits, depth, samples, order);
  if (!readResidual(bits, order, samples)) return false;
  addPrediction(samples, FIXED_FACTORS[order], 0, depth);
  return true;
}

function readLinear(bits: BitReader, order: number, depth: number, samples: FlacSamples): boolean {
  if (order > samples.length) return false;
  readPlain(bits, depth, samples, order);
  const precision = bits.unsigned(4) + 1;
  const shift = bits.signed(5);
  if (precision > 15 || shift < 0) return false;
  const factors = Array.from({ length: order }, () => bits.signed(precision));
  if (!readResidual(bits, order, samples)) return false;
  addPrediction(samples, factors, shift, depth);
  return true;
}

/** Adds to each sample behind the first ones what these predict: `floor(Σ factor · sample / 2^shift)`. */
function addPrediction(samples: FlacSamples, factors: readonly number[], shift: number, depth: number): void {
  // Sums fit into 32 bits if those of the largest samples do. Otherwise doubles hold them exactly: 33 + 15 + 5 bits at most.
  const largest = factors.reduce((sum, factor) => sum + Math.abs(factor), 0) * 2 ** (depth - 1);
  if (largest < 2 ** 31 && samples instanceof Int32Array) addWholePrediction(samples, factors, shift);
  else addLargePrediction(samples, factors, shift);
}

function addWholePrediction(samples: Int32Array, factors: readonly number[], shift: number): void {
  // Both go forward, and by four: the first factors are zeros that fill them up, for samples that are there.
  const order = factors.length;
  const taps = (order + 3) & ~3;
  const ascending = new Int32Array(taps);
  factors.forEach((factor, i) => (ascending[taps - 1 - i] = factor));
  const first = Math.min(taps, samples.length);
  for (let i = order; i < first; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += Math.imul(factors[j], samples[i - 1 - j]);
    samples[i] += sum >> shift;
  }
  for (let i = first; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0, at = i - taps; j < taps; j += 4, at += 4) {
      sum = (sum + Math.imul(ascending[j], samples[at]) + Math.imul(ascending[j + 1], samples[at + 1])) | 0;
      sum =
        (sum + Math.imul(ascending[j + 2], samples[at + 2]) + Math.imul(ascending[j + 3], samples[at + 3])) |
        0;
    }
    samples[i] += sum >> shift;
  }
}

function addLargePrediction(samples: FlacSamples, factors: readonly number[], shift: number): void {
  const order = factors.length;
  const scale = 2 ** -shift;
  for (let i = order; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += factors[j] * samples[i - 1 - j];
    samples[i] += Math.floor(sum * scale);
  }
}

/** Reads the prediction residual from sample `order` on: Rice codes, in partitions with one parameter each. */
function readResidual(bits: BitReader, order: number, samples: FlacSamples): boolean {
  const method = bits.unsigned(2);
  if (method > 1) return false;
  const parameterBits = 4 + method;
  const partitions = 2 ** bits.unsigned(4);
  const length = samples.length / partitions;
  if (!Number.isInteger(length) || length < order) return false;
  for (let partition = 0; partition < partitions; partition++) {
    const from = partition === 0 ? order : partition * length;
    const parameter = bits.unsigned(parameterBits);
    if (parameter < 2 ** parameterBits - 1)
      readRice(bits, parameter, samples, from, (partition + 1) * length);
    else {
      const depth = bits.unsigned(5);
      for (let i = from; i < (partition + 1) * length; i++) samples[i] = depth === 0 ? 0 : bits.signed(depth);
    }
    if (bits.overrun) return true;
  }
  return true;
}

function readRice(bits: BitReader, parameter: number, samples: FlacSamples, from: number, to: number): void {
  const low = 32 - parameter;
  for (let i = from; i < to; i++) {
    const word = bits.peek();
    const length = Math.clz32(word) + 1;
    let code: number;
    if (length + parameter <= 32) {
      // All of it is in the word: zeros, a one, and the lower bits.
      bits.position += length + parameter;
      // Of a shift by 32 nothing would be shifted.
      code = ((length - 1) << parameter) | (parameter === 0 ? 0 : (word << length) >>> low);
    } else {
      const high = bits.zeros();
      if (bits.overrun) return;
      code = (high << parameter) | bits.unsigned(parameter);
    }
    // Even codes are numbers from 0 up, odd ones from -1 down.
    samples[i] = (code >>> 1) ^ -(code & 1);
  }
}

/** @file Subframes of FLAC: one channel of a frame each (RFC 9639, section 9.2). Browser-safe. */

import type { BitReader } from "./bit-reader.ts";
import { addPrediction, type FlacSamples } from "./flac-prediction.ts";
import { readResidual } from "./flac-residual.ts";

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

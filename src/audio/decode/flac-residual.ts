/** @file Residuals of FLAC: what a prediction leaves over, in Rice codes (RFC 9639, section 9.2.7). Browser-safe. */

import type { BitReader } from "./bit-reader.ts";
import type { FlacSamples } from "./flac-prediction.ts";

/** Reads the prediction residual from sample `order` on: Rice codes, in partitions with one parameter each. */
export function readResidual(bits: BitReader, order: number, samples: FlacSamples): boolean {
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

/** Bits of a word of 32 that are there wherever in its first byte a code begins. */
const SURE_BITS = 25;

/** Reads codes of zeros, a one and the `parameter` lower bits, up to the end of the bytes. */
function readRice(bits: BitReader, parameter: number, samples: FlacSamples, from: number, to: number): void {
  const { view } = bits;
  const lastWord = view.byteLength - 4;
  // In a variable, since most of a file's time is spent here.
  let position = bits.position;
  for (let i = from; i < to; i++) {
    const at = position >>> 3;
    const word = at <= lastWord ? view.getInt32(at, false) << (position & 7) : 0;
    const zeros = Math.clz32(word);
    const length = zeros + 1 + parameter;
    let code: number;
    if (length <= SURE_BITS) {
      position += length;
      // The one stands before the lower bits; it is taken from the zeros, which stand for as much each.
      code = ((zeros - 1) << parameter) + (word >>> (32 - length));
    } else {
      bits.position = position;
      const high = bits.zeros();
      if (bits.overrun) return;
      code = (high << parameter) | bits.unsigned(parameter);
      position = bits.position;
    }
    // Even codes are numbers from 0 up, odd ones from -1 down.
    samples[i] = (code >>> 1) ^ -(code & 1);
  }
  bits.position = position;
}

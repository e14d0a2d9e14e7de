/** @file A kernel from bytes to numbers on 0 … 1: what pictures are made of, and what networks take. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";

/** Bytes of a unit of work: those of four words. */
export const UNIT_BYTES = 16;

const LANES = 4;
const BITS = 8;

/** 1 / 255 in its first 16 bits, whose product with a byte is exact, and what is left of it. */
const HIGH = Math.floor((2 ** 23 * 1) / 255) / 2 ** 23;
const LOW = 1 / 255 - HIGH;

/**
 * Writes a kernel of the parameters (start, end, bytes, floats) that makes numbers of the groups start … end - 1 of 16 bytes each:
 * b / 255, rounded to float32. The groups may be in the last quarter of the numbers' own place: each is read before a number is
 * written over it.
 * @param k a builder of 4 lanes and four parameters
 */
export function writeUnitBytes(k: KernelBuilder): void {
  const [start, end, bytes, floats] = k.parameters;
  k.loop(start, end, 1, (group) => {
    const words = k.let(k.load(k.add(bytes, k.multiply(group, UNIT_BYTES))));
    // The first bytes of four words, the second ones, …; turned round, the four bytes of each word.
    const values = Array.from({ length: LANES }, (_, byte) =>
      k.vectorVariable(unit(k, byteOf(k, words, byte))),
    );
    k.transpose(values);
    const place = k.intVariable(k.add(floats, k.multiply(group, UNIT_BYTES * FLOAT_BYTES)));
    values.forEach((value, word) => k.store(place, word * LANES * FLOAT_BYTES, value));
  });
}

function byteOf(k: KernelBuilder, words: VectorExpression, byte: number): VectorExpression {
  const shifted = byte === 0 ? words : k.shift("shiftRight", words, byte * BITS);
  return k.binary("and", shifted, k.intConstant(2 ** BITS - 1));
}

/** b / 255: the sum of two products is rounded as the quotient is, for every byte, and takes half its time. */
function unit(k: KernelBuilder, byte: VectorExpression): VectorExpression {
  const value = k.let(k.unary("toFloat", byte));
  return k.binary(
    "add",
    k.binary("multiply", value, k.constant(HIGH)),
    k.binary("multiply", value, k.constant(LOW)),
  );
}

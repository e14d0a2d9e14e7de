/** @file Kernels from bytes to numbers on 0 … 1: what pictures are made of, and what networks take. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, VectorExpression } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";

/** Bytes that become numbers at once: those of four words. */
export const UNIT_BYTES = 16;

/** Bytes that come from memory together. */
const LINE_BYTES = 64;

const LANES = 4;
const BITS = 8;

/** 1 / 255 in its first 16 bits, whose product with a byte is exact, and what is left of it. */
const HIGH = Math.floor(2 ** 23 / 255) / 2 ** 23;
const LOW = 1 / 255 - HIGH;

/**
 * Writes a kernel of the parameters (start, end, bytes, floats) that makes numbers of the groups start … end - 1 of 16 bytes each:
 * b / 255, rounded to float32. The groups may be in the last quarter of the numbers' own place: each is read before a number is
 * written over it.
 * @param k a builder of 4 lanes and four parameters
 */
export function writeUnitBytes(k: KernelBuilder): void {
  const [start, end, bytes, floats] = k.parameters;
  k.loop(start, end, 1, (group) => writeGroup(k, bytes, floats, k.multiply(group, UNIT_BYTES)));
}

/**
 * Writes a kernel of the parameters (start, end, table, floats, rowBytes, touched) that makes numbers likewise of the rows start … end - 1, one
 * behind the other from `floats` on. The table has the address of each row, of 16 bytes or more; a word at `touched` is
 * written over.
 * @param k a builder of 4 lanes and six parameters
 */
export function writeUnitRows(k: KernelBuilder): void {
  const [start, end, table, floats, rowBytes] = k.parameters;
  touchRows(k);
  k.loop(start, end, 1, (row) => {
    const bytes = k.intVariable(k.loadInt(k.add(table, k.multiply(row, FLOAT_BYTES))));
    const place = k.intVariable(k.add(floats, k.multiply(k.multiply(row, rowBytes), FLOAT_BYTES)));
    k.loop(0, k.divide(rowBytes, UNIT_BYTES), 1, (group) =>
      writeGroup(k, bytes, place, k.multiply(group, UNIT_BYTES)),
    );
    // The last bytes with some of those before once more.
    k.ifAtLeast(k.remainder(rowBytes, UNIT_BYTES), 1, () =>
      writeGroup(k, bytes, place, k.subtract(rowBytes, UNIT_BYTES)),
    );
  });
}

/** Reads a word of each cache line: of so simple a loop many reads are on their way from memory at once. */
function touchRows(k: KernelBuilder): void {
  const [start, end, table, , rowBytes, touched] = k.parameters;
  const sum = k.intVariable(0);
  k.loop(start, end, 1, (row) => {
    const bytes = k.intVariable(k.loadInt(k.add(table, k.multiply(row, FLOAT_BYTES))));
    k.loop(0, k.divide(rowBytes, LINE_BYTES), 1, (line) =>
      k.increment(sum, k.loadInt(k.add(bytes, k.multiply(line, LINE_BYTES)))),
    );
  });
  k.store(touched, 0, k.splatInt(sum), 1);
}

/** Makes numbers of the 16 bytes from number `first` on. */
function writeGroup(
  k: KernelBuilder,
  bytes: IntExpression,
  floats: IntExpression,
  first: IntExpression,
): void {
  const words = k.let(k.load(k.add(bytes, first)));
  // The first bytes of four words, the second ones, …; turned round, the four bytes of each word.
  const values = Array.from({ length: LANES }, (_, byte) =>
    k.vectorVariable(unit(k, byteOf(k, words, byte))),
  );
  k.transpose(values);
  const place = k.intVariable(k.add(floats, k.multiply(first, FLOAT_BYTES)));
  values.forEach((value, word) => k.store(place, word * LANES * FLOAT_BYTES, value));
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

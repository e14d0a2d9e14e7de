/**
 * @file The loops of resizing as WebAssembly. A module by itself, since the build puts its bytes in its place where no compiler is:
 * in the script of exported models. Browser-safe.
 *
 *     across: for each 4 outputs of 4 rows, for each tap: 4 words of 4 rows, of which the lower bytes are a pixel's channels
 *     down:   for each output row, for each 4 pixels, for each tap: 4 pixels of a row, each a word
 *     sums:   for each 4 squares, for each row and pixel of them: 4 words of 4 squares
 *
 * Sums have 32 bits; lanes are rows in the first loop, which a transposition turns into pixels, pixels in the second, and squares in the
 * third. A result of the first two is a word for each pixel, channels in its lower bytes; of the third a vector for each channel.
 */
import { KernelBuilder, type Int } from "../../machine/builder.ts";
import type { IntExpression, KernelCode, VectorExpression, VectorVariable } from "../../machine/ir.ts";
import { emitWasmModule, WASM_TRAITS } from "../../machine/wasm.ts";

/** All that 32-bit addresses reach. */
export const MAXIMUM_PAGES = 65_536;
/** Bits of a weight behind the point: sums of weights and bytes stay below 2³⁰. */
export const WEIGHT_BITS = 22;
/** Words for an output: the address of its first input, and where its weights begin and end. */
export const ENTRY_WORDS = 3;

const LANES = 4;
const WORD = 4;
const ENTRY = ENTRY_WORDS * WORD;
const VECTOR = LANES * WORD;
const CHANNELS = [1, 3] as const;
/** Words of two vectors in turn. */
const [LOWER, PAIRS] = [
  [0, 4, 1, 5],
  [0, 1, 4, 5],
];

let module: Uint8Array<ArrayBuffer> | undefined;

/**
 * Returns a module over a memory that is not shared. It exports "k0" to "k2" for one channel, "k3" to "k5" for three:
 *
 * - across, of 4 rows: their address and distance, the table's begin and end, the result, and the distance of its rows
 * - down: the table's begin and end, the distance of the input's rows, the result, and the bytes of a row of it, a multiple of 16
 * - sums, of a row of squares: the address, the number of rows and their distance, the bytes of a square's row, the number of groups of 4
 *   squares, and the result
 */
export function resampleModule(): Uint8Array<ArrayBuffer> {
  if (!module) {
    const limits = { initialPages: 1, maximumPages: MAXIMUM_PAGES, shared: false };
    const kernels = CHANNELS.flatMap((channels) => [across(channels), down(channels), sums(channels)]);
    module = emitWasmModule(kernels, limits);
  }
  return module;
}

function across(channels: number): KernelCode {
  const k = new KernelBuilder(WASM_TRAITS, 6);
  const [first, distance, table, tableEnd, result, resultDistance] = k.parameters;
  const rows: IntExpression[] = [first];
  for (let row = 1; row < LANES; row++) rows.push(k.intVariable(k.add(rows[row - 1], distance)));
  const to: IntExpression[] = [k.intVariable(result)];
  for (let row = 1; row < LANES; row++) to.push(k.intVariable(k.add(to[row - 1], resultDistance)));
  const place = k.intVariable(0);
  k.loop(table, tableEnd, LANES * ENTRY, (entry) => {
    const pixels = Array.from({ length: LANES }, (_, output) => {
      const at = k.intVariable(k.loadInt(entry, output * ENTRY));
      const sums = newSums(k, channels);
      const end = k.intVariable(k.loadInt(entry, output * ENTRY + 2 * WORD));
      k.loop(k.loadInt(entry, output * ENTRY + WORD), end, WORD, (weight) => {
        addTap(k, sums, wordsOf(k, rows, at), weight);
        k.increment(at, channels);
      });
      return k.vectorVariable(packed(k, sums));
    });
    k.transpose(pixels);
    pixels.forEach((pixel, row) => k.store(k.add(to[row], place), 0, pixel));
    k.increment(place, VECTOR);
  });
  return k.finish();
}

/** One word of each of four rows. */
function wordsOf(k: KernelBuilder, rows: readonly IntExpression[], at: Int): VectorExpression {
  const [a, b, c, d] = rows.map((row) => k.load(k.add(row, at), 0, 1));
  return k.shuffle(k.shuffle(a, b, LOWER), k.shuffle(c, d, LOWER), PAIRS);
}

function down(channels: number): KernelCode {
  const k = new KernelBuilder(WASM_TRAITS, 5);
  const [table, tableEnd, distance, result, rowBytes] = k.parameters;
  const to = k.intVariable(result);
  k.loop(table, tableEnd, ENTRY, (entry) => {
    const from = k.intVariable(k.loadInt(entry));
    const begin = k.intVariable(k.loadInt(entry, WORD));
    const end = k.intVariable(k.loadInt(entry, 2 * WORD));
    k.loop(0, rowBytes, VECTOR, (place) => {
      const at = k.intVariable(k.add(from, place));
      const sums = newSums(k, channels);
      k.loop(begin, end, WORD, (weight) => {
        addTap(k, sums, k.load(at), weight);
        k.increment(at, distance);
      });
      k.store(k.add(to, place), 0, packed(k, sums));
    });
    k.increment(to, rowBytes);
  });
  return k.finish();
}

function sums(channels: number): KernelCode {
  const k = new KernelBuilder(WASM_TRAITS, 6);
  const [first, rows, distance, square, groups, result] = k.parameters;
  const to = k.intVariable(result);
  const at = k.intVariable(first);
  k.loop(0, groups, 1, () => {
    const totals = Array.from({ length: channels }, () => k.vectorVariable(k.intConstant(0)));
    const squares: IntExpression[] = [k.intVariable(at)];
    for (let lane = 1; lane < LANES; lane++) squares.push(k.intVariable(k.add(squares[lane - 1], square)));
    const row = k.intVariable(0);
    k.loop(0, rows, 1, () => {
      k.loop(0, square, channels, (pixel) => {
        const words = k.let(wordsOf(k, squares, k.add(row, pixel)));
        bytesOf(k, words, channels).forEach((byte, channel) =>
          k.setVector(totals[channel], k.binary("intAdd", totals[channel], byte)),
        );
      });
      k.increment(row, distance);
    });
    totals.forEach((total, channel) => k.store(to, channel * VECTOR, total));
    k.increment(to, channels * VECTOR);
    k.increment(at, k.multiply(square, LANES));
  });
  return k.finish();
}

/** A half for each channel, so that what is cut off is rounded. */
function newSums(k: KernelBuilder, channels: number): VectorVariable[] {
  return Array.from({ length: channels }, () => k.vectorVariable(k.intConstant(1 << (WEIGHT_BITS - 1))));
}

/** Adds the products of each byte with a weight, which is in memory. */
function addTap(
  k: KernelBuilder,
  sums: readonly VectorVariable[],
  words: VectorExpression,
  weight: Int,
): void {
  const pixels = k.let(words);
  const factor = k.let(k.broadcast(weight));
  bytesOf(k, pixels, sums.length).forEach((byte, channel) => {
    const sum = sums[channel];
    k.setVector(sum, k.binary("intAdd", sum, k.binary("intMultiply", byte, factor)));
  });
}

/** The lower bytes of words. */
function bytesOf(k: KernelBuilder, words: VectorExpression, channels: number): VectorExpression[] {
  return Array.from({ length: channels }, (_, channel) => {
    const shifted = channel === 0 ? words : k.shift("shiftRight", words, 8 * channel);
    return k.binary("and", shifted, k.intConstant(0xff));
  });
}

/** The sums as bytes of words. Rounded weights may make more than 255. */
function packed(k: KernelBuilder, sums: readonly VectorVariable[]): VectorExpression {
  const bytes = sums.map((sum) => {
    const whole = k.unary("toFloat", k.shift("shiftRight", sum, WEIGHT_BITS));
    return k.unary("toInt", k.binary("min", whole, k.constant(255)));
  });
  return bytes.reduce((word, byte, channel) => k.binary("or", word, k.shift("shiftLeft", byte, 8 * channel)));
}

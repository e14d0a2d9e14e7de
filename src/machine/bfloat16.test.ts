/** @file The meaning of pairs of bfloat16 numbers: on the target that has them, and in the interpreter that checks others. */
import { describe, expect, it } from "vitest";
import { bfloat16Bits, floatOfBfloat16 } from "../kernels/testing/bfloat16.ts";
import { interpretKernel } from "../kernels/testing/interpret-kernel.ts";
import { Generator } from "../random/generator.ts";
import { supportsPrecision } from "../runtime/precision.ts";
import { traitsOf } from "../runtime/target.ts";
import { kernelFunction } from "../testing/run-code.ts";
import { KernelBuilder } from "./builder.ts";
import type { KernelCode } from "./ir.ts";
import { emitWasmModule } from "./wasm.ts";

const traits = traitsOf("avx512");
const { lanes } = traits;
const BYTES = 4 * lanes;
/** a and b are 2·lanes floats each, c is lanes floats. */
const PLACE = { a: 0, b: 2 * BYTES, c: 4 * BYTES, pairs: 5 * BYTES, sums: 6 * BYTES };

/** Packs a and b, and adds the products to c: from registers, and with one factor broadcast from memory. */
function kernel(): KernelCode {
  const k = new KernelBuilder(traits, 0);
  const packed = (at: number) => k.let(k.binary("packPairs", k.load(0, at), k.load(0, at + BYTES)));
  const [a, b] = [packed(PLACE.a), packed(PLACE.b)];
  k.store(PLACE.pairs, 0, a);
  const sum = k.vectorVariable(k.load(0, PLACE.c));
  k.setVector(sum, k.multiplyAddPairs(a, b, sum));
  k.store(PLACE.sums, 0, sum);
  k.setVector(sum, k.multiplyAddPairs(b, k.broadcast(PLACE.pairs, 4), sum));
  k.store(PLACE.sums, BYTES, sum);
  return k.finish();
}

interface Numbers {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly c: Float32Array;
}

function memoryOf({ a, b, c }: Numbers): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const floats = new Float32Array(memory.buffer);
  [a, b, c].forEach((values, i) => floats.set(values, [PLACE.a, PLACE.b, PLACE.c][i] / 4));
  return memory;
}

function resultsOf(memory: WebAssembly.Memory): Uint32Array {
  return new Uint32Array(memory.buffer, PLACE.pairs, 3 * lanes);
}

function interpreted(numbers: Numbers): Uint32Array {
  const memory = memoryOf(numbers);
  interpretKernel(kernel(), memory.buffer)();
  return resultsOf(memory);
}

function numbersFrom(make: () => number): Numbers {
  const floats = (length: number) => Float32Array.from({ length }, make);
  return { a: floats(2 * lanes), b: floats(2 * lanes), c: floats(lanes) };
}

const generator = new Generator(5);
const CASES: readonly [string, () => number][] = [
  ["normally distributed numbers", () => generator.normal()],
  ["numbers of all sizes", () => generator.normal() * 2 ** (generator.integer(60) - 30)],
  ["halfway cases", () => (1 + (2 * generator.integer(128) + 1) / 256) * (generator.integer(2) ? 1 : -1)],
  ["small and subnormal numbers", () => generator.normal() * 2 ** (-120 - generator.integer(28))],
  ["products that are subnormal", () => generator.normal() * 2 ** (-61 - generator.integer(4))],
];

describe("pairs of bfloat16 numbers", () => {
  it("are rounded to the nearest, ties to even, with the first of two in the lower half", () => {
    expect([1, 1 + 1 / 256, 1 + 3 / 256, -2.5, 1e-39].map(bfloat16Bits)).toEqual([
      0x3f80, 0x3f80, 0x3f82, 0xc020, 0,
    ]);
    expect([0x3f80, 0xc020, 0x0001].map(floatOfBfloat16)).toEqual([1, -2.5, 0]);
    const [first] = interpreted(numbersFrom(() => 3));
    expect(first).toBe(0x40404040);
    const ordered = {
      a: Float32Array.from({ length: 2 * lanes }, (_, i) => i + 1),
      b: new Float32Array(2 * lanes),
      c: new Float32Array(lanes),
    };
    expect(interpreted(ordered)[0]).toBe(0x40003f80);
  });

  it("add both products to a float", () => {
    const one = new Float32Array(2 * lanes).fill(3);
    const sums = new Float32Array(
      interpreted({ a: one, b: one, c: new Float32Array(lanes).fill(0.5) }).buffer,
      PLACE.sums,
      2 * lanes,
    );
    expect([...sums]).toEqual([...new Float32Array(lanes).fill(18.5), ...new Float32Array(lanes).fill(36.5)]);
  });

  it("are refused where a target has no instructions for them", () => {
    const limits = { initialPages: 1, maximumPages: 1, shared: false };
    expect(() => emitWasmModule([kernel()], limits)).toThrow(/no instructions for bfloat16/);
  });

  describe.runIf(supportsPrecision("avx512", "bfloat16"))("on the processor", () => {
    it.each(CASES)("%s give the bits of the interpreter", (_, make) => {
      for (let round = 0; round < 50; round++) {
        const numbers = numbersFrom(make);
        const memory = memoryOf(numbers);
        kernelFunction("avx512", kernel(), memory)();
        expect(resultsOf(memory)).toEqual(interpreted(numbers));
      }
    });
  });
});

import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { Generator, mix32 } from "../random/generator.ts";
import { intArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { randomBits, randomUniform } from "./index.ts";

const KEY = { shape: [], dtype: "int32" } as const;

function generatorOf(key: number, salt: number): Generator {
  return new Generator(mix32((key ^ salt) + 0x9e3779b9));
}

describe("randomBits", () => {
  const shapes: Shape[] = [[1], [7], [3, 5, 7], [2, 1, 1031], [2051]];
  it.each(shapes.map((shape) => [shape] as const))(
    "gives the generator's words, bit for bit, on every target: [%s]",
    (shape) => {
      for (const [key, salt] of [
        [0, 0],
        [-123456789, 7],
        [0x7fffffff, -1],
      ]) {
        const generator = generatorOf(key, salt);
        const expected = Array.from({ length: sizeOf(shape) }, () => generator.uint32() | 0);
        for (const target of [...KERNEL_TARGETS, "reference"] as const) {
          const run = compile((k) => randomBits(shape, k, salt), [KEY], { target, threads: 1 });
          const bits = run(intArray([key], []));
          expect(bits.shape).toEqual(shape);
          expect(Array.from(bits.data)).toEqual(expected);
        }
      }
    },
  );

  it("gives the same bits with one, two and three threads", () => {
    const [one, two, three] = [1, 2, 3].map((threads) => {
      const run = compile((k) => randomBits([257, 33], k, 5), [KEY], { target: "wasm", threads });
      return Array.from(run(intArray([99], [])).data);
    });
    expect(two).toEqual(one);
    expect(three).toEqual(one);
  });

  it("refuses a key that is no int32 and a salt that is no integer", () => {
    expect(() => randomBits([2], inputTensor([], "float32"), 0)).toThrow(/random: key .*got float32 \[\]/);
    expect(() => randomBits([2], inputTensor([2], "int32"), 0)).toThrow(/random: key .*got int32 \[2\]/);
    expect(() => randomBits([2], inputTensor([], "int32"), 0.5)).toThrow(/random: salt .*got 0.5/);
  });
});

describe("randomUniform", () => {
  const count = 100_000;
  const draw = (key: number, salt: number) =>
    KERNEL_TARGETS.map((target) => {
      const run = compile((k) => randomUniform([count], k, salt), [KEY], { target, threads: 1 });
      return Array.from(run(intArray([key], [])).data);
    });

  it("gives the generator's uniform(), exactly", () => {
    const generator = generatorOf(42, 3);
    const expected = Array.from({ length: count }, () => generator.uniform());
    for (const numbers of draw(42, 3)) expect(numbers).toEqual(expected);
  });

  it("has mean 1/2 within four standard errors, 4·√(1/12 / 100000) = 0.0037, and 100 even bins", () => {
    const [numbers] = draw(2024, 0);
    const mean = numbers.reduce((total, u) => total + u, 0) / count;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0037);
    const bins = new Array<number>(100).fill(0);
    for (const u of numbers) bins[Math.floor(u * 100)]++;
    // χ² with 99 degrees of freedom: below 149.4 with probability 0.999.
    const chiSquare = bins.reduce((total, n) => total + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(149.4);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
  });

  it("is uncorrelated between neighbours, keys and salts: |r| below 4 / √100000 = 0.0127", () => {
    const [numbers] = draw(2024, 0);
    const correlation = (other: readonly number[]) =>
      (12 * numbers.reduce((total, u, i) => total + (u - 0.5) * (other[i] - 0.5), 0)) / count;
    const shifted = [...numbers.slice(1), numbers[0]];
    for (const other of [shifted, draw(2025, 0)[0], draw(2024, 1)[0]]) {
      expect(Math.abs(correlation(other))).toBeLessThan(0.0127);
    }
  });
});

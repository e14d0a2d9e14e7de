import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { Generator, mix32 } from "../random/generator.ts";
import { intArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { randomBits, randomNormal, randomUniform } from "./index.ts";
import { standardNormalPrimitive } from "./random.ts";
import { expectWithin } from "./testing/check-fixture.ts";

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

describe("randomNormal", () => {
  const count = 100_000;
  const draw = (key: number, options: object) =>
    Array.from(
      compile((k) => randomNormal([count], k, 3), [KEY], { threads: 1, ...options })(intArray([key], []))
        .data,
    );
  const numbers = draw(5, { target: "wasm" });

  it("is the quantile of the words' upper 24 bits within relative 2e-6, on every target", () => {
    const exact = draw(5, { target: "reference" });
    for (const target of KERNEL_TARGETS) {
      expectWithin(draw(5, { target }), exact, { relative: 2e-6, absolute: 0 }, target);
    }
  });

  // Of tables: Φ(1.6448536) = 0.95, Φ(2.3263479) = 0.99, Φ(3.0902323) = 0.999.
  it("has the normal distribution's shares beyond 0, 1.645, 2.326 and 3.090 on either side, within four standard errors", () => {
    for (const [bound, share] of [
      [0, 0.5],
      [1.6448536, 0.05],
      [2.3263479, 0.01],
      [3.0902323, 0.001],
    ]) {
      const error = 4 * Math.sqrt(share * (1 - share) * count);
      const above = numbers.filter((z) => z > bound).length;
      const below = numbers.filter((z) => z < -bound).length;
      expect(Math.abs(above - share * count), `above ${bound}`).toBeLessThan(error);
      expect(Math.abs(below - share * count), `below -${bound}`).toBeLessThan(error);
    }
  });

  it("has mean 0, variance 1 and no correlation of neighbours within four standard errors", () => {
    const mean = numbers.reduce((total, z) => total + z, 0) / count;
    const square = numbers.reduce((total, z) => total + z * z, 0) / count;
    const product = numbers.reduce((total, z, i) => total + z * numbers[(i + 1) % count], 0) / count;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(count));
  });

  it("is finite for the least and the largest words: ±5.42", () => {
    const words = [0, -1, 255, -256, 0x7fffffff, -0x80000000];
    for (const target of [...KERNEL_TARGETS, "reference"] as const) {
      const run = compile(
        (bits) => standardNormalPrimitive([bits], { values: [] }),
        [{ shape: [words.length], dtype: "int32" }],
        { target, threads: 1 },
      );
      // √2·erf⁻¹(1 - 2⁻²⁴) is 5.4196 and √2·erf⁻¹(2⁻²⁴) = √(π/2)·2⁻²⁴.
      const least = Math.sqrt(Math.PI / 2) * 2 ** -24;
      const largest = 5.419983;
      const expected = [least, -least, least, -least, largest, -largest];
      expectWithin(
        run(intArray(words, [words.length])).data,
        expected,
        { relative: 3e-6, absolute: 0 },
        target,
      );
    }
  });

  it("is the same with one, two and three threads", () => {
    expect(draw(5, { target: "wasm", threads: 2 })).toEqual(numbers);
    expect(draw(5, { target: "wasm", threads: 3 })).toEqual(numbers);
  });
});

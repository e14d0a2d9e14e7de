import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { intArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { alphaDropout, dropout, gradients, multiply, randomNormal, spatialDropout, sum } from "./index.ts";

const KEY = { shape: [], dtype: "int32" } as const;
const ones = (shape: Shape) => ({ shape, data: new Float32Array(sizeOf(shape)).fill(1) });

function dropOnes(shape: Shape, rate: number, key: number, options: object = {}): number[] {
  const run = compile((x, k) => dropout(x, { rate, key: k, salt: 1 }), [shape, KEY], options);
  return Array.from(run(ones(shape), intArray([key], [])).data);
}

describe("dropout", () => {
  it("drops its share within four standard errors and divides the rest by 1 - rate", () => {
    const count = 50_000;
    for (const rate of [0.1, 0.25, 0.5, 0.9]) {
      const values = dropOnes([count], rate, 11, { threads: 1 });
      const dropped = values.filter((value) => value === 0).length;
      const standardError = Math.sqrt(rate * (1 - rate) * count);
      expect(Math.abs(dropped - rate * count)).toBeLessThan(4 * standardError);
      const kept = Math.fround(1 / (1 - rate));
      expect(values.every((value) => value === 0 || value === kept)).toBe(true);
    }
  });

  it("drops the same elements on every target and with 1, 2 and 3 threads, others with another key", () => {
    const shape = [37, 129];
    const expected = dropOnes(shape, 0.5, 5, { target: "reference" });
    for (const target of KERNEL_TARGETS) {
      for (const threads of [1, 2, 3]) {
        expect(dropOnes(shape, 0.5, 5, { target, threads })).toEqual(expected);
      }
    }
    const other = dropOnes(shape, 0.5, 6, { target: "reference" });
    const equal = other.filter((value, i) => value === expected[i]).length;
    // Half of 4773 places agree by chance; standard error √(4773)/2 = 34.5.
    expect(Math.abs(equal - 4773 / 2)).toBeLessThan(4 * 34.5);
  });

  it("gives gradient to what was kept, with the same factor, fused and unfused", () => {
    for (const target of KERNEL_TARGETS) {
      for (const fusion of [true, false]) {
        const run = compile(
          (x, dy, key) => {
            const output = dropout(x, { rate: 0.3, key, salt: 2 });
            return [output, ...gradients(sum(multiply(output, dy)), [x])];
          },
          [[5, 413], [5, 413], KEY],
          { target, fusion, threads: 1 },
        );
        const [output, dx] = run(ones([5, 413]), ones([5, 413]), intArray([77], []));
        expect(dx.data).toEqual(output.data);
        expect(output.data).toContain(0);
      }
    }
  });

  it("returns its input at rate 0 and refuses rates outside [0, 1)", () => {
    const x = inputTensor([3], "float32");
    const key = inputTensor([], "int32");
    expect(dropout(x, { rate: 0, key, salt: 0 })).toBe(x);
    for (const rate of [1, -0.1, NaN]) {
      expect(() => dropout(x, { rate, key, salt: 0 })).toThrow(/dropout: rate must be in \[0, 1\); got/);
    }
  });
});

describe("spatialDropout", () => {
  it("drops whole channels of an example", () => {
    const [examples, height, width, channels] = [40, 3, 2, 50];
    const shape = [examples, height, width, channels];
    for (const target of KERNEL_TARGETS) {
      const run = compile((x, key) => spatialDropout(x, { rate: 0.4, key, salt: 3 }), [shape, KEY], {
        target,
        threads: 1,
      });
      const { data } = run(ones(shape), intArray([8], []));
      let dropped = 0;
      for (let n = 0; n < examples; n++) {
        for (let c = 0; c < channels; c++) {
          const map = Array.from(
            { length: height * width },
            (_, place) => data[(n * height * width + place) * channels + c],
          );
          expect(new Set(map).size).toBe(1);
          if (map[0] === 0) dropped++;
        }
      }
      // 2000 maps at rate 0.4: 800 with a standard error of √(2000·0.24) = 21.9.
      expect(Math.abs(dropped - 800)).toBeLessThan(4 * 21.9);
    }
  });

  it("refuses an input without spatial axes", () => {
    const x = inputTensor([3, 4], "float32");
    const options = { rate: 0.5, key: inputTensor([], "int32"), salt: 0 };
    expect(() => spatialDropout(x, options)).toThrow(/spatialDropout: .*got \[3,4\]/);
  });
});

describe("alphaDropout", () => {
  // Keras' AlphaDropout: a = ((1 - r)·(1 + r·α'²))^-½ and b = -a·α'·r with α' = -1.6733·1.0507 = -1.7581.
  it("keeps a·x + b of what stays, and sets the rest to a·α' + b: at rate 0.25, 0.86726·x + 0.38118 and -1.14354", () => {
    const shape = [40, 25];
    const x = { shape, data: Float32Array.from({ length: 1000 }, (_, i) => i / 500) };
    for (const target of [...KERNEL_TARGETS, "reference"] as const) {
      const run = compile((t, key) => alphaDropout(t, { rate: 0.25, key, salt: 4 }), [shape, KEY], {
        target,
        threads: 1,
      });
      const { data } = run(x, intArray([8], []));
      const dropped = Array.from(data).filter((value) => Math.abs(value - -1.14354) < 1e-5).length;
      expect(Math.abs(dropped - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
      const isRight = (value: number, i: number) =>
        Math.abs(value - -1.14354) < 1e-5 || Math.abs(value - (0.86726 * x.data[i] + 0.38118)) < 2e-5;
      expect(Array.from(data).every(isRight)).toBe(true);
    }
  });

  it("leaves mean 0 and variance 1 of normal numbers as they are, within four standard errors", () => {
    const count = 50_000;
    const run = compile(
      (key) => alphaDropout(randomNormal([count], key, 1), { rate: 0.3, key, salt: 2 }),
      [KEY],
      { threads: 1 },
    );
    const values = Array.from(run(intArray([3], [])).data);
    const mean = values.reduce((total, z) => total + z, 0) / count;
    const square = values.reduce((total, z) => total + z * z, 0) / count;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
  });

  it("does nothing at rate 0", () => {
    const x = inputTensor([3], "float32");
    expect(alphaDropout(x, { rate: 0, key: inputTensor([], "int32"), salt: 0 })).toBe(x);
  });
});

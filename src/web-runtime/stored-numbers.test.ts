import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../random/generator.ts";
import { restore, store, storedBytes, type StoredNumbers } from "./stored-numbers.ts";

function through(values: readonly number[], stored: StoredNumbers): Float32Array {
  const bytes = store(Float32Array.from(values), stored);
  expect(bytes).toHaveLength(storedBytes(values.length, stored));
  return restore(bytes, values.length, stored);
}

const random = new Generator(deriveKey(1, "stored"));
const normal = Array.from({ length: 600 }, () => random.normal());

describe("numbers that are stored and restored", () => {
  it("are the same bits in float32, also those that are no numbers", () => {
    const bits = Uint32Array.of(0x7fc00001, 0x80000000, 0xffa00000, 0x3f800001);
    const values = new Float32Array(bits.buffer);
    const restored = restore(store(values, { form: "float32" }), 4, { form: "float32" });
    expect(new Uint32Array(restored.buffer)).toEqual(bits);
  });

  it("are the nearest of float16: exact ones stay, ties go to the even one, what is too large becomes the largest", () => {
    const exact = [0, 1, -1.5, 2048, 65_504, -65_504, 2 ** -14, 2 ** -24, -3 * 2 ** -24, 0.333251953125];
    expect([...through(exact, { form: "float16" })]).toEqual(exact);
    expect(Object.is(through([-0], { form: "float16" })[0], -0)).toBe(true);
    // Steps are 2 from 2048 on, and 2^-24 near 0.
    expect([...through([2049, 2051, 1.5 * 2 ** -24, 2 ** -26, 1e9], { form: "float16" })]).toEqual([
      2048,
      2052,
      2 ** -23,
      0,
      65_504,
    ]);
    // Just below a power of two it rounds up to it.
    expect([...through([4095.9, 2 ** -14 - 2 ** -26], { form: "float16" })]).toEqual([4096, 2 ** -14]);
    through(normal, { form: "float16" }).forEach((value, i) => {
      expect(Math.abs(value - normal[i])).toBeLessThanOrEqual(Math.abs(normal[i]) * 2 ** -11 + 2 ** -25);
    });
  });

  it("are within half a step of int8, of each column's own size", () => {
    const columns = 3;
    const scaled = normal.map((value, i) => value * 10 ** (i % columns));
    const restored = through(scaled, { form: "int8", columns });
    for (let column = 0; column < columns; column++) {
      const own = scaled.filter((_, i) => i % columns === column);
      const step = Math.max(...own.map(Math.abs)) / 127;
      own.forEach((value, row) => {
        expect(Math.abs(restored[row * columns + column] - value)).toBeLessThanOrEqual(0.5001 * step);
      });
    }
  });

  it("are 0 in a column of nothing but 0", () => {
    expect([...through([0, 1, 0, -1], { form: "int8", columns: 2 })]).toEqual([0, 1, 0, -1]);
  });
});

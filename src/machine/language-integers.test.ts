/** @file The meaning of the kernel language on every target that runs here: arithmetic on 32-bit integers. */
import { describe, expect, it } from "vitest";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import type { KernelBuilder } from "./builder.ts";
import type { IntBinaryOperator, VectorBinaryOperator, VectorExpression } from "./ir.ts";
import { languageOn, RESULT, MIN_INT } from "./testing/language.ts";

for (const name of CHECKED_TARGETS) {
  const { lanes, everyLane, everyCount, execute, wordsOf, resultOf, intOf } = languageOn(name);

  describe(`${name}: int operations`, () => {
    const a = Int32Array.of(2 ** 31 - 1, MIN_INT, -5, 0x12345678);
    const b = Int32Array.of(1, -1, 7, 0x01010101);

    it("wrap", () => {
      const pairs = {
        intAdd: (x: number, y: number) => (x + y) | 0,
        intSubtract: (x: number, y: number) => (x - y) | 0,
        intMultiply: Math.imul,
      };
      for (const [operator, scalar] of Object.entries(pairs)) {
        const operation = operator as VectorBinaryOperator;
        const { ints } = resultOf((k, x, y) => k.binary(operation, x, y), a, b);
        expect([...ints], operator).toEqual([...a].map((x, i) => scalar(x, b[i])));
      }
    });

    it("and, or, xor, not work on bits", () => {
      expect([...resultOf((k, x, y) => k.binary("and", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x & b[i]),
      );
      expect([...resultOf((k, x, y) => k.binary("or", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x | b[i]),
      );
      expect([...resultOf((k, x, y) => k.binary("xor", x, y), a, b).ints]).toEqual(
        [...a].map((x, i) => x ^ b[i]),
      );
      expect([...resultOf((k, x) => k.unary("not", x), a).ints]).toEqual([...a].map((x) => ~x));
    });

    it.each([0, 1, 5, 31])("shift by %i", (bits) => {
      expect([...resultOf((k, x) => k.shift("shiftLeft", x, bits), a).ints]).toEqual(
        [...a].map((x) => x << bits),
      );
      expect([...resultOf((k, x) => k.shift("shiftRight", x, bits), a).ints]).toEqual(
        [...a].map((x) => (x >>> bits) | 0),
      );
      expect([...resultOf((k, x) => k.shift("shiftRightSigned", x, bits), a).ints]).toEqual(
        [...a].map((x) => x >> bits),
      );
    });

    it("constants, lanes and masks", () => {
      expect([...resultOf((k) => k.intConstant(2 ** 32 - 3)).ints]).toEqual([-3, -3, -3, -3]);
      const lanesOf = (make: (k: KernelBuilder) => VectorExpression) => [
        ...wordsOf(
          execute((k) => k.store(RESULT, 0, make(k))),
          lanes,
        ).ints,
      ];
      expect(lanesOf((k) => k.laneIndex())).toEqual(everyLane);
      for (const count of [0, ...everyCount]) {
        expect(lanesOf((k) => k.firstLanes(count))).toEqual(everyLane.map((lane) => (lane < count ? -1 : 0)));
      }
    });

    it("on addresses are unsigned where they divide or compare, and wrap", () => {
      const INT: readonly [IntBinaryOperator, (x: number, y: number) => number][] = [
        ["add", (x, y) => (x + y) | 0],
        ["subtract", (x, y) => (x - y) | 0],
        ["multiply", Math.imul],
        ["divide", (x, y) => ((x >>> 0) / (y >>> 0)) | 0],
        ["remainder", (x, y) => ((x >>> 0) % (y >>> 0)) | 0],
        ["min", (x, y) => Math.min(x >>> 0, y >>> 0) | 0],
        ["max", (x, y) => Math.max(x >>> 0, y >>> 0) | 0],
      ];
      for (const [operator, scalar] of INT) {
        for (const [x, y] of [
          [7, 3],
          [3, 7],
          [-1, 10],
          [10, -1],
          [MIN_INT, 3],
          [0, 1],
        ]) {
          const value = intOf((_, p, q) => ({ kind: "intBinary", operator, a: p, b: q }), x, y);
          expect(value, `${operator} ${x} ${y}`).toBe(
            operator === "divide" ? Math.floor((x >>> 0) / (y >>> 0)) | 0 : scalar(x, y),
          );
        }
      }
    });

    it("nest, min and max too", () => {
      const value = (x: number, y: number, z: number) =>
        intOf(
          (k, a, b, c) => k.minimum(k.add(k.minimum(a, b), k.minimum(b, c)), k.minimum(k.minimum(a, 50), c)),
          x,
          y,
          z,
        );
      expect(value(1, 2, 3)).toBe(1); // min(1 + 2, min(1, 3))
      expect(value(9, 2, 3)).toBe(3); // min(2 + 2, min(9, 3))
      expect(value(90, 99, 98)).toBe(50);
    });

    it("fold constants as they would compute them", () => {
      expect(intOf((k) => k.add(k.multiply(6, 7), k.add(0, 8)))).toBe(50);
      expect(intOf((k, a) => k.add(k.multiply(a, 1), k.remainder(a, 1)), 5)).toBe(5);
      expect(intOf((k, a) => k.divide(k.subtract(a, 1), 1), 5)).toBe(4);
    });
  });
}

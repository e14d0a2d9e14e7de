/** @file The meaning of the kernel language on every target that runs here: loads and stores. */
import { describe, expect, it } from "vitest";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import type { Int, KernelBuilder } from "./builder.ts";
import type { VectorExpression } from "./ir.ts";
import { languageOn, RESULT, SENTINEL } from "./testing/language.ts";

for (const name of CHECKED_TARGETS) {
  const { lanes, everyLane, everyCount, execute, wordsOf, intOf } = languageOn(name);

  describe(`${name}: memory`, () => {
    const source = Int32Array.from({ length: 256 }, (_, i) => 100 + i);

    it.each(everyCount)("loads %i words, the other lanes zero", (count) => {
      const expected = everyLane.map((lane) => (lane < count ? 105 + lane : 0));
      const load = (address: number, offset: number) => [
        ...wordsOf(
          execute((k) => k.store(RESULT, 0, k.load(k.parameters[0], offset, count)), [source], [address]),
          lanes,
        ).ints,
      ];
      expect(load(8, 12)).toEqual(expected);
      expect(load(40, -20)).toEqual(expected);
    });

    it("loads no word beyond the count, not even where there is no memory", () => {
      const last = 65536 - 4;
      const { ints } = execute((k) => k.store(RESULT, 0, k.load(k.parameters[0], 0, 1)), [], [last]);
      expect([...ints.slice(RESULT / 4, RESULT / 4 + 2)]).toEqual([SENTINEL, 0]);
    });

    it.each(everyCount)("stores %i words and nothing around them", (count) => {
      for (const offset of [64, -64]) {
        const { ints } = execute(
          (k) => k.store(k.parameters[0], offset, k.binary("intAdd", k.load(0), k.intConstant(1)), count),
          [source],
          [RESULT],
        );
        const first = (RESULT + offset) / 4;
        expect([...ints.slice(first - 1, first + lanes + 1)]).toEqual(
          [-1, ...everyLane, lanes].map((i) => (i >= 0 && i < count ? 101 + i : SENTINEL)),
        );
      }
    });

    it("evaluates a partly stored value before it stores", () => {
      // The value is read from where it is written, one word further on.
      const { ints } = execute((k) => k.store(4, 0, k.load(0), 3), [source]);
      expect([...ints.slice(0, 5)]).toEqual([100, 100, 101, 102, 104]);
    });

    it.each(everyCount)("gathers %i words at any stride", (count) => {
      for (const stride of [8, 4, 0, -4, -12]) {
        const gather = (make: (k: KernelBuilder) => Int) => {
          const memory = execute(
            (k) => k.store(RESULT, 0, k.gather(make(k), 40, stride, count)),
            [source],
            [360],
          );
          return [...wordsOf(memory, lanes).ints];
        };
        // Word (360 + 40) / 4 holds 200.
        const expected = everyLane.map((lane) => (lane < count ? 200 + (lane * stride) / 4 : 0));
        expect(gather((k) => k.parameters[0])).toEqual(expected);
        expect(gather((k) => k.add(k.multiply(k.parameters[0], 2), -360))).toEqual(expected);
      }
    });

    it("reads integers", () => {
      // Word 3 of the source is 103; word 2 is 102.
      expect(intOf((k, a) => k.loadInt(a, 4), 8)).toBe(SENTINEL);
      const { ints } = execute(
        (k) => {
          k.store(RESULT, 0, k.splatInt(k.loadInt(k.parameters[0], 4)), 1);
          k.store(RESULT, 4, k.splatInt(k.loadInt(k.add(k.parameters[0], 20), -20)), 1);
        },
        [source],
        [8],
      );
      expect([...ints.slice(RESULT / 4, RESULT / 4 + 2)]).toEqual([103, 102]);
    });

    it("transposes a square", () => {
      const { ints } = execute(
        (k) => {
          const rows = Array.from({ length: lanes }, (_, row) => k.vectorVariable(k.load(4 * lanes * row)));
          k.transpose(rows);
          rows.forEach((row, i) => k.store(RESULT, 4 * lanes * i, row));
        },
        [source],
      );
      const expected = Array.from({ length: lanes * lanes }, (_, i) => {
        return 100 + (i % lanes) * lanes + Math.floor(i / lanes);
      });
      expect([...ints.slice(RESULT / 4, RESULT / 4 + lanes * lanes)]).toEqual(expected);
    });

    it("shuffles lanes of two vectors", () => {
      const orders: [string, (lane: number) => number][] = [
        ["first vector", (lane) => lane],
        ["second vector", (lane) => lanes + lane],
        ["in turn", (lane) => (lane >> 1) + (lane % 2) * lanes],
        ["even lanes of both", (lane) => 2 * lane],
        ["reversed", (lane) => 2 * lanes - 1 - lane],
        [
          "first vector with some of the second",
          (lane) => (lane % 3 === 0 ? lanes + ((7 * lane) % lanes) : lane),
        ],
        ["one lane", () => lanes + 1],
      ];
      for (const [order, sourceOf] of orders) {
        const sources = everyLane.map(sourceOf);
        const words = Array.from({ length: 2 * lanes }, (_, i) => 100 + i);
        const shuffled = (write: (k: KernelBuilder) => VectorExpression) => [
          ...wordsOf(
            execute((k) => k.store(RESULT, 0, write(k)), [source]),
            lanes,
          ).ints,
        ];
        const expected = sources.map((lane) => words[lane]);
        const [a, b] = [0, 4 * lanes];
        expect(
          shuffled((k) => k.shuffle(k.load(a), k.load(b), sources)),
          order,
        ).toEqual(expected);
        const same = sources.map((lane) => 100 + (lane % lanes));
        expect(
          shuffled((k) => {
            const vector = k.vectorVariable(k.load(a));
            k.setVector(vector, k.shuffle(vector, vector, sources));
            return vector;
          }),
          order,
        ).toEqual(same);
      }
    });

    it("broadcasts one word", () => {
      const { ints } = execute((k) => k.store(RESULT, 0, k.broadcast(k.parameters[0], -8)), [source], [20]);
      expect([...ints.slice(RESULT / 4, RESULT / 4 + lanes)]).toEqual(everyLane.map(() => 103));
    });
  });
}

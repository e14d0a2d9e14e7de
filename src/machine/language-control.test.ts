/** @file The meaning of the kernel language on every target that runs here: loops, branches and variables. */
import { describe, expect, it } from "vitest";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { languageOn, RESULT } from "./testing/language.ts";

for (const name of CHECKED_TARGETS) {
  const { execute } = languageOn(name);

  describe(`${name}: control`, () => {
    /** Counts rounds and sums counters. */
    const walk = (from: number, to: number, step: number, known: boolean) => {
      const { ints } = execute(
        (k) => {
          const [first, last] = known ? [from, to] : k.parameters;
          const rounds = k.intVariable(0);
          const total = k.intVariable(0);
          k.loop(first, last, step, (counter) => {
            k.increment(rounds, 1);
            k.increment(total, counter);
          });
          k.store(RESULT, 0, k.splatInt(rounds), 1);
          k.store(RESULT, 4, k.splatInt(total), 1);
        },
        [],
        [from, to],
      );
      return [...ints.slice(RESULT / 4, RESULT / 4 + 2)];
    };

    it.each([true, false])("loops from … to, bounds known: %s", (known) => {
      expect(walk(0, 0, 1, known)).toEqual([0, 0]);
      expect(walk(5, 3, 1, known)).toEqual([0, 0]);
      expect(walk(3, 4, 7, known)).toEqual([1, 3]);
      expect(walk(0, 10, 1, known)).toEqual([10, 45]);
      expect(walk(2, 11, 4, known)).toEqual([3, 2 + 6 + 10]);
      expect(walk(0, 16, 16, known)).toEqual([1, 0]);
    });

    it("nests loops", () => {
      const { ints } = execute(
        (k) => {
          const rounds = k.intVariable(0);
          k.loop(0, k.parameters[0], 1, (i) =>
            k.loop(0, i, 1, () => k.loop(0, 3, 1, () => k.increment(rounds, 1))),
          );
          k.store(RESULT, 0, k.splatInt(rounds), 1);
        },
        [],
        [5],
      );
      expect(ints[RESULT / 4]).toBe(3 * (0 + 1 + 2 + 3 + 4));
    });

    it.each([1, 2, 3, 4, 5, 6, 7, 8])("unrolls loops into %i copies", (copies) => {
      for (let trips = 1; trips <= 20; trips++) {
        const { ints } = execute(
          (k) => {
            const [to] = k.parameters;
            const counter = k.intVariable(100);
            const [steps, codes, rounds] = [k.intVariable(0), k.intVariable(0), k.intVariable(0)];
            k.unrolledLoop(
              counter,
              to,
              8,
              copies,
              (copy) => {
                k.increment(steps, 1);
                k.setInt(codes, k.add(k.multiply(codes, 3), copy));
              },
              () => k.increment(rounds, 1),
            );
            [counter, steps, codes, rounds].forEach((value, i) =>
              k.store(RESULT, 4 * i, k.splatInt(value), 1),
            );
          },
          [],
          [100 + 8 * trips],
        );
        let codes = 0;
        for (let i = 0; i < trips; i++) codes = (Math.imul(codes, 3) + (i % copies)) | 0;
        expect([...ints.slice(RESULT / 4, RESULT / 4 + 4)]).toEqual([
          100 + 8 * trips,
          trips,
          codes,
          Math.floor(trips / copies),
        ]);
      }
    });

    it("runs the body of ifAtLeast when a ≥ b, unsigned", () => {
      const taken = (a: number, b: number) =>
        execute(
          (k) => k.ifAtLeast(k.parameters[0], k.parameters[1], () => k.store(RESULT, 0, k.intConstant(1), 1)),
          [],
          [a, b],
        ).ints[RESULT / 4] === 1;
      expect([taken(2, 1), taken(1, 1), taken(0, 1), taken(-1, 1), taken(1, -1)]).toEqual([
        true,
        true,
        false,
        true,
        false,
      ]);
    });

    it("keeps variables apart", () => {
      const { floats } = execute((k) => {
        const many = Array.from({ length: 300 }, (_, i) => k.vectorVariable(k.constant(i)));
        const total = k.vectorVariable(k.constant(0));
        for (const one of many) k.setVector(total, k.binary("add", total, one));
        k.store(RESULT, 0, total, 1);
      });
      expect(floats[RESULT / 4]).toBe((299 * 300) / 2);
    });
  });
}

import { describe, expect, it } from "vitest";
import { FreeStretches } from "./free-stretches.ts";

describe("FreeStretches", () => {
  it("gives the smallest stretch that is large enough, and keeps the rest of it", () => {
    const free = new FreeStretches();
    free.add(1000, 300);
    free.add(2000, 200);
    free.add(3000, 500);
    expect(free.take(200)).toBe(2000);
    expect(free.take(150)).toBe(1000);
    expect(free.take(150)).toBe(1150);
    expect(free.take(150)).toBe(3000);
    expect(free.take(351)).toBeUndefined();
    expect(free.bytes).toBe(350);
  });

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[0, 2, 1]], [[1, 0, 2]], [[2, 0, 1]]])(
    "joins neighbours, given back in the order %j",
    (order) => {
      const free = new FreeStretches();
      for (const i of order) free.add(64 * i, 64);
      expect(free.take(192)).toBe(0);
      expect(free.bytes).toBe(0);
    },
  );

  it("cuts off what lies at the end", () => {
    const free = new FreeStretches();
    free.add(64, 64);
    free.add(256, 128);
    expect(free.cutEnd(512)).toBe(512);
    expect(free.cutEnd(384)).toBe(256);
    expect(free.cutEnd(128)).toBe(64);
    expect(free.bytes).toBe(0);
  });

  it("has nothing of stretches of no bytes", () => {
    const free = new FreeStretches();
    free.add(64, 0);
    expect(free.take(0)).toBeUndefined();
    expect(free.cutEnd(64)).toBe(64);
  });
});

import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../../nn/metrics/index.ts";
import { leastIfAllRight, noteTestSize } from "./test-size.ts";

type Counts = readonly number[];

const note = (train: Counts, test: Counts, origin: "random" | "fold" | "official" = "random") => {
  const part = (byClass: Counts) => ({
    clips: byClass.reduce((sum, count) => sum + count, 0),
    groups: 1,
    byClass,
  });
  const none = train.map(() => 0);
  return noteTestSize(
    { task: "classification", classNames: train.map((_, i) => `c${i}`) },
    { origin, parts: { train: part(train), validation: part(none), test: part(test) } },
  );
};

describe("the size of a test part", () => {
  it("is judged by the interval of the best result", () => {
    for (const count of [1, 2, 7, 35, 1000]) {
      expect(leastIfAllRight(count)).toBeCloseTo(wilsonInterval(count, count).low, 12);
    }
    // n / (n + 1.96²) is 0.8985 for 34 and 0.9011 for 35.
    expect(note([300, 300], [17, 17])).toContain("between 89 and 100 %");
    expect(note([300, 300], [18, 17])).toBeUndefined();
  });

  it("proposes what helps", () => {
    expect(note([45, 45], [5, 5])).toMatch(
      /Better: a larger share \(--split 0.6\/0.2\/0.2\) or cross-validation \(--fold/,
    );
    // A fifth of ten clips of a class would be two.
    expect(note([9, 45], [1, 5])).toMatch(/Better: cross-validation/);
    expect(note([30, 30], [15, 15])).toMatch(/Better: cross-validation/);
    expect(note([20, 20], [5, 5], "fold")).toMatch(/Better: the mean over all folds/);
    expect(note([300, 300], [1, 0], "official")).toMatch(
      /1 of 1 classified correctly.*Better: cross-validation/,
    );
  });

  it("looks at small classes beside large ones", () => {
    expect(note([300, 300, 9], [30, 30, 1])).toMatch(
      /at most 1 clip of "c2".*even 1 of 1 classified correctly mean .* 20 and 100/,
    );
    expect(note([300, 300, 19], [30, 30, 0])).toMatch(/no clip of "c2"/);
    expect(note([300, 300, 19], [30, 30, 1])).toBeUndefined();
    expect(note([300, 300, 8], [30, 30, 4])).toBeUndefined();
  });

  it("says nothing where nothing is tested, and no accuracy of numbers", () => {
    expect(note([5, 5], [0, 0])).toBeUndefined();
    const part = (clips: number) => ({ clips, groups: clips, byClass: [] });
    const parts = { train: part(90), validation: part(5), test: part(5) };
    const said = noteTestSize({ task: "regression", classNames: ["pitch"] }, { origin: "random", parts });
    expect(said).toMatch(/^The test part has 5 clips, too few for a reliable result. Better: a larger share/);
  });
});

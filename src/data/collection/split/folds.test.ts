import { describe, expect, it } from "vitest";
import { collectionOf } from "../../audio/testing/collections.ts";
import { foldsOf, splitByFold } from "./folds.ts";
import { findLeaks } from "./leaks.ts";

/** 12 groups of 5 clips of two classes. */
const collection = collectionOf(
  Array.from({ length: 60 }, (_, i) => ({ labels: [`c${i % 2}`], group: `g${Math.floor(i / 5)}` })),
);

describe("foldsOf", () => {
  it("divides groups evenly, the same for the same seed", () => {
    const folds = foldsOf(collection, 4, { seed: 1 });
    const groupsOf = (fold: number) =>
      new Set(collection.clips.filter((_, i) => folds[i] === fold).map(({ group }) => group));
    expect([0, 1, 2, 3].map((fold) => groupsOf(fold).size)).toEqual([3, 3, 3, 3]);
    expect(new Set([0, 1, 2, 3].flatMap((fold) => [...groupsOf(fold)])).size).toBe(12);
    expect(foldsOf(collection, 4, { seed: 1 })).toEqual(folds);
    expect(foldsOf(collection, 4, { seed: 2 })).not.toEqual(folds);
  });

  it("makes five where nothing is asked for, and gives each its share of every class", () => {
    const single = collectionOf(
      Array.from({ length: 100 }, (_, i) => ({ labels: [i % 4 === 0 ? "rare" : "often"] })),
    );
    const folds = foldsOf(single, undefined);
    for (let fold = 0; fold < 5; fold++) {
      const inFold = single.clips.filter((_, i) => folds[i] === fold);
      expect(inFold).toHaveLength(20);
      // 25 of 100 are rare.
      expect(inFold.filter(({ label }) => single.classNames[label] === "rare")).toHaveLength(5);
    }
  });

  it("keeps linked clips in one fold", () => {
    const links = [{ a: "0.wav", b: "59.wav" }];
    for (let seed = 0; seed < 5; seed++) {
      const folds = foldsOf(collection, 3, { seed, links });
      expect(folds[0]).toBe(folds[59]);
    }
  });

  it("takes the authors' folds, and no other number of them unless told", () => {
    const official = collectionOf(
      Array.from({ length: 12 }, (_, i) => ({ labels: [`c${i % 2}`], fold: Math.floor(i / 4) })),
    );
    expect([...foldsOf(official, undefined)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(foldsOf(official, 3)).toEqual(foldsOf(official, undefined));
    expect(() => foldsOf(official, 4)).toThrow(/its authors made 3; got k = 4/);
    expect(new Set(foldsOf(official, 4, { official: false })).size).toBe(4);
  });

  it("refuses numbers that make no sense, and more folds than groups", () => {
    for (const k of [1, 0, 2.5, NaN])
      expect(() => foldsOf(collection, k)).toThrow(/k must be a whole number/);
    expect(() => foldsOf(collection, 13)).toThrow(/its 60 clips make 12. Use fewer folds/);
  });
});

describe("splitByFold", () => {
  it("tests on one fold and validates on groups of the rest", () => {
    const folds = foldsOf(collection, 4);
    for (let fold = 0; fold < 4; fold++) {
      const split = splitByFold(collection, folds, fold, { fractions: [0.6, 0.2, 0.2] });
      expect(split.test).toEqual(collection.clips.filter((_, i) => folds[i] === fold));
      expect(findLeaks(split)).toEqual([]);
      // A quarter of 45, in groups of 5.
      expect(split.validation).toHaveLength(10);
      expect(split.report).toMatchObject({ origin: "fold", fold });
      expect(split.report.method).toContain(`fold ${fold + 1} held out for the test; validation taken`);
    }
  });

  it("refuses a fold without clips and folds of another collection", () => {
    const folds = foldsOf(collection, 4);
    expect(() => splitByFold(collection, folds, 4)).toThrow(/got 60 folds, none of them 4/);
    expect(() => splitByFold(collection, folds.subarray(1), 1)).toThrow(
      /its 60 clips is needed.*got 59 folds/,
    );
  });
});

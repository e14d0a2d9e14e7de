import { describe, expect, it } from "vitest";
import { collectionOf } from "../../audio/testing/collections.ts";
import { checkSplit, findConflicts, type SplitCheck } from "./check-split.ts";

function check(...parameters: Parameters<typeof checkSplit>): SplitCheck {
  const result = checkSplit(...parameters);
  if (typeof result === "string") throw new Error(result);
  return result;
}

const twenty = collectionOf(Array.from({ length: 20 }, (_, i) => ({ labels: [i % 2 ? "x" : "y"] })));
/** Each with the one ten further on, which is of the same class. */
const links = Array.from({ length: 10 }, (_, i) => ({ a: `${i}.wav`, b: `${i + 10}.wav` }));

describe("the check of a split", () => {
  it("tells what would leak, and that it does not where duplicates are known", () => {
    const { report, leaks, leaksUnlessLinked, leakedClips } = check(twenty, links, {
      fractions: [0.6, 0.2, 0.2],
      seed: 1,
    });
    expect(report.origin).toBe("random");
    expect(report.method).toContain("10 pairs of duplicates kept together, seed 1");
    expect(leaks).toEqual([]);
    expect(leaksUnlessLinked.length).toBeGreaterThan(0);
    expect(leaksUnlessLinked.every(({ kind }) => kind === "duplicate")).toBe(true);
    // Of eight clips in validation and test, at most that many; pairs within them do not count.
    const leaked = leakedClips.validation + leakedClips.test;
    expect(leaked).toBeGreaterThan(0);
    expect(leaked).toBeLessThanOrEqual(leaksUnlessLinked.length);
  });

  it("counts clips that training knows by others", () => {
    const split = collectionOf(
      ["train", "train", "test", "test", "validation"].map((role, i) => ({
        labels: [i % 2 ? "x" : "y"],
        split: role as "train" | "test" | "validation",
      })),
    );
    // 0 is in training, 2 is as 0, and 4 as 2; 3 is as nobody in training.
    const { leaks, leakedClips, report } = check(
      split,
      [
        { a: "0.wav", b: "2.wav" },
        { a: "2.wav", b: "4.wav" },
      ],
      {},
    );
    expect(report.origin).toBe("official");
    expect(leakedClips).toEqual({ validation: 1, test: 1 });
    expect(leaks.map(({ what, clips }) => [what, clips])).toEqual([
      ["0.wav = 2.wav", { train: 1, validation: 0, test: 1 }],
      ["2.wav = 4.wav", { train: 0, validation: 1, test: 1 }],
    ]);
    // A split of one's own keeps them together.
    const own = check(split, [{ a: "0.wav", b: "2.wav" }], { official: false, fractions: [0.6, 0, 0.4] });
    expect(own.leaks).toEqual([]);
  });

  it("says why there can be no split", () => {
    const two = collectionOf([{ labels: ["x"] }, { labels: ["y"] }]);
    expect(checkSplit(two, [], {})).toMatch(/^split "made": nothing is left for the test part/);
  });
});

describe("conflicts", () => {
  it("are duplicates of different classes, tags or numbers", () => {
    const pairs = [
      { a: "0.wav", b: "1.wav" },
      { a: "0.wav", b: "2.wav" },
    ];
    const classes = collectionOf([{ labels: ["x"] }, { labels: ["x"] }, { labels: ["y"] }]);
    expect(findConflicts(classes, pairs)).toEqual([{ a: "0.wav", b: "2.wav", labelOfA: "x", labelOfB: "y" }]);
    const tags = collectionOf([{ labels: ["x", "y"] }, { labels: ["y", "x"] }, { labels: [] }], "tagging");
    expect(findConflicts(tags, pairs)).toEqual([
      { a: "0.wav", b: "2.wav", labelOfA: "x, y", labelOfB: "none" },
    ]);
    const numbers = collectionOf([{ numbers: [60] }, { numbers: [60] }, { numbers: [61.5] }], "regression");
    expect(findConflicts(numbers, pairs)).toEqual([
      { a: "0.wav", b: "2.wav", labelOfA: "n0 60", labelOfB: "n0 61.5" },
    ]);
  });
});

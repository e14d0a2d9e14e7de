import { describe, expect, it } from "vitest";
import { AuricleError } from "../../../errors.ts";
import type { AudioClip, AudioCollection } from "../../audio/collection.ts";
import { collectionOf } from "../../audio/testing/collections.ts";
import { findLeaks } from "./leaks.ts";
import type { SplitFractions } from "./parts.ts";
import { splitCollection, type CollectionSplit } from "./split-collection.ts";

/** So many clips of each class, each a group of its own. */
function classes(...counts: readonly number[]): AudioCollection {
  return collectionOf(
    counts.flatMap((count, label) => Array.from({ length: count }, () => ({ labels: [`c${label}`] }))),
  );
}

const sizes = ({ train, validation, test }: CollectionSplit) => [
  train.length,
  validation.length,
  test.length,
];

const byClass = ({ report: { parts } }: CollectionSplit) => [
  parts.train.byClass,
  parts.validation.byClass,
  parts.test.byClass,
];

const ids = (clips: readonly AudioClip[]) => clips.map(({ id }) => id);

describe("a random split of clips that stand for themselves", () => {
  it("gives every part its share of every class, exactly where that is whole", () => {
    const split = splitCollection(classes(100, 40, 20));
    // 85, 10 and 5 % of 100, 40 and 20.
    expect(byClass(split)).toEqual([
      [85, 34, 17],
      [10, 4, 2],
      [5, 2, 1],
    ]);
    expect(split.report).toMatchObject({ origin: "random", leaks: [], warnings: [] });
    expect(split.report.method).toBe("at random (0.85 / 0.1 / 0.05), by group, stratified, seed 0");
  });

  it("puts every clip into one part, in the collection's order", () => {
    const collection = classes(30, 30);
    const split = splitCollection(collection);
    const all = [...ids(split.train), ...ids(split.validation), ...ids(split.test)];
    expect([...all].sort()).toEqual([...ids(collection.clips)].sort());
    const place = new Map(collection.clips.map(({ id }, i) => [id, i]));
    const order = ids(split.train).map((id) => place.get(id) ?? -1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it("carries what rounding leaves over from class to class", () => {
    // 20 classes of 7: 5 % of each is a third of a clip, of all 140 it is 7.
    const split = splitCollection(classes(...new Array<number>(20).fill(7)));
    expect(sizes(split)).toEqual([119, 14, 7]);
    expect(Math.max(...split.report.parts.test.byClass)).toBe(1);
  });

  it("is the same for the same seed and another for another", () => {
    const collection = classes(50, 50);
    const of = (seed: number) => ids(splitCollection(collection, { seed }).test);
    expect(of(3)).toEqual(of(3));
    expect(ids(splitCollection(collection).test)).toEqual(of(0));
    expect(of(3)).not.toEqual(of(4));
  });

  it("takes other fractions, and leaves a part with 0 empty", () => {
    expect(sizes(splitCollection(classes(50, 50), { fractions: [0.7, 0.15, 0.15] }))).toEqual([70, 15, 15]);
    expect(sizes(splitCollection(classes(50, 50), { fractions: [0.8, 0.2, 0] }))).toEqual([80, 20, 0]);
    expect(sizes(splitCollection(classes(5, 5), { fractions: [1, 0, 0] }))).toEqual([10, 0, 0]);
  });

  it.each<{ fractions: SplitFractions }>([
    { fractions: [0.5, 0.6, 0] },
    { fractions: [0, 0.5, 0.5] },
    { fractions: [1.2, -0.2, 0] },
    { fractions: [NaN, 0.5, 0.5] },
  ])("refuses %j", ({ fractions }) => {
    expect(() => splitCollection(classes(5, 5), { fractions })).toThrow(/have the sum 1; got \[/);
  });

  it("without strata mixes the classes as they come", () => {
    const split = splitCollection(classes(90, 10), { stratify: false, fractions: [0.5, 0.5, 0] });
    expect(sizes(split)).toEqual([50, 50, 0]);
    expect(split.report.method).toBe("at random (0.5 / 0.5 / 0), by group, seed 0");
  });

  it("splits a large collection", () => {
    const split = splitCollection(classes(15_000, 5_000));
    expect(sizes(split)).toEqual([17_000, 2_000, 1_000]);
  });
});

describe("a split of few clips", () => {
  it("leaves each class something to train on and each part something at all", () => {
    for (let seed = 0; seed < 10; seed++) {
      const split = splitCollection(classes(5, 5, 1), { seed });
      expect(Math.min(...split.report.parts.train.byClass)).toBeGreaterThan(0);
      expect(Math.min(...sizes(split))).toBeGreaterThan(0);
    }
  });

  it("names the classes of which a part has nothing", () => {
    const { report } = splitCollection(classes(40, 1));
    expect(report.warnings).toEqual([
      'The validation part has no clip of "c1": its results do not cover them.',
      'The test part has no clip of "c1": its results do not cover them.',
    ]);
  });

  it("says what to do where that is impossible", () => {
    const lonely = classes(...new Array<number>(10).fill(1));
    expect(() => splitCollection(lonely)).toThrow(AuricleError);
    expect(() => splitCollection(lonely)).toThrow(
      /nothing is left for the validation part.*training needs each class once.*Add recordings, or set the fraction of/,
    );
    expect(() => splitCollection(classes(1, 1))).toThrow(/the 2 clips make 2 that can be divided/);
    expect(sizes(splitCollection(lonely, { fractions: [1, 0, 0] }))).toEqual([10, 0, 0]);
  });
});

describe("a split by group", () => {
  /** 20 speakers who say each of three words so often. */
  const speakers = collectionOf(
    Array.from({ length: 20 }, (_, speaker) =>
      [0, 1, 2].flatMap((word) =>
        Array.from({ length: 1 + (speaker % 4) }, () => ({ labels: [`word${word}`], group: `s${speaker}` })),
      ),
    ).flat(),
  );

  it("keeps groups together and the shares near what is asked for", () => {
    for (let seed = 0; seed < 5; seed++) {
      const split = splitCollection(speakers, { seed, fractions: [0.6, 0.2, 0.2] });
      expect(findLeaks(split)).toEqual([]);
      // 150 clips; the largest group has 12, so a part can miss its share by no more than a group.
      expect(Math.abs(split.train.length - 90)).toBeLessThanOrEqual(12);
      expect(Math.abs(split.test.length - 30)).toBeLessThanOrEqual(12);
      const { train, validation, test } = split.report.parts;
      expect(train.groups + validation.groups + test.groups).toBe(20);
    }
  });

  it("keeps parts of one file together though they are in different groups", () => {
    const parts = collectionOf(
      Array.from({ length: 40 }, (_, i) => ({
        name: `${i}`,
        path: `/data/file${Math.floor(i / 4)}.wav`,
        group: `part${i}`,
        labels: [`c${i % 2}`],
      })),
    );
    expect(findLeaks(splitCollection(parts, { fractions: [0.5, 0.3, 0.2] }))).toEqual([]);
  });

  it("keeps linked clips together with the groups of both, also through others", () => {
    const collection = collectionOf(
      Array.from({ length: 30 }, (_, i) => ({ labels: [`c${i % 2}`], group: `g${Math.floor(i / 2)}` })),
    );
    // Clip 0 is of group 0, 2 of 1, 3 of 1, 5 of 2: the links join the groups 0, 1 and 2.
    const links = [
      { a: "0.wav", b: "2.wav" },
      { a: "5.wav", b: "3.wav" },
      { a: "nowhere.wav", b: "7.wav" },
    ];
    for (let seed = 0; seed < 10; seed++) {
      const split = splitCollection(collection, { seed, links, fractions: [0.4, 0.3, 0.3] });
      const holding = [split.train, split.validation, split.test].map(
        (part) => part.filter(({ group }) => ["g0", "g1", "g2"].includes(group)).length,
      );
      expect([...holding].sort()).toEqual([0, 0, 6]);
      expect(split.report.method).toContain("3 pairs of duplicates kept together");
    }
  });

  it("refuses to take groups apart unless it is forced, and then says so", () => {
    const attempt = () => splitCollection(speakers, { groups: false });
    expect(attempt).toThrow(
      /it would leak.*group "s\d+" \(train \d+, .*force the split \(--force-split\), which every report/,
    );
    const { report } = splitCollection(speakers, { groups: false, force: true });
    expect(report.leaks.length).toBeGreaterThan(0);
    expect(report.leaks[0]).toMatchObject({ kind: "group" });
    expect(report.warnings[0]).toMatch(/^This split was forced: \d+ groups.* too optimistic/);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe("a stratified split of several tags and of numbers", () => {
  it("gives each part its share of each tag, and of clips without any", () => {
    // Of 400 clips half have tag a, a quarter b, a tenth c, independently; the rest none.
    const collection = collectionOf(
      Array.from({ length: 400 }, (_, i) => ({
        labels: [...(i % 2 ? ["a"] : []), ...(i % 4 < 1 ? ["b"] : []), ...(i % 10 < 1 ? ["c"] : [])],
      })),
      "tagging",
    );
    const split = splitCollection(collection, { fractions: [0.5, 0.25, 0.25] });
    const wanted = [
      [100, 50, 20],
      [50, 25, 10],
      [50, 25, 10],
    ];
    // Tags overlap, so one clip more or less may be needed.
    sizes(split).forEach((size, i) => expect(Math.abs(size - [200, 100, 100][i])).toBeLessThanOrEqual(1));
    byClass(split).forEach((counts, i) =>
      counts.forEach((count, tag) => expect(Math.abs(count - wanted[i][tag])).toBeLessThanOrEqual(1)),
    );
  });

  it("gives each part the same range of numbers", () => {
    const collection = collectionOf(
      Array.from({ length: 200 }, (_, i) => ({ numbers: [(i * 37) % 200] })),
      "regression",
    );
    const split = splitCollection(collection, { fractions: [0.5, 0.25, 0.25] });
    expect(sizes(split)).toEqual([100, 50, 50]);
    // Ten bins of 20 values, of which each part of a quarter gets 5.
    for (const part of [split.validation, split.test]) {
      const bins = new Array<number>(10).fill(0);
      for (const { target } of part) bins[Math.floor(target[0] / 20)]++;
      expect(bins).toEqual(new Array<number>(10).fill(5));
    }
    expect(split.report.parts.train.byClass).toEqual([]);
    expect(split.report.warnings).toEqual([]);
  });

  it("can split numbers that are all the same, and several numbers", () => {
    const same = collectionOf(
      Array.from({ length: 40 }, () => ({ numbers: [7] })),
      "regression",
    );
    expect(sizes(splitCollection(same))).toEqual([34, 4, 2]);
    const two = collectionOf(
      Array.from({ length: 40 }, (_, i) => ({ numbers: [i, -i] })),
      "regression",
    );
    expect(sizes(splitCollection(two))).toEqual([34, 4, 2]);
  });
});

describe("an official split", () => {
  const entry = (split: "train" | "validation" | "test" | undefined, i: number) => ({
    labels: [`c${i % 2}`],
    ...(split && { split }),
  });
  const times = (count: number, split: "train" | "validation" | "test" | undefined) =>
    Array.from({ length: count }, (_, i) => entry(split, i));

  it("is taken as it is", () => {
    const collection = collectionOf([...times(4, "train"), ...times(3, "validation"), ...times(2, "test")]);
    const split = splitCollection(collection);
    expect(sizes(split)).toEqual([4, 3, 2]);
    expect(split.report).toMatchObject({ origin: "official", method: "official" });
    expect(sizes(splitCollection(collection, { official: false, fractions: [1, 0, 0] }))).toEqual([9, 0, 0]);
  });

  it("without validation takes that from training, by group, and leaves the test part alone", () => {
    const train = Array.from({ length: 60 }, (_, i) => ({
      labels: [`c${i % 2}`],
      group: `g${Math.floor(i / 4)}`,
      split: "train" as const,
    }));
    const collection = collectionOf([...train, ...times(10, "test")]);
    const split = splitCollection(collection, { fractions: [0.6, 0.2, 0.2] });
    expect(ids(split.test)).toEqual(ids(collection.clips.slice(60)));
    // 0.2 / 0.8 of 60 are 15; groups have 4 clips.
    expect(split.validation.length).toBeGreaterThanOrEqual(12);
    expect(split.validation.length).toBeLessThanOrEqual(16);
    expect(findLeaks(split)).toEqual([]);
    expect(split.report.method).toBe(
      "official; validation taken from the rest at random, by group, stratified, seed 0",
    );
  });

  it("without a test part takes that from training too", () => {
    const split = splitCollection(collectionOf([...times(95, "train"), ...times(10, "validation")]), {
      fractions: [0.9, 0.05, 0.05],
    });
    // 0.05 / 0.95 of 95 are 5.
    expect(sizes(split)).toEqual([90, 10, 5]);
  });

  it("must have training, and be there for all clips or none", () => {
    expect(() => splitCollection(collectionOf(times(4, "test")))).toThrow(/has no training part/);
    const some = collectionOf([...times(4, "train"), ...times(2, undefined)]);
    expect(() => splitCollection(some)).toThrow(/2 of 6 clips have no official part, for example "4.wav"/);
    expect(splitCollection(some, { official: false, fractions: [0.5, 0.5, 0] }).train).toHaveLength(3);
  });

  it("that leaks is refused, unless its authors are known to have made it so", () => {
    const shared = [
      { labels: ["a"], group: "Anna", split: "train" as const },
      { labels: ["b"], split: "train" as const },
      { labels: ["a"], group: "Anna", split: "validation" as const },
      { labels: ["b"], split: "test" as const },
    ];
    const collection = collectionOf(shared);
    expect(() => splitCollection(collection)).toThrow(/group "Anna" \(train 1, validation 1\)/);
    const known = { ...collection, officialLeaks: "Anna is everywhere." };
    const { report } = splitCollection(known);
    expect(report.leaks).toHaveLength(1);
    expect(report.warnings[0]).toBe("Anna is everywhere.");
    expect(() =>
      splitCollection(known, { official: false, groups: false, fractions: [0.5, 0.25, 0.25] }),
    ).toThrow(/leak|nothing is left/);
  });

  it("is refused where a link crosses it", () => {
    const collection = collectionOf([...times(4, "train"), ...times(2, "validation"), ...times(2, "test")]);
    const links = [{ a: "1.wav", b: "7.wav" }];
    expect(() => splitCollection(collection, { links })).toThrow(
      /duplicate "1.wav = 7.wav" \(train 1, test 1\)/,
    );
    expect(splitCollection(collection, { links, force: true }).report.leaks).toEqual([
      { kind: "duplicate", what: "1.wav = 7.wav", clips: { train: 1, validation: 0, test: 1 } },
    ]);
  });
});

describe("findLeaks", () => {
  const clip = (id: string, group: string, path = `/${id}`): AudioClip => ({
    id,
    path,
    start: 0,
    end: undefined,
    target: Float32Array.of(1),
    label: 0,
    group,
    split: undefined,
  });

  it("finds groups, files and pairs in several parts", () => {
    const parts = {
      train: [clip("a", "g"), clip("b", "h"), clip("c", "i", "/file")],
      validation: [clip("d", "g"), clip("e", "g")],
      test: [clip("f", "j", "/file"), clip("x", "k")],
    };
    expect(
      findLeaks(parts, [
        { a: "b", b: "x" },
        { a: "d", b: "e" },
        { a: "b", b: "elsewhere" },
      ]),
    ).toEqual([
      { kind: "group", what: "g", clips: { train: 1, validation: 2, test: 0 } },
      { kind: "recording", what: "/file", clips: { train: 1, validation: 0, test: 1 } },
      { kind: "duplicate", what: "b = x", clips: { train: 1, validation: 0, test: 1 } },
    ]);
  });

  it("names a file once where its parts are of one group", () => {
    const parts = { train: [clip("a", "g", "/f")], validation: [], test: [clip("b", "g", "/f")] };
    expect(findLeaks(parts).map(({ kind }) => kind)).toEqual(["group"]);
  });
});

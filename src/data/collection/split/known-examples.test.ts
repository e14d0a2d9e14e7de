import { describe, expect, it } from "vitest";
import type { Example } from "../collection.ts";
import { collectionOf } from "../../audio/testing/collections.ts";
import { foldsOf, splitByFold } from "./folds.ts";
import type { KnownExamples, KnownRole } from "./known-examples.ts";
import { splitCollection, type CollectionSplit } from "./split-collection.ts";

/** 40 clips of two classes. */
const collection = collectionOf(Array.from({ length: 40 }, (_, i) => ({ labels: [`c${i % 2}`] })));

const ids = (clips: readonly Example[]) => clips.map(({ id }) => id);
const sizes = ({ train, validation, test }: CollectionSplit) => [
  train.length,
  validation.length,
  test.length,
];

/** Returns the clips known to weights that were trained and selected with a split: its training and validation clips. */
function knownBy({ train, validation }: CollectionSplit): KnownExamples {
  return new Map<string, KnownRole>([
    ...ids(train).map((id) => [id, "train"] as const),
    ...ids(validation).map((id) => [id, "validation"] as const),
  ]);
}

describe("a split of clips of which the first weights know some", () => {
  it("is that of the other training where the shares are the same, whatever the seed", () => {
    const fractions = [0.5, 0.25, 0.25] as const;
    const first = splitCollection(collection, { fractions });
    for (let seed = 0; seed < 10; seed++) {
      const second = splitCollection(collection, { fractions, seed, known: knownBy(first) });
      expect(ids(second.test)).toEqual(ids(first.test));
      expect(ids(second.train)).toEqual(ids(first.train));
      expect(second.report).toMatchObject({ leaks: [], known: { train: 20, validation: 10 } });
      expect(second.report.method).toContain("30 clips known to the initial weights kept out of the test");
    }
  });

  it("gives the parts their shares of all clips, as far as that goes", () => {
    const known = new Map(ids(collection.clips.slice(0, 20)).map((id) => [id, "train"] as const));
    expect(sizes(splitCollection(collection, { fractions: [0.6, 0.2, 0.2], known }))).toEqual([24, 8, 8]);
    expect(sizes(splitCollection(collection, { fractions: [0.4, 0.3, 0.3], known }))).toEqual([20, 10, 10]);
  });

  it("takes along what must stay with them", () => {
    const grouped = collectionOf(
      Array.from({ length: 40 }, (_, i) => ({ labels: [`c${i % 2}`], group: `g${i >> 2}` })),
    );
    const [one, two] = [grouped.clips[0].id, grouped.clips[7].id];
    const known = new Map<string, KnownRole>([
      [one, "train"],
      [two, "validation"],
    ]);
    const links = [{ a: one, b: grouped.clips[39].id }];
    const options = { fractions: [0.4, 0.3, 0.3] as const, known, links };
    for (let seed = 0; seed < 10; seed++) {
      const { train, test } = splitCollection(grouped, { ...options, seed });
      const trained = new Set(ids(train));
      for (const clip of [0, 1, 2, 3, 36, 37, 38, 39]) expect(trained.has(grouped.clips[clip].id)).toBe(true);
      for (const clip of [4, 5, 6, 7]) expect(ids(test)).not.toContain(grouped.clips[clip].id);
    }
  });

  it("is refused where nothing is left to test on, and says what to do", () => {
    const known = new Map(ids(collection.clips).map((id) => [id, "train"] as const));
    expect(() => splitCollection(collection, { known })).toThrow(
      /nothing is left for the validation part: of its 40 clips, the initial weights were trained on 40 and selected on 0 .*Add other recordings, set the fraction of validation to 0, or start from new weights$/,
    );
    expect(sizes(splitCollection(collection, { fractions: [1, 0, 0], known }))).toEqual([40, 0, 0]);
    const chosen = new Map(ids(collection.clips).map((id) => [id, "validation"] as const));
    expect(() => splitCollection(collection, { known: chosen })).toThrow(/nothing is left for the test part/);
  });

  it("that the authors made is refused where it tests on them, unless it is forced, which is told", () => {
    const official = collectionOf(
      Array.from({ length: 40 }, (_, i) => ({
        labels: [`c${i % 2}`],
        split: i < 8 ? ("test" as const) : ("train" as const),
      })),
    );
    const known = new Map<string, KnownRole>([
      ["0.wav", "train"],
      ["1.wav", "validation"],
      ["9.wav", "train"],
    ]);
    for (const one of [official, { ...official, officialLeaks: "They share singers." }]) {
      expect(() => splitCollection(one, { known })).toThrow(
        /it would leak.*known to the initial weights, "0\.wav" \(train 1, test 1\); .*known to the initial weights, "1\.wav" \(validation 1, test 1\)\. Make a new split/,
      );
    }
    const { report } = splitCollection(official, { known, force: true });
    expect(report.leaks.map(({ kind, what }) => `${kind} ${what}`)).toEqual(["known 0.wav", "known 1.wav"]);
    expect(report.warnings[0]).toMatch(
      /^This split was forced: the initial weights were trained or selected on 2 of its test/,
    );
    expect(ids(splitCollection(official, { known: new Map([["9.wav", "train"]]) }).test)).toHaveLength(8);
  });
});

describe("a fold of clips of which the first weights know some", () => {
  it("leaves them out of the test, and is refused where nothing else is in it", () => {
    const folds = foldsOf(collection, 4);
    const first = splitByFold(collection, folds, 0);
    const known = knownBy(first);
    const again = splitByFold(collection, folds, 0, { seed: 5, known });
    expect(ids(again.test)).toEqual(ids(first.test));
    expect(() => splitByFold(collection, folds, 1, { known })).toThrow(/nothing is left for the test part/);
    const some = new Map(ids(first.test.slice(0, 4)).map((id) => [id, "train"] as const));
    const rest = splitByFold(collection, folds, 0, { known: some });
    expect(ids(rest.test)).toEqual(ids(first.test.slice(4)));
    for (const id of some.keys()) expect(ids(rest.train)).toContain(id);
  });

  it("of the authors' is refused where it has such clips", () => {
    const numbers = collection.clips.map((_, i) => (i >> 1) % 4);
    const official = { ...collection, folds: numbers };
    const folds = foldsOf(official, undefined);
    const known = knownBy(splitByFold(official, folds, 0));
    expect(splitByFold(official, folds, 0, { known }).test).toHaveLength(10);
    expect(() => splitByFold(official, folds, 1, { known })).toThrow(/it would leak/);
  });
});

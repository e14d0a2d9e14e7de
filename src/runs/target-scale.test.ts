import { expect, it } from "vitest";
import { collectionOf } from "../data/audio/testing/collections.ts";
import { TargetScale } from "./target-scale.ts";

const { clips } = collectionOf(
  [{ numbers: [1, 7] }, { numbers: [5, 7] }, { numbers: [3, 7] }, { numbers: [3, 7] }],
  "regression",
);

it("is the mean and deviation of each number", () => {
  // (4 + 4 + 0 + 0) / 4 = 2; a number that never changes has no deviation to divide by.
  expect(TargetScale.of(clips).scale).toEqual([
    { mean: 3, deviation: Math.SQRT2 },
    { mean: 7, deviation: 1 },
  ]);
});

it("gives clips targets with mean 0 and deviation 1, and leaves the clips as they were", () => {
  const scaled = TargetScale.of(clips).standardiseExamples(clips);
  expect(scaled.map(({ target }) => target[0])).toEqual(
    [-Math.SQRT2, Math.SQRT2, 0, 0].map((value) => Math.fround(value)),
  );
  expect(scaled.map(({ target }) => target[1])).toEqual([0, 0, 0, 0]);
  expect(scaled[0]).toMatchObject({ id: clips[0].id, path: clips[0].path });
  expect(Array.from(clips[0].target)).toEqual([1, 7]);
});

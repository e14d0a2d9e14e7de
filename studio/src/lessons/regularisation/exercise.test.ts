import { expect, it } from "vitest";
import { meanAndDeviation } from "../../figures/histogram.ts";
import { missingIn } from "./exercise.ts";
import { followBatches } from "./mechanisms.ts";

const VALUES = Float32Array.from({ length: 400 }, (_, i) => 1 + Math.sin(1.3 * i * i));

function measured(batch: number) {
  const options = { batchSize: batch, momentum: 0.9, steps: 200, seed: 1 };
  const { batchMeans, deviation } = followBatches(VALUES, options);
  return { batch, strays: meanAndDeviation(batchMeans).deviation, deviation };
}

it("is solved by a rate of 0.75 and batches of 32, and by neither alone", () => {
  expect(missingIn(0.75, measured(32))).toBeUndefined();
  expect(missingIn(0.25, measured(32))).toContain("1.33");
  expect(missingIn(0.75, measured(16))).toContain("batches of 16");
  expect(missingIn(0.75, measured(64))).toContain("batches of 64");
  expect(missingIn(0.75, undefined)).toContain("Batch statistics");
});

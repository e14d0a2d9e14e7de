import { findLearningRate } from "auricle";
import { expect, it } from "vitest";
import { drawDigits, pickDigits } from "../digits.ts";
import { BATCH_SIZE, networkOf } from "./networks.ts";
import { OPTIMIZER_NAMES, OPTIMIZERS } from "./optimizers.ts";

it("begins alike under each optimizer, and learns at the rates that the lesson begins with", async () => {
  const digits = await drawDigits("train", 4 * BATCH_SIZE);
  const batches = [0, 1, 2, 3].map((i) =>
    pickDigits(
      digits,
      Array.from({ length: BATCH_SIZE }, (_, j) => i * BATCH_SIZE + j),
    ),
  );
  const first: number[] = [];
  for (const name of OPTIMIZER_NAMES) {
    const model = networkOf(OPTIMIZERS[name].make(name === "sgd" || name === "momentum" ? 0.01 : 0.001), 1);
    const losses: number[] = [];
    for (let step = 0; step < 24; step++) {
      const { pictures, labels } = batches[step % 4];
      losses.push((await model.trainOnBatch(pictures, labels)).loss);
    }
    first.push(losses[0]);
    expect(losses[20], name).toBeLessThan(losses[0]);
  }
  expect(new Set(first).size).toBe(1);
});

it("the range test finds a rate between its ends, and leaves the network as it was", async () => {
  const { pictures, labels } = await drawDigits("train", 200);
  const model = networkOf(OPTIMIZERS.adam.make(1e-3), 1);
  const before = model.getWeights().get("dense_1/kernel")?.data;
  const curve = await findLearningRate(model, [pictures, labels], {
    minLearningRate: 1e-5,
    maxLearningRate: 10,
    steps: 60,
    batchSize: BATCH_SIZE,
  });
  expect(curve.suggestion).toBeGreaterThan(1e-5);
  expect(curve.suggestion).toBeLessThan(1);
  expect(model.getWeights().get("dense_1/kernel")?.data).toEqual(before);
});

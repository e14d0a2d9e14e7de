import { expect, it } from "vitest";
import { drawDigits, PIXELS } from "../digits.ts";
import { meanAndDeviation } from "../../figures/histogram.ts";
import { epochBatches, figuresOf, networkOf } from "./networks.ts";

it("digits have mean 0 and deviation 1, within 3 %", async () => {
  const { pictures } = await drawDigits("train", 1000);
  const { mean, deviation } = meanAndDeviation(pictures.data);
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(deviation - 1)).toBeLessThan(0.03);
});

it("each epoch takes whole batches of different examples, in another order", async () => {
  const digits = await drawDigits("train", 25);
  const first = epochBatches(digits, 8, 1, 0);
  expect(first.map(({ labels }) => labels.data.length)).toEqual([8, 8, 8]);
  const pictures = first.flatMap(({ pictures: { data } }) =>
    Array.from({ length: 8 }, (_, i) => data.subarray(i * PIXELS, (i + 1) * PIXELS).join()),
  );
  expect(new Set(pictures).size).toBe(24);
  expect(epochBatches(digits, 8, 1, 1)[0].labels.data).not.toEqual(first[0].labels.data);
  expect(epochBatches(digits, 64, 1, 0)).toHaveLength(1);
});

it("learns twenty digits by heart without dropout, and less so with it", async () => {
  const [training, validation] = [await drawDigits("train", 20), await drawDigits("test", 100)];
  const after = async (variant: "plain" | "dropout") => {
    const model = networkOf({ variant, rate: 0.8, seed: 1 });
    for (let epoch = 0; epoch < 15; epoch++) {
      for (const batch of epochBatches(training, 10, 1, epoch))
        await model.trainOnBatch(batch.pictures, batch.labels);
    }
    return figuresOf(model, training, validation);
  };
  const plain = await after("plain");
  expect(plain.trainingLoss).toBeLessThan(0.1);
  expect(plain.validationLoss).toBeGreaterThan(10 * plain.trainingLoss);
  const dropped = await after("dropout");
  expect(dropped.trainingLoss).toBeGreaterThan(plain.trainingLoss);
});

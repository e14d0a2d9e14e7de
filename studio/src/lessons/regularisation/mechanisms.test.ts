import { expect, it } from "vitest";
import { meanAndDeviation } from "../../figures/histogram.ts";
import { drawDropout, EPSILON, followBatches } from "./mechanisms.ts";

const VALUES = Float32Array.from({ length: 400 }, (_, i) => 2 + Math.sin(1.3 * i) + Math.cos(0.7 * i * i));

it.each([0.1, 0.5, 0.75])("dropout at %d sets values to 0, and divides the others by 1 - rate", (rate) => {
  const { mask, output } = drawDropout(VALUES, rate, 3);
  VALUES.forEach((value, i) => {
    expect([0, Math.fround(1 / (1 - rate))]).toContain(mask[i]);
    expect(output[i]).toBeCloseTo(mask[i] === 0 ? 0 : value / (1 - rate), 5);
  });
  // Binomial: five standard deviations.
  const dropped = mask.filter((value) => value === 0).length;
  expect(Math.abs(dropped - 400 * rate)).toBeLessThan(5 * Math.sqrt(400 * rate * (1 - rate)));
});

it("dropout's draws differ, and their mean approaches the values", () => {
  expect(drawDropout(VALUES, 0.5, 1).mask).not.toEqual(drawDropout(VALUES, 0.5, 2).mask);
  expect(drawDropout(VALUES, 0.5, 2).mask).toEqual(drawDropout(VALUES, 0.5, 2).mask);
  const two = drawDropout(VALUES, 0.5, 2);
  const one = drawDropout(VALUES, 0.5, 1);
  two.mean.forEach((mean, i) => expect(mean).toBeCloseTo((one.output[i] + two.output[i]) / 2, 5));
  // A draw's variance is value² · rate / (1 - rate) = value²; 400 draws leave a 20th of its root; five of these.
  const { mean } = drawDropout(VALUES, 0.5, 400);
  VALUES.forEach((value, i) => expect(Math.abs(mean[i] - value)).toBeLessThan((5 * Math.abs(value)) / 20));
});

it("dropout at 0 changes nothing", () => {
  expect(drawDropout(VALUES, 0, 1).output).toEqual(VALUES);
});

it("normalises by the batch in training and by running statistics in inference, as the formulas say", () => {
  const values = VALUES.subarray(0, 2);
  // A batch of the first value and the second, always: its mean and variance are known.
  const mean = (values[0] + values[1]) / 2;
  const variance = (values[0] - mean) ** 2;
  const found = followBatches(values, { batchSize: 2, momentum: 0.8, steps: 3, seed: 1 });
  let [runningMean, runningVariance] = [0, 1];
  for (let step = 0; step < 3; step++) {
    runningMean = 0.8 * runningMean + 0.2 * mean;
    runningVariance = 0.8 * runningVariance + 0.2 * variance;
    expect(found.batchMeans[step]).toBeCloseTo(mean, 5);
    expect(found.runningMeans[step]).toBeCloseTo(runningMean, 5);
    expect(found.inTraining[step]).toBeCloseTo((values[0] - mean) / Math.sqrt(variance + EPSILON), 4);
  }
  expect(found.inInference).toBeCloseTo((values[0] - runningMean) / Math.sqrt(runningVariance + EPSILON), 4);
  expect(found.mean).toBeCloseTo(mean, 5);
});

it("the batches' means stray as deviation / √batch size, within a quarter; a batch of one gives 0", () => {
  for (const batchSize of [4, 16, 64]) {
    const { batchMeans, deviation } = followBatches(VALUES, {
      batchSize,
      momentum: 0.9,
      steps: 300,
      seed: 2,
    });
    const strays = meanAndDeviation(batchMeans).deviation;
    // One of the batch is always the same.
    const wanted = (deviation * Math.sqrt(batchSize - 1)) / batchSize;
    expect(strays / wanted).toBeGreaterThan(0.75);
    expect(strays / wanted).toBeLessThan(1.25);
  }
  const { inTraining } = followBatches(VALUES, { batchSize: 1, momentum: 0.9, steps: 5, seed: 2 });
  expect([...inTraining]).toEqual([0, 0, 0, 0, 0]);
});

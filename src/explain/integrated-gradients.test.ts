/** @file Integrated gradients: closed forms, and the sum that they add up to. */
import { describe, expect, it } from "vitest";
import { dense, sequential } from "../nn/index.ts";
import { modelNamed } from "../models/index.ts";
import { Model } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { gaussLegendre } from "./gauss-legendre.ts";
import { integratedGradients } from "./index.ts";
import { branched, normal, smoothClassifier, withOddWeights } from "./testing/models.ts";

describe("quadrature", () => {
  it.each([1, 2, 5, 32, 512])("of %i places is exact for polynomials below twice that degree", (count) => {
    const { places, weights } = gaussLegendre(count);
    for (const degree of [0, 1, Math.min(2 * count - 1, 40)]) {
      const sum = places.reduce((total, place, i) => total + weights[i] * place ** degree, 0);
      expect(sum).toBeCloseTo(1 / (degree + 1), 13);
    }
  });

  it("of two places lies at (1 ± 1/√3) / 2", () => {
    const { places, weights } = gaussLegendre(2);
    expectClose(places, [0.5 - 0.5 / Math.sqrt(3), 0.5 + 0.5 / Math.sqrt(3)], 1e-15, "places");
    expectClose(weights, [0.5, 0.5], 1e-15, "weights");
  });
});

it("of a linear model they are weight times distance from the baseline, whatever the steps", async () => {
  const model = sequential([dense({ units: 1, inputShape: [3], name: "sum" })], { threads: 1 });
  model.setWeights({ "sum/kernel": floatArray([2, -1, 4], [3, 1]), "sum/bias": floatArray([7], [1]) });
  const x = floatArray([1, 2, 3, 0, 0, 1], [2, 3]);
  const { values, completeness, scores } = await integratedGradients(model, x, { baseline: 1, steps: 1 });
  expectClose(values.data, [0, -1, 8, -2, 1, 0], 1e-6, "attributions");
  expect(scores).toEqual([19, 11]);
  expect(completeness[0]).toMatchObject({ difference: 7, steps: 1, isWithin: true });
  expect(completeness[0].sum).toBeCloseTo(7, 6);
});

it("of tanh(a + b) they share its value in the proportion of a and b, within 1e-5", async () => {
  // The path's integral of the slope is tanh(a + b) / (a + b).
  const model = sequential([dense({ units: 1, activation: "tanh", inputShape: [2], name: "t" })], {
    threads: 1,
  });
  model.setWeights({ "t/kernel": floatArray([1, 1], [2, 1]), "t/bias": floatArray([0], [1]) });
  const { values } = await integratedGradients(model, floatArray([0.5, 1.5], [1, 2]));
  expectClose(values.data, [0.25 * Math.tanh(2), 0.75 * Math.tanh(2)], 1e-5, "attributions");
});

it("a baseline may be arrays, one for all or one for each", async () => {
  const x = normal([3, 6, 5, 2]);
  const one = normal([1, 6, 5, 2], 5);
  const each = { shape: x.shape, data: Float32Array.from({ length: 180 }, (_, i) => one.data[i % 60]) };
  const ofOne = await integratedGradients(smoothClassifier(), x, { baseline: one });
  const ofEach = await integratedGradients(smoothClassifier(), x, { baseline: each });
  expect(ofEach).toEqual(ofOne);
  const two = integratedGradients(smoothClassifier(), x, { baseline: normal([2, 6, 5, 2]) });
  await expect(two).rejects.toThrow("baseline must have one example, or one for each of the 3; got 2");
});

it("steps are doubled until the sum is complete, and it is said where they do not suffice", async () => {
  const { shape, data } = normal([4, 6, 5, 2]);
  const x = { shape, data: data.map((value) => 5 * value) };
  const options = { steps: 1, tolerance: 1e-3 };
  const enough = await integratedGradients(smoothClassifier(), x, options);
  expect(enough.completeness.every(({ isWithin, error }) => isWithin && error <= 1e-3)).toBe(true);
  expect(Math.max(...enough.completeness.map(({ steps }) => steps))).toBeGreaterThan(1);
  const few = await integratedGradients(smoothClassifier(), x, { ...options, tolerance: 1e-9, maxSteps: 2 });
  expect(few.completeness.map(({ steps, isWithin }) => [steps, isWithin])).toEqual(
    Array.from({ length: 4 }, () => [2, false]),
  );
});

it("adds up over several inputs", async () => {
  const x = { left: normal([2, 3], 1), right: normal([2, 2], 2) };
  const { values, completeness } = await integratedGradients(branched(), x, { output: "kind", class: 1 });
  const total = [...values.left.data.subarray(0, 3), ...values.right.data.subarray(0, 2)].reduce(
    (a, b) => a + b,
  );
  expect(total).toBeCloseTo(completeness[0].difference, 5);
});

describe("completeness within 5 % at 32 steps", () => {
  // The others go through Grad-CAM's tests; these have windows short enough for 32 gradients.
  const SMALL = ["lenet5", "lenet5-1998", "fashion-cnn", "wave1d", "mel-cnn", "mel-resnet"] as const;
  it.each(SMALL)("of the built-in model %s", async (name) => {
    const network = modelNamed(name);
    const model = new Model(network, { threads: 1 });
    const x = network.inputShapes.map((shape) => normal([1, ...shape]));
    const { completeness } = await integratedGradients(model, x, { class: 0, maxSteps: 32, batchSize: 8 });
    expect(completeness[0].error).toBeLessThan(0.05);
  });
});

it("refuses what makes no sense", async () => {
  const call = (options: object) =>
    integratedGradients(withOddWeights(smoothClassifier()), normal([1, 6, 5, 2]), options);
  await expect(call({ steps: 0 })).rejects.toThrow("steps and maxSteps must be whole numbers in 1 … 4096");
  await expect(call({ tolerance: NaN })).rejects.toThrow("tolerance must be 0 or more; got NaN");
  await expect(call({ baseline: Infinity })).rejects.toThrow("baseline must be finite; got Infinity");
});

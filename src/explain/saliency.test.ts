/** @file Saliency: SmoothGrad, and what the options are for. */
import { expect, it } from "vitest";
import { expectClose } from "../testing/compare.ts";
import { floatArray } from "../tensor/array.ts";
import { dense, sequential } from "../nn/index.ts";
import { inputGradient, overChannels, saliency } from "./index.ts";
import { branched, normal, smoothClassifier } from "./testing/models.ts";

const X = normal([2, 6, 5, 2]);

it("SmoothGrad without noise is the gradient", async () => {
  const smooth = await saliency(smoothClassifier(), X, { method: "smoothGrad", noise: 0, samples: 3 });
  const plain = await saliency(smoothClassifier(), X);
  expectClose(smooth.values.data, plain.values.data, 1e-6, "mean of equal gradients");
  expect([smooth.classes, smooth.scores]).toEqual([plain.classes, plain.scores]);
});

it("SmoothGrad estimates the mean of a gradient over noise: of x², 2x, within 4 standard errors", async () => {
  // relu(x) + relu(-x) = |x|, whose gradient's mean over noise of deviation d is erf(x / (d √2)).
  const model = sequential([dense({ units: 2, activation: "relu", inputShape: [2] }), dense({ units: 1 })], {
    threads: 1,
  });
  const [hidden, bias, out, last] = model.getWeights().keys();
  model.setWeights({
    [hidden]: floatArray([1, -1, 0, 0], [2, 2]),
    [bias]: floatArray([0, 0], [2]),
    [out]: floatArray([1, 1], [2, 1]),
    [last]: floatArray([0], [1]),
  });
  // The range is 1 - 0.5, so the deviation 0.5 and x is one deviation from 0: 2Φ(1) - 1 = 0.6827.
  const { values } = await saliency(model, floatArray([0.5, 1], [1, 2]), {
    method: "smoothGrad",
    samples: 4000,
    noise: 1,
    batchSize: 500,
  });
  const standardError = Math.sqrt((1 - 0.6827 ** 2) / 4000);
  expect(Math.abs(values.data[0] - 0.6827)).toBeLessThan(4 * standardError);
  expect(values.data[1]).toBe(0);
});

it("the noise is the seed's, whatever the batch, and another seed's is another", async () => {
  const options = { method: "smoothGrad", samples: 5 } as const;
  const first = await saliency(smoothClassifier(), X, options);
  const inOthers = await saliency(smoothClassifier(), X, { ...options, batchSize: 3 });
  expectClose(inOthers.values.data, first.values.data, 1e-6, "other batches");
  const alone = await saliency(
    smoothClassifier(),
    { shape: [1, 6, 5, 2], data: X.data.slice(0, 60) },
    options,
  );
  expectClose(alone.values.data, first.values.data.subarray(0, 60), 1e-6, "an example alone");
  const other = await saliency(smoothClassifier(), X, { ...options, seed: 1 });
  expect(other.values.data).not.toEqual(first.values.data);
});

it("takes several inputs in their form", async () => {
  const x = { left: normal([2, 3], 1), right: normal([2, 2], 2) };
  const { values } = await saliency(branched(), x, { output: "kind", method: "gradientTimesInput" });
  const gradient = await inputGradient(branched(), x, { output: "kind" });
  expect([...values.left.data]).toEqual(
    [...gradient.values.left.data].map((g, i) => Math.fround(g * x.left.data[i])),
  );
});

it("refuses options of another method, and values that make no sense", async () => {
  const call = (options: object) => saliency(smoothClassifier(), X, options);
  await expect(call({ samples: 5 })).rejects.toThrow(
    'samples is an option of "smoothGrad"; the method is "gradient"',
  );
  await expect(call({ method: "smooth" })).rejects.toThrow(
    "method must be one of gradient, gradientTimesInput, smoothGrad",
  );
  await expect(call({ method: "smoothGrad", samples: 0 })).rejects.toThrow(
    "samples must be a whole number above 0",
  );
  await expect(call({ method: "smoothGrad", noise: -1 })).rejects.toThrow("noise must be 0 or more; got -1");
});

it("channels are joined by their sum or their greatest magnitude", () => {
  const values = floatArray([1, -3, 0.5, 0.25], [1, 2, 2]);
  expect(overChannels(values, "sum")).toEqual(floatArray([-2, 0.75], [1, 2]));
  expect(overChannels(values, "maximum")).toEqual(floatArray([3, 0.5], [1, 2]));
  expect(() => overChannels(floatArray([1], [1]), "sum")).toThrow("takes [N, …, C]; got [1]");
});

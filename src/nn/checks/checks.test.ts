import { describe, expect, it } from "vitest";
import { arrayDataset } from "../../data/array-dataset.ts";
import { Generator } from "../../random/generator.ts";
import { floatArray, intArray, type FloatArray, type IntArray } from "../../tensor/array.ts";
import { batchNormalization, conv2d, dense, flatten, maxPooling2d } from "../layers/index.ts";
import { sequential, type Model } from "../model.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";
import { findLearningRate, overfitOneBatch } from "./index.ts";

/** 8×8 images of noise with a bright line in one of four directions, which is the class. */
function bars(count: number): readonly [FloatArray, IntArray] {
  const random = new Generator(5);
  const images = Float32Array.from({ length: count * 64 }, () => 0.6 * random.uniform());
  const labels = Int32Array.from({ length: count }, () => Math.floor(4 * random.uniform()));
  labels.forEach((label, image) => {
    const place = Math.floor(8 * random.uniform());
    for (let i = 0; i < 8; i++) {
      const [row, column] = [
        [place, i],
        [i, place],
        [i, (i + place) % 8],
        [i, (16 - i - place) % 8],
      ][label];
      images[64 * image + 8 * row + column] += 0.6;
    }
  });
  return [floatArray(images, [count, 8, 8, 1]), intArray(labels, [count])];
}

function barClassifier(): Model {
  const model = sequential(
    [
      conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [8, 8, 1] }),
      batchNormalization(),
      maxPooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 4 }),
    ],
    { seed: 1, threads: 1 },
  );
  model.compile({ optimizer: sgd({ momentum: 0.9 }), loss: "softmaxCrossEntropy" });
  return model;
}

/** y = b · sin(3a) for inputs (a, b) between -1 and 1. */
function products(count: number): readonly [FloatArray, FloatArray] {
  const random = new Generator(3);
  const inputs = Float32Array.from({ length: 2 * count }, () => 2 * random.uniform() - 1);
  const targets = Float32Array.from(
    { length: count },
    (_, i) => inputs[2 * i + 1] * Math.sin(3 * inputs[2 * i]),
  );
  return [floatArray(inputs, [count, 2]), floatArray(targets, [count, 1])];
}

function productModel(): Model {
  const hidden = dense({ units: 32, activation: "relu", inputShape: [2] });
  const model = sequential([hidden, dense({ units: 1 })], { seed: 1, threads: 1 });
  model.compile({ optimizer: "adam", loss: "mse" });
  return model;
}

describe("overfitOneBatch", () => {
  it("passes for a model that learns, and leaves it as it was", async () => {
    const model = smallClassifier();
    model.compile({
      optimizer: adam({ learningRate: 0.02 }),
      loss: "softmaxCrossEntropy",
      metrics: ["accuracy"],
    });
    const { x, y } = stripes(9);
    await model.fit(x, y); // So that the optimizer has a state to be put back.
    const before = { weights: model.getWeights(), step: model.step, snapshot: model.trainer.snapshot() };
    const report = await overfitOneBatch(model, x, y, { steps: 80 });
    expect(report.passed).toBe(true);
    expect(report.losses.length).toBe(80);
    expect(report.chanceLoss).toBeCloseTo(Math.log(3), 12);
    expect(report.finalLoss).toBeLessThan(report.losses[0]);
    expect(report.verdict).toMatch(/^the loss of the batch went from .* in 80 steps: the model can learn/);
    expect(model.getWeights()).toEqual(before.weights);
    expect(model.trainer.snapshot()).toEqual(before.snapshot);
  });

  it("ends at the first step whose loss is low enough", async () => {
    const model = smallClassifier();
    model.compile({ optimizer: adam({ learningRate: 0.02 }), loss: "softmaxCrossEntropy" });
    const { x, y } = stripes(9);
    const { losses } = await overfitOneBatch(model, x, y, { steps: 80, targetLoss: 0.5 });
    expect(losses.findIndex((loss) => loss <= 0.5)).toBe(losses.length - 1);
    expect(losses.length).toBeLessThan(80);
    await expect(overfitOneBatch(model, x, y, { targetLoss: NaN })).rejects.toThrow(
      /targetLoss must be a number; got NaN/,
    );
  });

  it("fails for one that does not", async () => {
    const model = linearModel();
    model.compile({ optimizer: sgd({ learningRate: 1e-9 }), loss: "mse" });
    const { x, y } = line(8);
    const report = await overfitOneBatch(model, x, y, { steps: 5 });
    expect(report.passed).toBe(false);
    expect(report.verdict).toMatch(/cannot memorise even one batch/);
    await expect(overfitOneBatch(model, x, y, { steps: 0 })).rejects.toThrow(
      /steps must be .* above 0; got 0/,
    );
  });
});

describe("findLearningRate", () => {
  it("suggests a rate below the one where the loss is lowest, and leaves the model as it was", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { x, y } = line(256);
    const before = model.trainer.snapshot();
    const curve = await findLearningRate(model, [x, y], { minLearningRate: 1e-5, maxLearningRate: 100 });
    // The loss's curvature is 2·E[x²] = 2 for each weight, so SGD diverges above a rate of about 2 / 2 = 1: the sweep
    // ends early, and what it suggests is well below.
    expect(curve.learningRates.length).toBeLessThan(200);
    expect(curve.suggestion).toBeGreaterThan(1e-4);
    expect(curve.suggestion).toBeLessThan(1);
    expect(curve.learningRates[curve.suggestedStep ?? -1]).toBe(curve.suggestion);
    expect(curve.learningRates[1] / curve.learningRates[0]).toBeCloseTo(1e7 ** (1 / 199), 9);
    expect(curve.explanation).toMatch(/a tenth of the learning rate at which the smoothed loss was lowest/);
    const lowestAt = curve.smoothedLosses.indexOf(Math.min(...curve.smoothedLosses));
    expect(curve.suggestion).toBeLessThanOrEqual(curve.learningRates[lowestAt] / 10);
    expect(model.trainer.snapshot()).toEqual(before);
  });

  it.each<[string, () => Model, () => readonly [FloatArray, FloatArray | IntArray]]>([
    ["a convolutional classifier with SGD", barClassifier, () => bars(1024)],
    ["a regression with Adam", productModel, () => products(1024)],
  ])(
    "suggests a rate that trains %s far better than rates 100 times lower or higher",
    async (_, make, data) => {
      const [x, y] = data();
      const { suggestion = NaN } = await findLearningRate(make(), [x, y]);
      const trained = async (learningRate: number) => {
        const model = make();
        model.trainer.learningRate = learningRate;
        const { loss } = await model.fit(x, y, { epochs: 4, terminateOnNaN: false });
        return loss[3];
      };
      const loss = await trained(suggestion);
      expect(loss).toBeLessThan(0.3 * (await trained(suggestion / 100)));
      // It may be NaN.
      expect(loss > 0.3 * (await trained(100 * suggestion))).toBe(false);
    },
  );

  it("has no suggestion where nothing is learnt", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const { x } = line(8);
    const dataset = arrayDataset({
      name: "zeros",
      inputs: { shape: x.shape, data: new Float32Array(16) },
      targets: { shape: [8], data: new Float32Array(8) },
    });
    const curve = await findLearningRate(model, dataset, { steps: 20 });
    expect(curve.suggestion).toBeUndefined();
    expect(curve.explanation).toMatch(/the smoothed loss did not fall/);
    await expect(findLearningRate(model, dataset, { steps: 3 })).rejects.toThrow(/at least 10 steps/);
  });
});

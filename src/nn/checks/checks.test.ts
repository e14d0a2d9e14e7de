import { describe, expect, it } from "vitest";
import { arrayDataset } from "../../data/array-dataset.ts";
import { adam, sgd } from "../optimizers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";
import { findLearningRate, overfitOneBatch } from "./index.ts";

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
    expect(report.verdict).toMatch(/does not learn even one batch by heart/);
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
    expect(curve.learningRates.length).toBeLessThan(100);
    expect(curve.suggestion).toBeGreaterThan(1e-4);
    expect(curve.suggestion).toBeLessThan(1);
    expect(curve.learningRates[curve.suggestedStep ?? -1]).toBe(curve.suggestion);
    expect(curve.learningRates[1] / curve.learningRates[0]).toBeCloseTo(1e7 ** (1 / 99), 9);
    expect(curve.explanation).toMatch(/is where the smoothed loss fell fastest/);
    expect(model.trainer.snapshot()).toEqual(before);
  });

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
    expect(curve.explanation).toMatch(/the smoothed loss never fell/);
    await expect(findLearningRate(model, dataset, { steps: 3 })).rejects.toThrow(/at least 10 steps/);
  });
});

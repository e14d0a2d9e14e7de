import { describe, expect, it } from "vitest";
import { fixtureCases } from "../../testing/fixtures.ts";
import { floatArray, intArray, type NumericArray } from "../../tensor/array.ts";
import { diagnoseTraining } from "../checks/index.ts";
import { arrayDataset } from "../../data/array-dataset.ts";
import { conv2d, dense } from "../layers/index.ts";
import type { LossConfig } from "../losses/index.ts";
import { sequential, type Model } from "../model.ts";

/** A model whose logits are its input, `[rows, columns, classes]`. */
function identity([rows, columns, classes]: readonly number[], loss: LossConfig): Model {
  const layer = conv2d({
    filters: classes,
    kernelSize: 1,
    useBias: false,
    inputShape: [rows, columns, classes],
  });
  const model = sequential([layer], { threads: 1 });
  const kernel = Array.from({ length: classes ** 2 }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0));
  model.setWeights(new Map([["conv2d_1/kernel", floatArray(kernel, [1, 1, classes, classes])]]));
  model.compile({ optimizer: "sgd", loss, metrics: ["accuracy"] });
  return model;
}

function asFloats({ shape, data }: NumericArray) {
  return floatArray(Float32Array.from(data), shape);
}

const CASES = fixtureCases("loss", "softmaxCrossEntropy").filter(
  ({ inputs }) => inputs[0].shape.length === 4,
);

describe("a label for each position, losses within 2e-6 of PyTorch's", () => {
  it("has cases of every kind", () => {
    expect(CASES.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["positions-class-weights", "positions-all-weights", "ignored-weights"]),
    );
  });

  it.each(CASES.map((one) => [one.name, one] as const))("%s", async (_, { params, inputs, output }) => {
    const [logits, labels, weights] = inputs;
    const { ignoreIndex, classWeights } = params;
    const model = identity(logits.shape.slice(1), {
      name: "softmaxCrossEntropy",
      labelSmoothing: Number(params.labelSmoothing),
      ...(ignoreIndex !== null && { ignoreIndex: Number(ignoreIndex) }),
    });
    const { loss } = await model.trainOnBatch(logits, labels, {
      ...(weights && { sampleWeight: asFloats(weights) }),
      ...(Array.isArray(classWeights) && { classWeight: classWeights.map(Number) }),
    });
    expect(Math.abs(loss / output.data[0] - 1)).toBeLessThan(2e-6);
  });
});

/** Logits of two examples of one row with two places and two classes, and their labels. */
const x = floatArray([3, 0, 0, 3, 0, 3, 3, 0], [2, 1, 2, 2]);

describe("labels that are ignored", () => {
  const y = intArray([0, -100, 0, -100], [2, 1, 2]);
  const loss = { name: "softmaxCrossEntropy", ignoreIndex: -100 } as const;

  it("count neither in the loss nor in the metrics, however the examples are cut into batches", async () => {
    const model = identity([1, 2, 2], loss);
    // ln(1 + e⁻³) for the right one, 3 + that for the wrong one.
    const right = Math.log1p(Math.exp(-3));
    for (const batchSize of [1, 2]) {
      const figures = await model.evaluate(x, y, { batchSize });
      expect(figures.loss).toBeCloseTo((right + 3 + right) / 2, 5);
      expect(figures.accuracy).toBe(0.5);
    }
    const uneven = intArray([0, 1, 0, -100], [2, 1, 2]);
    const figures = await model.evaluate(x, uneven, { batchSize: 1 });
    expect(figures.loss).toBeCloseTo((right + right + 3 + right) / 3, 5);
    expect(figures.accuracy).toBeCloseTo(2 / 3, 12);
  });

  it("are no fault of the data, other labels out of range are", async () => {
    const model = identity([1, 2, 2], loss);
    await model.fit(x, y, { classWeight: { 0: 2 } });
    const wrong = intArray([0, -100, 0, 7], [2, 1, 2]);
    await expect(model.fit(x, wrong)).rejects.toThrow(/a label must be in 0 … 1, .*; got 7 for example 1/);
  });

  it("are left out where a training is judged", async () => {
    const model = identity([1, 2, 2], loss);
    const training = arrayDataset({
      name: "places",
      inputs: x,
      targets: intArray([0, 1, -100, 0], [2, 1, 2]),
    });
    const { findings } = await diagnoseTraining(model, { training });
    expect(findings).toEqual([]);
  });
});

describe("sampleWeight", () => {
  const y = intArray([0, 1, 0, 1], [2, 1, 2]);

  it("may be a list, a Float32Array or an array with a shape", async () => {
    const model = identity([1, 2, 2], { name: "softmaxCrossEntropy" });
    const forms = [
      [1, 3],
      Float32Array.of(1, 3),
      floatArray([1, 3], [2]),
      floatArray([1, 1, 3, 3], [2, 1, 2]),
    ];
    const losses = await Promise.all(
      forms.map(async (sampleWeight) => (await model.evaluate(x, y, { sampleWeight })).loss),
    );
    expect(new Set(losses).size).toBe(1);
    expect(losses[0]).toBeGreaterThan((await model.evaluate(x, y)).loss);
  });

  it("says which shapes it takes", async () => {
    const model = identity([1, 2, 2], { name: "softmaxCrossEntropy" });
    const sampleWeight = floatArray([1, 2, 3, 4], [2, 2]);
    await expect(model.fit(x, y, { sampleWeight })).rejects.toThrow(
      "sampleWeight: must have one weight for each of the 2 examples, or one for each position, [2,1,2]; got [2,2]",
    );
    const negative = floatArray([1, 1, 1, -1], [2, 1, 2]);
    await expect(model.fit(x, y, { sampleWeight: negative })).rejects.toThrow(
      "sampleWeight: every weight must be 0 or more; got -1 for example 1",
    );
    const flat = sequential([dense({ units: 2, inputShape: [3] })], { threads: 1 });
    flat.compile({ optimizer: "sgd", loss: "mse" });
    const rows = floatArray([1, 2, 3], [1, 3]);
    const wide = floatArray([1, 2], [1, 2]);
    await expect(flat.fit(rows, wide, { sampleWeight: wide })).rejects.toThrow(
      "sampleWeight: must have one weight for each of the 1 examples; got [1,2]",
    );
  });

  it("by position weighs other losses too: (1·1² + 3·2²) / 2", async () => {
    const model = sequential([conv2d({ filters: 1, kernelSize: 1, inputShape: [1, 2, 1] })], { threads: 1 });
    model.compile({ optimizer: "sgd", loss: "mse" });
    model.setWeights(
      new Map([
        ["conv2d_1/kernel", floatArray([1], [1, 1, 1, 1])],
        ["conv2d_1/bias", floatArray([0], [1])],
      ]),
    );
    const inputs = floatArray([1, 2], [1, 1, 2, 1]);
    const { loss } = await model.evaluate(inputs, floatArray([0, 0], [1, 1, 2, 1]), {
      sampleWeight: floatArray([1, 3], [1, 1, 2]),
    });
    expect(loss).toBe(6.5);
  });
});

/** @file Gradients by inputs against closed forms, finite differences and the reference loops. */
import { describe, expect, it } from "vitest";
import { adam, dense, flatten, input, model, sequential, type Model, type Network } from "../nn/index.ts";
import { LAYER_CASES } from "../nn/testing/layer-cases.ts";
import { LAYER_CLASS_NAMES } from "../nn/layers/index.ts";
import { smallClassifier, stripes } from "../nn/testing/small-models.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { activations, inputGradient } from "./index.ts";
import { branched, normal, smoothClassifier, withOddWeights } from "./testing/models.ts";

/** Two inputs, three classes. */
const KERNEL = [1, 2, -3, 0.5, -1, 4];

function softmaxOf(activation: "softmax" | "linear"): Model {
  const layer = dense({ units: 3, activation, inputShape: [2], name: "answer" });
  const made = sequential([layer], { threads: 1, name: "known" });
  made.setWeights({
    "answer/kernel": floatArray(KERNEL, [2, 3]),
    "answer/bias": floatArray([0.1, 0.2, -0.3], [3]),
  });
  return made;
}

const POINT = floatArray([0.3, -0.2], [1, 2]);

describe("of a linear model the gradient is a row of its weights", () => {
  it.each(["linear", "softmax"] as const)("with logits behind %s", async (activation) => {
    const { values, scores, classes } = await inputGradient(softmaxOf(activation), POINT, { class: 2 });
    expect([...values.data]).toEqual([-3, 4]);
    expect(values.shape).toEqual([1, 2]);
    expect(classes).toEqual([2]);
    // 0.3·(-3) - 0.2·4 - 0.3
    expect(scores[0]).toBeCloseTo(-2, 6);
  });

  it("of the predicted class by default, which examples may differ in", async () => {
    const x = floatArray([1, 0, -1, 0, 0, 1], [3, 2]);
    // logits 1.1 2.2 -3.3 | -0.9 -1.8 2.7 | 0.6 -0.8 3.7
    const { classes, values } = await inputGradient(softmaxOf("softmax"), x);
    expect(classes).toEqual([1, 2, 2]);
    expect([...values.data]).toEqual([2, -1, -3, 4, -3, 4]);
  });

  it("of a class for each example", async () => {
    const x = floatArray([1, 0, -1, 0], [2, 2]);
    const { values } = await inputGradient(softmaxOf("linear"), x, { class: [0, 1] });
    expect([...values.data]).toEqual([1, 0.5, 2, -1]);
  });
});

it("of a probability it is p_c (w_c - Σ p_k w_k), within 1e-6", async () => {
  const { values, scores } = await inputGradient(softmaxOf("softmax"), POINT, { class: 1, score: "outputs" });
  const logits = [0, 1, 2].map((k) => 0.3 * KERNEL[k] - 0.2 * KERNEL[3 + k] + [0.1, 0.2, -0.3][k]);
  const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
  const p = logits.map((z) => Math.exp(z) / total);
  expect(scores[0]).toBeCloseTo(p[1], 6);
  const expected = [0, 1].map((i) => {
    const mean = p.reduce((sum, one, k) => sum + one * KERNEL[3 * i + k], 0);
    return p[1] * (KERNEL[3 * i + 1] - mean);
  });
  expectClose(values.data, expected, 1e-6, "gradient of a probability");
});

it("where the model is sure, the gradient of its logits does not vanish as that of its outputs does", async () => {
  const sure = floatArray([200, 0], [1, 2]);
  const ofLogits = await inputGradient(softmaxOf("softmax"), sure);
  const ofOutputs = await inputGradient(softmaxOf("softmax"), sure, { score: "outputs" });
  expect([...ofLogits.values.data]).toEqual([2, -1]);
  expect([...ofOutputs.values.data].map(Math.abs)).toEqual([0, 0]);
});

it("agrees with central differences of the outputs, within 1e-3 of the largest", async () => {
  const model = smoothClassifier({ threads: 1, target: "reference" });
  const x = normal([2, 6, 5, 2]);
  const { values } = await inputGradient(model, x, { class: [2, 0], score: "outputs" });
  const step = 1e-2;
  const expected = Float64Array.from({ length: x.data.length }, () => 0);
  for (let i = 0; i < x.data.length; i++) {
    const example = Math.floor(i / 60);
    const at = async (shift: number) => {
      const moved = x.data.slice();
      moved[i] += shift;
      const { data } = await model.predict({ shape: x.shape, data: moved });
      return data[3 * example + [2, 0][example]];
    };
    expected[i] = ((await at(step)) - (await at(-step))) / (2 * step);
  }
  expectClose(values.data, expected, 1e-3, "input gradient");
});

describe("of every kind of layer", () => {
  it.each(LAYER_CLASS_NAMES)("%s it agrees with the reference loops within 1e-4", async (className) => {
    for (const { make, input: shapes } of LAYER_CASES[className]) {
      const build = (target?: "reference") => {
        const inputs = shapes.map((shape) => input({ shape }));
        const answer = dense({ units: 3 }).apply(flatten().apply(make().apply(inputs)));
        return model({ inputs, outputs: answer }, { threads: 1, seed: 1, target });
      };
      const x = shapes.map((shape, i) => normal([3, ...shape], 1 + i));
      const [kernels, reference] = [build(), build("reference")];
      const { values, classes } = await inputGradient(kernels, x);
      const expected = await inputGradient(reference, x, { class: classes });
      values.forEach(({ shape, data }, i) => {
        expect(shape).toEqual(x[i].shape);
        expect(data.every(Number.isFinite)).toBe(true);
        expectClose(data, expected.values[i].data, 1e-4, `gradient by input ${i}`);
      });
    }
  });
});

describe("a model with several inputs and outputs", () => {
  const left = normal([2, 3], 1);
  const right = normal([2, 2], 2);

  it("gives a gradient for each input, in x's form; zeros where an output does not depend on one", async () => {
    const kernel = branched().getWeights().get("size_layer/kernel")?.data ?? [];
    const byName = await inputGradient(branched(), { left, right }, { output: "size" });
    expect([...byName.values.left.data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...byName.values.right.data]).toEqual([...kernel, ...kernel]);
    const [, second] = (await inputGradient(branched(), [left, right], { output: "size" })).values;
    expect(second.data).toEqual(byName.values.right.data);
  });

  it("says which outputs there are", async () => {
    const call = inputGradient(branched(), [left, right]);
    await expect(call).rejects.toThrow('output must be one of kind, size; none was named: { output: "…" }');
    const misspelt = inputGradient(branched(), [left, right], { output: "kinds" });
    await expect(misspelt).rejects.toThrow(
      'output must be one of kind, size; got "kinds"; did you mean "kind"?',
    );
  });
});

describe("refuses", () => {
  const model = softmaxOf("linear");
  it.each([
    [{ class: 3 }, "class must be a whole number in 0 … 2, as output answer has 3; got 3"],
    [{ class: [0, 1] }, "one for each of the 1 examples; got 2"],
    [{ class: [-1] }, "got -1 for example 0"],
    [{ score: "loss" }, 'score must be "logits" or "outputs"; got "loss"'],
    [{ batchSize: 0 }, "batchSize must be a whole number above 0; got 0"],
  ])("%j", async (options, message) => {
    await expect(inputGradient(model, POINT, options as object)).rejects.toThrow(message);
  });

  it("examples of another shape, with a NaN, or none", async () => {
    await expect(inputGradient(model, floatArray([1, 2, 3], [1, 3]))).rejects.toThrow(
      "one example must be [2]",
    );
    const broken = inputGradient(model, floatArray([1, 2, NaN, 3], [2, 2]));
    await expect(broken).rejects.toThrow("example 1");
    await expect(inputGradient(model, floatArray([], [0, 2]))).rejects.toThrow("at least one example");
  });
});

describe("the model stays as it is", () => {
  const weightsOf = ({ network }: { network: Network }) =>
    [...network.getWeights()].map(([path, { data }]) => [path, [...data]]);

  it("a training goes on with the same bits, with or without explanations between its epochs", async () => {
    const { x, y } = stripes(24);
    const train = async (explains: boolean) => {
      const model = smallClassifier();
      model.compile({ optimizer: adam(), loss: "softmaxCrossEntropy" });
      for (let epoch = 0; epoch < 3; epoch++) {
        await model.fit(x, y, { epochs: 1, batchSize: 8 });
        if (!explains) continue;
        await inputGradient(model, x);
        await activations(model, x, ["conv2d_1"]);
      }
      return weightsOf(model);
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it("frozen layers are passed as others are", async () => {
    const model = smoothClassifier();
    const before = await inputGradient(model, normal([2, 6, 5, 2]));
    model.trainable = false;
    expect(await inputGradient(model, normal([2, 6, 5, 2]))).toEqual(before);
  });
});

it("the bits are the same for any number of threads and any batch", async () => {
  const x = normal([5, 6, 5, 2]);
  const one = await inputGradient(smoothClassifier({ threads: 1 }), x);
  const three = await inputGradient(smoothClassifier({ threads: 3 }), x);
  expect(three.values.data).toEqual(one.values.data);
  const byTwo = await inputGradient(withOddWeights(smoothClassifier()), x, { batchSize: 2 });
  expectClose(byTwo.values.data, one.values.data, 1e-6, "in other batches");
});

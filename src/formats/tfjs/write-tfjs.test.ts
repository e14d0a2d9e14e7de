/** @file Networks written for TensorFlow.js, read again. tools/oracle/check_tfjs.mjs loads them in TensorFlow.js itself. */
import { describe, expect, it } from "vitest";
import { modelNamed } from "../../models/index.ts";
import * as layers from "../../nn/layers/index.ts";
import { Model, model, sequential } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import type { Network } from "../../nn/network.ts";
import { input } from "../../nn/symbolic.ts";
import { livelyWeights } from "../../onnx/export/testing/built-in-models.ts";
import { Generator } from "../../random/generator.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { readTfjs } from "./read-tfjs.ts";
import { writeTfjs, type TfjsOptions } from "./write-tfjs.ts";

async function readAgain(network: Network, options?: TfjsOptions): Promise<Network> {
  const files = writeTfjs(network, options);
  const text = new TextDecoder().decode(files.get("model.json"));
  const read = (name: string) => Promise.resolve(files.get(name) ?? new Uint8Array());
  const { config, weights, notes } = await readTfjs(JSON.parse(text), "model.json", read);
  expect(notes).toEqual([]);
  return networkFromConfig(config, weights);
}

async function expectSame(network: Network, scale = 1): Promise<void> {
  const again = await readAgain(network);
  const [shape] = network.inputShapes;
  const random = new Generator(3);
  const data = Float32Array.from({ length: 2 * sizeOf(shape) }, () => scale * random.normal());
  const x = { shape: [2, ...shape], data };
  const [expected, found] = await Promise.all(
    [network, again].map((one) => new Model(one, { threads: 1 }).predict(x)),
  );
  expect(found.shape).toEqual(expected.shape);
  const largest = Math.max(1, ...expected.data.map(Math.abs));
  const difference = Math.max(...expected.data.map((value, i) => Math.abs(value - found.data[i])));
  expect(difference).toBeLessThan(2e-6 * largest);
}

describe("a network that is written and read again gives its numbers, to 2e-6", () => {
  it.each(["lenet5", "lenet5-1998", "small-mobilenet", "mel-cnn", "musicnn", "notebook", "wave1d"])(
    "%s",
    async (name) => {
      const network = modelNamed(name, { classes: 10 });
      livelyWeights(network);
      await expectSame(network);
    },
  );

  it.each<[string, layers.NormalizationOptions]>([
    ["one mean for all", { axis: [], mean: 0.3, variance: 4 }],
    ["a mean for each frequency", { axis: 2, mean: [1, -2, 0, 3, 0.5], variance: [1, 4, 0.25, 2, 1] }],
    [
      "bounds",
      { axis: 2, mean: 0.5, variance: 2, minimum: [-1, -0.5, 0, -2, 0.2], maximum: [1, 0.5, 0.1, 2, 1] },
    ],
    ["an upper bound for all", { axis: [], mean: 0.1, variance: 0.5, maximum: 0.4 }],
    ["a lower bound", { axis: -1, mean: 0.1, variance: 0.5, minimum: -0.2 }],
  ])("normalization with %s", async (_, options) => {
    const made = sequential([layers.normalization({ ...options, inputShape: [4, 5, 1] }), layers.flatten()]);
    await expectSame(made.network, 3);
  });

  it.each([
    "leakyRelu",
    "hardSigmoid",
    "hardSilu",
    "hardTanh",
    "logSigmoid",
    "scaledTanh",
    "silu",
    "gelu",
    "mish",
    "selu",
    "relu6",
    "softplus",
    "logSoftmax",
  ] as const)("the activation %s, of a layer and as one", async (activation) => {
    const made = sequential([
      layers.dense({ units: 6, activation, inputShape: [5] }),
      layers.activation({ activation }),
    ]);
    await expectSame(made.network, 4);
  });

  it("layers that are used twice, values that are taken twice, names with a slash", async () => {
    const inner = sequential([layers.dense({ units: 4, inputShape: [4] }), layers.batchNormalization()], {
      name: "inner",
    });
    const x = input({ shape: [4] });
    const shared = layers.dense({ units: 4 });
    const twice = shared.apply(shared.apply(inner.apply(x)));
    const y = layers.multiply().apply([twice, twice]);
    const made = model({ inputs: x, outputs: layers.concatenate().apply([y, inner.apply(y)]) });
    livelyWeights(made.network);
    await expectSame(made.network);
  });
});

describe("what is made of the output", () => {
  const made = sequential([layers.dense({ units: 2, inputShape: [3] })]);
  it("numbers in the units of the targets", async () => {
    const answer = { deviation: [2, 0.5], mean: [-1, 7] };
    const again = new Model(await readAgain(made.network, { answer }), { threads: 1 });
    const x = { shape: [1, 3], data: Float32Array.of(1, -2, 0.5) };
    const [raw, scaled] = [await made.predict(x), await again.predict(x)];
    raw.data.forEach((value, i) =>
      expect(scaled.data[i]).toBeCloseTo(value * answer.deviation[i] + answer.mean[i], 5),
    );
  });

  it("probabilities", async () => {
    const again = await readAgain(made.network, { answer: "softmax" });
    expect(again.outputLayer.layer.config.activation).toBe("softmax");
  });
});

it("names all layers that TensorFlow.js has nothing for", () => {
  const made = sequential([
    layers.reflectionPadding2d({ padding: 1, inputShape: [6, 6, 4] }),
    layers.conv2d({ filters: 4, kernelSize: 3, groups: 2, name: "grouped" }),
    layers.groupNormalization({ groups: 2 }),
    layers.maxPooling2d({ padding: 1, name: "padded" }),
    layers.dense({ units: 2, activation: "exponential" }),
  ]);
  expect(() => writeTfjs(made.network)).toThrow(
    /TensorFlow.js has nothing like these layers:\n {2}reflection_padding2d_1 \(ReflectionPadding2D\)\n {2}grouped \(Conv2D\): groups 2\n {2}group_normalization_1 \(GroupNormalization\)\n {2}padded \(MaxPooling2D\): padding by lengths\n {2}dense_1 \(Dense\): the activation exponential$/,
  );
});

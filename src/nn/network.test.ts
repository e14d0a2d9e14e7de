import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { topologicalOrder } from "../graph/gradient.ts";
import { floatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { testValues } from "../testing/values.ts";
import { batchNormalization, conv2d, dense, dropout, flatten, reLU } from "./layers/index.ts";
import { sequentialNetwork } from "./network-builders.ts";
import type { Network } from "./network.ts";
import { networkFromConfig } from "./network-from-config.ts";

function small(seed = 0): Network {
  return sequentialNetwork(
    [
      conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 2] }),
      batchNormalization(),
      reLU(),
      flatten(),
      dense({ units: 5 }),
    ],
    { name: "small", seed },
  );
}

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("the layout of weights", () => {
  it("puts weights with decay first, rounds each up to 16 words, and statistics in a slab of their own", () => {
    const network = small();
    // kernel 3·3·2·3 = 54 → 64 words; dense kernel 4·4·3·5 = 240 → 240; then bias 3, gamma 3, beta 3, bias 5 → 16 each
    const places = network.weights.map(({ path, offset, trainable, decay }) => [
      path,
      offset,
      trainable,
      decay,
    ]);
    expect(places).toEqual([
      ["conv2d_1/kernel", 0, true, true],
      ["conv2d_1/bias", 304, true, false],
      ["batch_normalization_1/gamma", 320, true, false],
      ["batch_normalization_1/beta", 336, true, false],
      ["batch_normalization_1/movingMean", 0, false, false],
      ["batch_normalization_1/movingVariance", 16, false, false],
      ["dense_1/kernel", 64, true, true],
      ["dense_1/bias", 352, true, false],
    ]);
    expect(network.parameters.length).toBe(368);
    expect(network.statistics.length).toBe(32);
  });

  it("does not depend on what is frozen", () => {
    const network = small();
    const before = [...network.weights];
    network.layerNamed("conv2d_1").trainable = false;
    expect(network.weights).toEqual(before);
    expect(network.weights.map((entry) => network.isFrozen(entry))).toEqual([
      ...[true, true],
      ...[false, false, false, false, false, false],
    ]);
  });
});

describe("initial weights", () => {
  it("are the same for the same seed and others for another", () => {
    expect(small(3).getWeights()).toEqual(small(3).getWeights());
    expect(small(3).getWeights().get("dense_1/kernel")).not.toEqual(
      small(4).getWeights().get("dense_1/kernel"),
    );
  });

  it("of one layer do not depend on the others", () => {
    const alone = sequentialNetwork([conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 2] })]);
    expect(alone.getWeights().get("conv2d_1/kernel")).toEqual(small().getWeights().get("conv2d_1/kernel"));
  });

  it("follow Keras' defaults: Glorot's bound for kernels, zeros, ones", () => {
    const weights = small().getWeights();
    // √(6 / (fanIn + fanOut)) with 18 and 27
    const kernel = weights.get("conv2d_1/kernel")?.data ?? new Float32Array(0);
    expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 45));
    expect(Math.max(...kernel.map(Math.abs))).toBeGreaterThan(0.8 * Math.sqrt(6 / 45));
    expect([...(weights.get("conv2d_1/bias")?.data ?? [])]).toEqual([0, 0, 0]);
    expect([...(weights.get("batch_normalization_1/movingVariance")?.data ?? [])]).toEqual([1, 1, 1]);
  });
});

describe("getWeights and setWeights", () => {
  it("give and take copies by path", () => {
    const [from, to] = [small(1), small(2)];
    to.setWeights(Object.fromEntries(from.getWeights()));
    expect(to.getWeights()).toEqual(from.getWeights());
    to.setWeights(from.getWeights());
    expect(to.getWeights()).toEqual(from.getWeights());
    const bias = from.getWeights().get("dense_1/bias");
    bias?.data.fill(9);
    expect([...(from.getWeights().get("dense_1/bias")?.data ?? [])]).toEqual([0, 0, 0, 0, 0]);
  });

  it("change nothing when a weight is wrong, and name it", () => {
    const network = small();
    const before = network.getWeights();
    const given = new Map(before);
    given.set("conv2d_1/kernel", floatArray(new Float32Array(54).fill(1), [3, 3, 2, 3]));
    given.set("dense_1/bias", floatArray([1, 2], [2]));
    expect(messageOf(() => network.setWeights(given))).toBe(
      'network small: weight "dense_1/bias" must be [5]; got [2] with 2 numbers',
    );
    given.delete("dense_1/bias");
    expect(messageOf(() => network.setWeights(given))).toContain('"dense_1/bias" [5] is missing');
    given.set("dense_2/bias", floatArray([1], [1]));
    expect(messageOf(() => network.setWeights(given))).toContain('has no weight "dense_2/bias"');
    expect(network.getWeights()).toEqual(before);
  });
});

describe("config", () => {
  it("makes the same network again, frozen layers included", () => {
    const network = small(7);
    network.layerNamed("dense_1").trainable = false;
    const again = networkFromConfig(JSON.parse(JSON.stringify(network.config)));
    expect(again.config).toEqual(network.config);
    expect(again.getWeights()).toEqual(network.getWeights());
    expect(again.layerNamed("dense_1").trainable).toBe(false);
    expect(again.layerNamed("conv2d_1").trainable).toBe(true);
  });

  it("is refused when it names what is not there", () => {
    const { config } = small();
    const wrongClass = { ...config, layers: [{ className: "LSTM", config: { name: "x" } }] };
    expect(messageOf(() => networkFromConfig(wrongClass))).toMatch(/className must be one of .*; got "LSTM"/);
    const wrongNode = { ...config, nodes: [{ layer: 0, inputs: [3] }] };
    expect(messageOf(() => networkFromConfig(wrongNode))).toContain(
      "must name a layer and values that come before",
    );
    const unused = { ...config, nodes: config.nodes.slice(0, 2), output: 2 };
    expect(messageOf(() => networkFromConfig(unused))).toContain("layer relu_1 is not used");
  });
});

describe("apply", () => {
  it("labels tensors with their layer and gives each weight's tensor once", () => {
    const network = small();
    const [x] = [inputTensor([2, 6, 6, 2], "float32")];
    const tensors = topologicalOrder([network.apply([x], { training: false })]);
    const scopes = new Set(tensors.map(({ scope }) => scope));
    expect([...scopes]).toEqual(
      expect.arrayContaining(["conv2d_1", "batch_normalization_1", "relu_1", "flatten_1", "dense_1"]),
    );
    expect(tensors).toContain(network.variable(network.weights[0]));
  });

  it("gives every layer's output when asked", () => {
    const network = small();
    const outputs = network.trace([inputTensor([4, 6, 6, 2], "float32")], { training: false });
    expect(outputs.map(({ layer, output }) => [layer.name, output.shape])).toEqual([
      ["conv2d_1", [4, 4, 4, 3]],
      ["batch_normalization_1", [4, 4, 4, 3]],
      ["relu_1", [4, 4, 4, 3]],
      ["flatten_1", [4, 48]],
      ["dense_1", [4, 5]],
    ]);
  });

  it("refuses inputs of other shapes", () => {
    const network = small();
    expect(messageOf(() => network.apply([inputTensor([2, 6, 2], "float32")], { training: false }))).toBe(
      "network small: input must be input_1 [batch,6,6,2]; got [2,6,2]",
    );
    expect(messageOf(() => network.apply([], { training: false }))).toContain("got nothing");
  });

  it("asks for a random key when a layer drops values in training", () => {
    const network = sequentialNetwork([dropout({ rate: 0.5, inputShape: [4] })]);
    const x = inputTensor([2, 4], "float32");
    expect(messageOf(() => network.apply([x], { training: true }))).toMatch(
      /^layer dropout_1: training needs a randomKey/,
    );
    expect(network.apply([x], { training: false })).toBe(x);
  });
});

describe("running statistics", () => {
  const shape = [4, 3];
  const make = () => sequentialNetwork([batchNormalization({ momentum: 0.9, inputShape: [3] })]);
  const values = testValues("normal", shape, 1);
  const step = (network: Network) =>
    compile((x) => network.apply([x], { training: true }), [shape], { arena: network.arena, threads: 1 });

  it("move towards the batch's mean and biased variance", () => {
    const network = make();
    step(network)(values);
    const column = (channel: number) => [0, 1, 2, 3].map((row) => values.data[row * 3 + channel]);
    for (let channel = 0; channel < 3; channel++) {
      const mean = column(channel).reduce((a, b) => a + b) / 4;
      const variance = column(channel).reduce((a, b) => a + (b - mean) ** 2, 0) / 4;
      // 0.9·0 + 0.1·mean and 0.9·1 + 0.1·variance
      const weights = network.getWeights();
      expect(weights.get("batch_normalization_1/movingMean")?.data[channel]).toBeCloseTo(0.1 * mean, 6);
      expect(weights.get("batch_normalization_1/movingVariance")?.data[channel]).toBeCloseTo(
        0.9 + 0.1 * variance,
        6,
      );
    }
  });

  it("stay in inference, and in training when the layer is frozen, which then computes as in inference", () => {
    const network = make();
    const before = network.getWeights();
    const inference = compile((x) => network.apply([x], { training: false }), [shape], {
      arena: network.arena,
    });
    network.layers[0].trainable = false;
    expect(step(network)(values).data).toEqual(inference(values).data);
    expect(network.getWeights()).toEqual(before);
  });
});

describe("the size of the slabs", () => {
  it("holds every weight", () => {
    const network = small();
    for (const { offset, shape, trainable } of network.weights) {
      const slab = trainable ? network.parameters : network.statistics;
      expect(offset + sizeOf(shape)).toBeLessThanOrEqual(slab.length);
    }
  });
});

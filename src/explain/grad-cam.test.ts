/** @file Grad-CAM: which layer, over what, and its values where they are known. */
import { describe, expect, it } from "vitest";
import {
  add,
  audioFrontEnd,
  batchNormalization,
  conv2d,
  dense,
  flatten,
  globalAveragePooling2d,
  input,
  maxPooling2d,
  model,
  Model,
  reLU,
  sequential,
} from "../nn/index.ts";
import { MODEL_NAMES, modelNamed } from "../models/index.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { gradCam, inputGradient } from "./index.ts";
import { branched, normal, withOddWeights } from "./testing/models.ts";

it("with global average pooling and one dense layer it is the class activation map over the number of positions", async () => {
  const net = sequential(
    [
      conv2d({ filters: 2, kernelSize: 1, useBias: false, inputShape: [2, 2, 1], name: "maps" }),
      globalAveragePooling2d(),
      dense({ units: 1, name: "class" }),
    ],
    { threads: 1 },
  );
  net.setWeights({
    "maps/kernel": floatArray([1, -1], [1, 1, 1, 2]),
    "class/kernel": floatArray([3, 1], [2, 1]),
    "class/bias": floatArray([0], [1]),
  });
  const { coarse, map } = await gradCam(net, floatArray([1, 2, -3, 4], [1, 2, 2, 1]));
  // (3·x - x) / 4, without what is negative
  expectClose(coarse.data, [0.5, 1, 0, 2], 1e-6, "class activation map");
  expect(map).toEqual(coarse);
  const signed = await gradCam(net, floatArray([1, 2, -3, 4], [1, 2, 2, 1]), { relu: false });
  expectClose(signed.coarse.data, [0.5, 1, -1.5, 2], 1e-6, "with its signs");
});

it("gradients by a convolution with bias reach it through the batch normalisation behind it", async () => {
  // Inference joins the two: without care nothing would depend on the convolution's own output.
  const build = (behind: boolean) =>
    withOddWeights(
      sequential(
        [
          conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1], name: "maps" }),
          ...(behind ? [batchNormalization()] : []),
          flatten(),
          dense({ units: 2 }),
        ],
        { threads: 1 },
      ),
    );
  const { coarse } = await gradCam(build(true), normal([1, 6, 6, 1]), { layer: "maps", relu: false });
  expect(coarse.data.some((value) => value !== 0)).toBe(true);
});

describe("the layer by default", () => {
  it("is the last convolution, after its normalisation, sum with a shortcut, and activation", async () => {
    const image = input({ shape: [8, 8, 1] });
    const first = conv2d({ filters: 2, kernelSize: 3, padding: "same" }).apply(image);
    const second = batchNormalization().apply(
      conv2d({ filters: 2, kernelSize: 3, padding: "same" }).apply(first),
    );
    const sum = reLU({ name: "block_end" }).apply(add().apply([first, second]));
    const net = model(
      { inputs: image, outputs: dense({ units: 2 }).apply(flatten().apply(maxPooling2d().apply(sum))) },
      { threads: 1 },
    );
    expect((await gradCam(net, normal([1, 8, 8, 1]))).layer).toBe("block_end");
  });

  it("is refused to a network without one, with what to do", async () => {
    const x = { left: normal([1, 3]), right: normal([1, 2]) };
    const call = gradCam(branched(), x, { output: "kind" });
    await expect(call).rejects.toThrow(
      'has no convolution to make a map of; name another layer with positions: { layer: "…" }',
    );
  });
});

it("a layer without positions, unknown, or that the output does not depend on, is refused", async () => {
  const net = sequential(
    [conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }), flatten(), dense({ units: 2 })],
    { threads: 1 },
  );
  const x = normal([1, 6, 6, 1]);
  await expect(gradCam(net, x, { layer: "dense_1" })).rejects.toThrow("layer dense_1 gives [2]");
  await expect(gradCam(net, x, { layer: "conv2d" })).rejects.toThrow(
    'got "conv2d"; did you mean "conv2d_1"?',
  );
  const both = { left: normal([1, 3]), right: normal([1, 2]) };
  const other = gradCam(branched(), both, { output: "kind", layer: "size_layer" });
  await expect(other).rejects.toThrow("output kind does not depend on layer size_layer");
});

it("behind a front end in the model the map lies over its features", async () => {
  const net = withOddWeights(
    sequential(
      [
        audioFrontEnd({
          frontEnd: { kind: "spectrogram", sampleRate: 8000, fftSize: 64, hopLength: 20 },
          inputShape: [400, 1],
          name: "features",
        }),
        conv2d({ filters: 2, kernelSize: 3, strides: 2, activation: "relu" }),
        globalAveragePooling2d(),
        dense({ units: 2 }),
      ],
      { threads: 1 },
    ),
  );
  const { map, over } = await gradCam(net, normal([1, 400, 1]));
  expect([over, map.shape]).toEqual(["features", [1, 21, 33]]);
  const { values } = await inputGradient(net, normal([1, 400, 1]));
  expect(values.data.every(Number.isFinite)).toBe(true);
});

describe("a map of every built-in model", () => {
  it.each(MODEL_NAMES)("%s", async (name) => {
    const network = modelNamed(name);
    const x = network.inputShapes.map((shape) => normal([1, ...shape]));
    const { map, coarse } = await gradCam(new Model(network, { threads: 1 }), x, { class: 1, relu: false });
    expect(map.data.every(Number.isFinite)).toBe(true);
    expect(coarse.data.length).toBeGreaterThan(1);
    expect(map.data.some((value) => value !== 0)).toBe(true);
  });
});

/** @file Outputs of layers. */
import { expect, it } from "vitest";
import { dense, input, model, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { expectClose } from "../testing/compare.ts";
import { activations } from "./index.ts";
import { normal, smoothClassifier } from "./testing/models.ts";

it("gives each layer's output by its name, the last being the prediction", async () => {
  const smooth = smoothClassifier();
  const x = normal([3, 6, 5, 2]);
  const found = await activations(smooth, x, ["dense_1", "average_pooling2d_1"]);
  expect(found["average_pooling2d_1"].shape).toEqual([3, 3, 2, 3]);
  const { data } = await smooth.predict(x);
  expectClose(found["dense_1"].data, data, 1e-6, "the last layer's output");
});

it("a layer's own arithmetic: relu(x·w + b)", async () => {
  const small = sequential([
    dense({ units: 2, activation: "relu", inputShape: [2], name: "hidden" }),
    dense({ units: 1 }),
  ]);
  small.setWeights({
    ...Object.fromEntries(small.getWeights()),
    "hidden/kernel": floatArray([1, 2, 3, -4], [2, 2]),
    "hidden/bias": floatArray([0.5, 0], [2]),
  });
  const { hidden } = await activations(small, floatArray([1, 1, -1, 0], [2, 2]), ["hidden"]);
  // 1 + 3 + 0.5, max(0, 2 - 4); max(0, -1 + 0.5), max(0, -2)
  expect([...hidden.data]).toEqual([4.5, 0, 0, 0]);
});

it("each use of a layer that is used twice has a name", async () => {
  const x = input({ shape: [1] });
  const twice = dense({ units: 1, useBias: false, name: "twice" });
  const shared = model({ inputs: x, outputs: twice.apply(twice.apply(x)) });
  shared.setWeights({ "twice/kernel": floatArray([3], [1, 1]) });
  const found = await activations(shared, floatArray([2], [1, 1]), ["twice", "twice#2"]);
  expect([found.twice.data[0], found["twice#2"].data[0]]).toEqual([6, 18]);
});

it("names the layers there are for one that there is not", async () => {
  const call = activations(smoothClassifier(), normal([1, 6, 5, 2]), ["conv2d_3"]);
  await expect(call).rejects.toThrow(
    'smooth: layer must be one of conv2d_1, batch_normalization_1, average_pooling2d_1, conv2d_2, flatten_1, dropout_1, dense_1; got "conv2d_3"; did you mean "conv2d_',
  );
});

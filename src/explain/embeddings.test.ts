/** @file Vectors of examples. */
import { expect, it } from "vitest";
import { conv2d, dense, flatten, globalAveragePooling2d, sequential, softmax } from "../nn/index.ts";
import { loadDataset } from "../data/index.ts";
import { expectClose } from "../testing/compare.ts";
import { activations, embeddings } from "./index.ts";
import { normal, smoothClassifier } from "./testing/models.ts";

const x = normal([5, 6, 5, 2]);

it("are what the last layer with weights takes, before a softmax of its own", async () => {
  const net = sequential(
    [
      conv2d({ filters: 3, kernelSize: 2, inputShape: [6, 5, 2] }),
      flatten({ name: "vector" }),
      dense({ units: 2 }),
      softmax(),
    ],
    { threads: 1 },
  );
  const { vector } = await activations(net, x, ["vector"]);
  expect(await embeddings(net, x)).toEqual(vector);
});

it("of a layer with positions are the mean over them", async () => {
  const net = sequential(
    [
      conv2d({ filters: 3, kernelSize: 2, inputShape: [6, 5, 2], name: "maps" }),
      globalAveragePooling2d({ name: "means" }),
      dense({ units: 2 }),
    ],
    { threads: 1 },
  );
  const { means } = await activations(net, x, ["means"]);
  const found = await embeddings(net, x, { layer: "maps" });
  expect(found.shape).toEqual([5, 3]);
  expectClose(found.data, means.data, 1e-6, "means");
});

it("of a data set are those of its examples", async () => {
  const digits = await loadDataset("digits", { role: "test" });
  const few = { ...digits, length: 300, read: digits.read.bind(digits) };
  const net = sequential(
    [flatten({ inputShape: [28, 28, 1] }), dense({ units: 4, name: "hidden" }), dense({ units: 10 })],
    { threads: 1 },
  );
  const found = await embeddings(net, few);
  expect(found.shape).toEqual([300, 4]);
  const inputs = new Float32Array(784);
  await digits.read([299], inputs, new Int32Array(1));
  const { hidden } = await activations(net, { shape: [1, 28, 28, 1], data: inputs }, ["hidden"]);
  expectClose(found.data.subarray(4 * 299), hidden.data, 1e-6, "the last example");
});

it("says where there is nothing before the last layer, and what a data set must have", async () => {
  const single = sequential([dense({ units: 2, inputShape: [3] })], { threads: 1 });
  await expect(embeddings(single, normal([1, 3]))).rejects.toThrow('name a layer: { layer: "…" }');
  const digits = await loadDataset("digits", { role: "test" });
  await expect(embeddings(smoothClassifier(), digits)).rejects.toThrow(
    "one example must be [6,5,2]; data set",
  );
});

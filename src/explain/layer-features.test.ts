/** @file Feature maps of layers, and where their most active units look. */
import { expect, it } from "vitest";
import { batchNormalization, conv2d, dense, flatten, maxPooling2d, reLU, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { activations, layerFeatures, relevance } from "./index.ts";
import { normal, withOddWeights } from "./testing/models.ts";

const net = () =>
  withOddWeights(
    sequential(
      [
        conv2d({ name: "first", filters: 2, kernelSize: 3, padding: "same", inputShape: [12, 10, 1] }),
        batchNormalization(),
        reLU({ name: "shown" }),
        maxPooling2d(),
        conv2d({ name: "second", filters: 3, kernelSize: 3, activation: "relu" }),
        flatten(),
        dense({ units: 2 }),
      ],
      { threads: 1 },
    ),
  );

it("are those of the convolutions, after what belongs to them", async () => {
  const model = net();
  const x = normal([1, 12, 10, 1]);
  const found = await layerFeatures(model, x);
  expect(found.map(({ layer }) => layer)).toEqual(["shown", "second"]);
  const { shown } = await activations(model, x, ["shown"]);
  expect(found[0].values.data).toEqual(shown.data);
  expect(found[0].values.shape).toEqual([12, 10, 2]);
});

it("the field of the most active unit is what its output depends on", async () => {
  const model = net();
  const x = normal([1, 12, 10, 1]);
  const [, second] = await layerFeatures(model, x);
  const { position, channel } = second.strongest;
  const at = (position[0] * 3 + position[1]) * 3 + channel;
  const greatest = second.values.data.reduce((a, b) => Math.max(a, b));
  expect(second.values.data[at]).toBe(greatest);
  // 3, then 1 more apart 1, then 2 more apart 2: 8 samples, from one before the first
  expect(second.size).toEqual([8, 8]);
  expect(second.step).toEqual([2, 2]);
  expect(second.field).toEqual(
    position.map((place, axis) => ({
      start: Math.max(0, 2 * place - 1),
      end: Math.min([12, 10][axis], 2 * place + 7),
    })),
  );
  const outside = floatArray([...x.data], x.shape);
  const [rows, columns] = second.field ?? [];
  outside.data.forEach((_, i) => {
    const [row, column] = [Math.floor(i / 10), i % 10];
    const isInside = row >= rows.start && row < rows.end && column >= columns.start && column < columns.end;
    if (!isInside) outside.data[i] += 1;
  });
  const { second: changed } = await activations(model, outside, ["second"]);
  expect(changed.data[at]).toBe(greatest);
});

it("are those of all layers with weights where there is no convolution", async () => {
  const flat = sequential(
    [flatten({ inputShape: [2, 2, 1] }), dense({ name: "a", units: 3 }), dense({ name: "b", units: 2 })],
    { threads: 1 },
  );
  const found = await layerFeatures(flat, normal([1, 2, 2, 1]));
  expect(found.map(({ layer, field }) => [layer, field])).toEqual([
    ["a", undefined],
    ["b", undefined],
  ]);
});

it("takes one example, and layers that there are", async () => {
  await expect(layerFeatures(net(), normal([2, 12, 10, 1]))).rejects.toThrow("takes one example; got 2");
  const wrong = layerFeatures(net(), normal([1, 12, 10, 1]), { layers: ["secund"] });
  await expect(wrong).rejects.toThrow('got "secund"; did you mean "second"?');
});

it("relevance has one number for each position, whatever the method", async () => {
  const x = normal([2, 12, 10, 1]);
  for (const method of ["gradCam", "integratedGradients", "saliency", "occlusion"] as const) {
    const found = await relevance(net(), x, { method, class: 1 });
    expect(found.map.shape).toEqual([2, 12, 10]);
    expect(found.classes).toEqual([1, 1]);
  }
  await expect(relevance(net(), x, { baseline: 1 })).rejects.toThrow(
    'baseline is an option of "integratedGradients"; the method is "gradCam"',
  );
});

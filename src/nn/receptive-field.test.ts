/** @file Where receptive fields lie. Expected values by arithmetic, and by the network's own gradients. */
import { expect, it } from "vitest";
import { inputGradient } from "../explain/index.ts";
import { testValues } from "../testing/values.ts";
import { floatArray } from "../tensor/array.ts";
import {
  add,
  averagePooling1d,
  averagePooling2d,
  conv1d,
  conv2d,
  depthwiseConv2d,
  flatten,
  globalAveragePooling2d,
  input,
  model,
  sequential,
  upSampling1d,
  type Layer,
} from "./index.ts";
import { receptiveFields } from "./receptive-field.ts";

const startsOf = (layers: readonly Layer[]) => {
  const { network } = sequential([...layers], { threads: 1 });
  return receptiveFields(network).map((field) => field?.map(({ start, size, step }) => [start, size, step]));
};

it("begin before the input by the padding", () => {
  const layers = [
    conv2d({ filters: 1, kernelSize: [3, 5], padding: "same", inputShape: [8, 8, 1] }),
    averagePooling2d(),
    conv2d({ filters: 1, kernelSize: 3, padding: "same" }),
  ];
  expect(startsOf(layers).slice(1)).toEqual([
    [
      [-1, 3, 1],
      [-2, 5, 1],
    ],
    [
      [-1, 4, 2],
      [-2, 6, 2],
    ],
    // one place of padding, 2 samples each
    [
      [-3, 8, 2],
      [-4, 10, 2],
    ],
  ]);
});

/** The first and the last sample along the first axis that the gradient of one output position reaches. */
async function reached(layers: readonly Layer[], position: number): Promise<readonly [number, number]> {
  const features = sequential([...layers], { threads: 1 }).network;
  const [length, ...rest] = features.outputShape;
  const width = rest.reduce((a, b) => a * b, 1);
  const net = sequential([...layers, flatten()], { threads: 1 });
  const [shape] = net.network.inputShapes;
  const x = floatArray([...testValues("normal", [1, ...shape], 1).data], [1, ...shape]);
  const own = Array.from({ length: width }, (_, i) => position * width + i);
  const size = shape.slice(1).reduce((a, b) => a * b, 1);
  const touched = new Set<number>();
  for (const unit of own) {
    const { values } = await inputGradient(net, x, { class: unit });
    values.data.forEach((value, i) => value !== 0 && touched.add(Math.floor(i / size)));
  }
  expect(position).toBeLessThan(length);
  return [Math.min(...touched), Math.max(...touched)];
}

it.each<readonly [string, readonly Layer[], number]>([
  [
    "same, even stride",
    [conv1d({ filters: 2, kernelSize: 5, strides: 2, padding: "same", inputShape: [16, 1] })],
    3,
  ],
  [
    "same, odd length",
    [conv1d({ filters: 1, kernelSize: 4, strides: 3, padding: "same", inputShape: [17, 1] })],
    2,
  ],
  [
    "causal, dilated",
    [conv1d({ filters: 1, kernelSize: 3, dilationRate: 2, padding: "causal", inputShape: [20, 1] })],
    9,
  ],
  [
    "several",
    [
      conv1d({ filters: 2, kernelSize: 7, strides: 2, padding: "same", inputShape: [64, 1] }),
      averagePooling1d({ poolSize: 3, strides: 2, padding: 1 }),
      conv1d({ filters: 2, kernelSize: 3, padding: "same" }),
    ],
    7,
  ],
  ["depthwise", [depthwiseConv2d({ kernelSize: 3, strides: 2, padding: "same", inputShape: [12, 3, 2] })], 2],
  ["doubled", [conv1d({ filters: 1, kernelSize: 3, inputShape: [16, 1] }), upSampling1d()], 9],
])("are where gradients reach: %s", async (_, layers, position) => {
  const { network } = sequential([...layers], { threads: 1 });
  const [field] = receptiveFields(network).at(-1) ?? [];
  const [first, last] = await reached(layers, position);
  const start = field.start + position * field.step;
  // A window between two samples begins at the next whole one.
  expect([Math.ceil(start - 0.5), Math.ceil(start - 0.5) + field.size - 1]).toEqual([first, last]);
});

it("hold those of all branches, and the whole input behind a mean over all of it", () => {
  const x = input({ shape: [8, 8, 1] });
  const wide = conv2d({ filters: 1, kernelSize: 5, padding: "same" }).apply(x);
  const late = conv2d({ filters: 1, kernelSize: [2, 1], padding: "same" }).apply(x);
  const both = add().apply([wide, late]);
  const { network } = model({ inputs: x, outputs: globalAveragePooling2d().apply(both) }, { threads: 1 });
  const fields = receptiveFields(network).map((field) => field?.map(({ start, size }) => [start, size]));
  expect(fields.slice(-2)).toEqual([
    [
      [-2, 5],
      [-2, 5],
    ],
    [
      [0, 8],
      [0, 8],
    ],
  ]);
});

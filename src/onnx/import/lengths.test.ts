/** @file Files that leave lengths open: networks that are the same for each length, and those that are not. */
import { describe, expect, it } from "vitest";
import { AudioModel } from "../../audio-model/index.ts";
import { audioMetadata } from "../../audio-model/description.ts";
import { Model, reshape, withFirstLayers } from "../../nn/index.ts";
import { Network } from "../../nn/network.ts";
import { planForInputs } from "../../nn/plan-for-inputs.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { soundModel } from "../export/testing/built-in-models.ts";
import { runOnnx } from "../export/testing/run-onnx.ts";
import { exportOnnx, importOnnx } from "../index.ts";
import { channelsLast } from "./testing/channels-last.ts";
import { onnxBytes, type SmallGraph, type SmallNode } from "./testing/onnx-bytes.ts";

const normal = (shape: Shape, seed: number): FloatArray =>
  floatArray(Float32Array.from(testValues("normal", shape, seed).data), shape);
const floats = (shape: Shape, seed: number) => ({
  shape,
  floats: [...normal(shape, seed).data],
});
const ints = (...values: number[]) => ({ shape: [values.length], ints: values });

/** Weights of a convolution of 2 channels to 4, along one axis or two, and of a product behind it. */
const CONSTANTS = {
  "conv.weight": floats([4, 2, 3], 1),
  "conv.bias": floats([4], 2),
  "wide.weight": floats([4, 2, 3, 2], 3),
  "fc.weight": floats([4, 3], 4),
  zero: ints(0),
  one: ints(1),
  two: ints(2),
  scales: { shape: [3], floats: [1, 1, 2] },
};

const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: SmallNode["attributes"] = {},
): SmallNode => ({ op, inputs, outputs: [output], attributes });

const same = (rule: string) =>
  node("Conv", ["x", "conv.weight", "conv.bias"], "a", { auto_pad: { text: rule }, strides: { ints: [2] } });

/** Those of the constants that nodes take: ONNX Runtime warns of others. */
const usedBy = (nodes: readonly SmallNode[]) =>
  Object.fromEntries(
    Object.entries(CONSTANTS).filter(([name]) => nodes.some(({ inputs }) => inputs.includes(name))),
  );

const overTime = (nodes: readonly SmallNode[]): SmallGraph => ({
  inputs: { x: ["batch", 2, "time"] },
  outputs: ["y"],
  constants: usedBy(nodes),
  nodes,
});

const HEAD = [
  node("GlobalAveragePool", ["b"], "pooled"),
  node("Flatten", ["pooled"], "flat"),
  node("MatMul", ["flat", "fc.weight"], "y"),
];

const OPEN: Readonly<Record<string, readonly [graph: SmallGraph, shapes: readonly Shape[]]>> = {
  "a convolution with strides that keeps the length, as TensorFlow has it": [
    overTime([same("SAME_UPPER"), node("Relu", ["a"], "b"), ...HEAD]),
    [[2, 12], [2, 13], [2, 40], [2, 7]], // prettier-ignore
  ],
  "the same with more padding in front, which no layer has": [
    overTime([same("SAME_LOWER"), node("Relu", ["a"], "b"), ...HEAD]),
    [[2, 13], [2, 12], [2, 40], [2, 7]], // prettier-ignore
  ],
  "pooling with strides that keeps the length": [
    overTime([
      node("Conv", ["x", "conv.weight"], "a"),
      node("MaxPool", ["a"], "b", {
        kernel_shape: { ints: [3] },
        strides: { ints: [2] },
        auto_pad: { text: "SAME_UPPER" },
      }),
      ...HEAD,
    ]),
    [[2, 12], [2, 13], [2, 33]], // prettier-ignore
  ],
  "maps over two open axes, and a mean over both": [
    {
      ...overTime([
        node("Conv", ["x", "wide.weight"], "a", { pads: { ints: [1, 0, 1, 0] } }),
        node("ReduceMean", ["a"], "flat", { axes: { ints: [2, 3] }, keepdims: { int: 0 } }),
        node("MatMul", ["flat", "fc.weight"], "y"),
      ]),
      inputs: { x: ["batch", 2, "height", "width"] },
    },
    [[2, 6, 5], [2, 9, 5], [2, 6, 11], [2, 20, 17]], // prettier-ignore
  ],
  "answers for each step of time": [
    overTime([
      node("Conv", ["x", "conv.weight"], "a"),
      node("Transpose", ["a"], "b", { perm: { ints: [0, 2, 1] } }),
      node("MatMul", ["b", "fc.weight"], "y"),
    ]),
    [[2, 12], [2, 15], [2, 3]], // prettier-ignore
  ],
  "a shape that is computed from batch and time": [
    overTime([
      node("Conv", ["x", "conv.weight"], "a"),
      node("Shape", ["a"], "s"),
      node("Gather", ["s", "zero"], "n"),
      node("Gather", ["s", "two"], "t"),
      node("Mul", ["t", "two"], "twice"),
      node("Concat", ["n", "two", "twice"], "wanted", { axis: { int: 0 } }),
      node("Reshape", ["a", "wanted"], "halves"),
      node("ReduceMax", ["halves"], "y", { axes: { ints: [2] }, keepdims: { int: 0 } }),
    ]),
    [[2, 12], [2, 15], [2, 30]], // prettier-ignore
  ],
  "time that a view leaves open, and flattened maps with channels last": [
    overTime([
      node("Conv", ["x", "conv.weight"], "a"),
      node("Flatten", ["a"], "flat"),
      node("Relu", ["flat"], "positive"),
      node("ReduceSum", ["positive", "one"], "y", { keepdims: { int: 1 } }),
    ]),
    [[2, 12], [2, 13], [2, 30]], // prettier-ignore
  ],
  "an axis that comes and goes around convolutions": [
    {
      inputs: { x: ["batch", "time"] },
      outputs: ["y"],
      constants: { one: ints(1), "fc.weight": CONSTANTS["fc.weight"], w: floats([4, 1, 5], 7) },
      nodes: [
        node("Unsqueeze", ["x", "one"], "channel"),
        node("Conv", ["channel", "w"], "b", { strides: { ints: [2] } }),
        ...HEAD,
      ],
    },
    [[20], [21], [64]],
  ],
  repetitions: [
    overTime([
      node("Conv", ["x", "conv.weight"], "a"),
      node("Resize", ["a", "", "scales"], "b", {
        mode: { text: "nearest" },
        nearest_mode: { text: "floor" },
        coordinate_transformation_mode: { text: "asymmetric" },
      }),
      ...HEAD,
    ]),
    [[2, 12], [2, 13], [2, 30]], // prettier-ignore
  ],
};

/** A network with the same weights for other lengths. */
function forInput(network: Network, shape: Shape): Model {
  const plan = planForInputs(network, [shape]);
  return new Model(new Network(plan, network.getWeights()), { threads: 1 });
}

describe("a network whose file leaves lengths open gives ONNX Runtime's numbers within 1e-5 for others than it was made for", () => {
  it.each(Object.entries(OPEN))("%s", async (what, [graph, [own, ...others]]) => {
    const bytes = onnxBytes(graph);
    const { network, notes } = importOnnx(bytes, { input: own });
    expect(notes.filter((note) => note.includes("no other length"))).toEqual([]);
    const isLast = notes.some((note) => note.includes("channels last"));
    for (const shape of [own, ...others]) {
      const x = normal([3, ...shape], sizeOf(shape));
      const [expected] = await runOnnx(bytes, { x });
      const given = isLast ? channelsLast(x) : x;
      const actual = await forInput(network, given.shape.slice(1)).predict(given);
      expect(actual.shape).toEqual(expected.shape);
      expectClose(actual.data, expected.data, 1e-5, `${what} of ${shape.join()}`);
    }
  });
});

it("a network that depends on the length is one for the length that was given, with a note", async () => {
  const bytes = onnxBytes(
    overTime([node("Flatten", ["x"], "flat"), node("MatMul", ["flat", "fc.weight"], "y")]),
  );
  const { network, notes } = importOnnx(bytes, { input: [2, 2] });
  expect(notes.at(-1)).toMatch(/^takes "x" \[2,2\] alone, and no other length: "node 1" \(MatMul\): /);
  const x = normal([2, 2, 2], 1);
  const [expected] = await runOnnx(bytes, { x });
  expectClose((await new Model(network, { threads: 1 }).predict(x)).data, expected.data, 1e-5, "fixed");
});

it("a network on samples that pools over time leaves again with open time, and gives the first file's numbers", async () => {
  const [graph] = OPEN["an axis that comes and goes around convolutions"];
  const bytes = onnxBytes(graph);
  const { network } = importOnnx(bytes, { input: [4000] });
  const onSamples = withFirstLayers(network, [4000, 1], [reshape({ targetShape: [-1] })]);
  const model = new Model(onSamples, { threads: 1 });
  model.metadata = audioMetadata({
    task: "regression",
    classNames: ["a", "b", "c"],
    frontEnd: { kind: "waveform", sampleRate: 8000 },
    windowFrames: 4000,
  });
  expect(new AudioModel(model).description.windowFrames).toBe(4000);
  const again = exportOnnx(model);
  expect(again.fixedTime).toBeUndefined();
  for (const length of [4000, 5001, 9000]) {
    const x = normal([2, length], length);
    const [expected] = await runOnnx(bytes, { x });
    const [actual] = await runOnnx(again.bytes, { waveform: x });
    expectClose(actual.data, expected.data, 1e-5, `${length} samples`);
  }
});

it("files of the library with open time keep it when they are read and written again", async () => {
  const { model, samples } = soundModel("mel-cnn", "classification", { steps: 64 });
  const first = exportOnnx(model, { from: "features" });
  expect(first.fixedTime).toBeUndefined();
  const { network, metadata, notes } = importOnnx(first.bytes);
  expect(notes).toEqual([]);
  const again = new Model(network, { threads: 1 });
  again.metadata = metadata;
  const second = exportOnnx(again, { from: "features" });
  expect(second.fixedTime).toBeUndefined();
  const [, , ...step] = first.inputs[0].shape as readonly number[];
  expect(samples).toBeGreaterThan(0);
  for (const time of [64, 71, 150]) {
    const features = normal([2, time, ...step], time);
    const [expected] = await runOnnx(first.bytes, { features });
    const [actual] = await runOnnx(second.bytes, { features });
    expectClose(actual.data, expected.data, 1e-5, `${time} steps`);
  }
});

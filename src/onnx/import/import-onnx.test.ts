/** @file Networks from ONNX files: those of PyTorch and Keras, the layers that nodes become, and what is refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { adam, Model, type Network } from "../../nn/index.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { runOnnx } from "../export/testing/run-onnx.ts";
import { exportOnnx, importOnnx, UnsupportedNodes } from "../index.ts";
import { channelsLast } from "./testing/channels-last.ts";
import { onnxBytes, type SmallGraph } from "./testing/onnx-bytes.ts";

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`testing/${name}`, import.meta.url));
}

interface Encoded {
  readonly shape: readonly number[];
  readonly data: string;
}

function decoded({ shape, data }: Encoded): FloatArray {
  return floatArray(new Float32Array(Uint8Array.from(Buffer.from(data, "base64")).buffer), shape);
}

function classesOf(network: Network): string[] {
  return network.layers.map(({ layer }) => layer.className);
}

describe("networks of PyTorch (tools/oracle/make_onnx_models.py) give ONNX Runtime's numbers within 1e-5", () => {
  it.each(["mixed", "sound"])("%s, which learns and is exported again", async (name) => {
    const facts = JSON.parse(fixture(`torch-${name}.json`).toString()) as {
      readonly inputs: { readonly x: Encoded };
      readonly outputs: { readonly y: Encoded };
    };
    const { network } = importOnnx(fixture(`torch-${name}.onnx`), { file: name });
    const given = decoded(facts.inputs.x);
    const x = name === "mixed" ? channelsLast(given) : given;
    const model = new Model(network, { threads: 1 });
    const expected = decoded(facts.outputs.y);
    const actual = await model.predict(x);
    expect(actual.shape).toEqual(expected.shape);
    expectClose(actual.data, expected.data, 1e-5, name);
    const targets = floatArray(
      expected.data.map((_, i) => Math.sin(i)),
      expected.shape,
    );
    model.compile({ optimizer: adam({ learningRate: 0.003 }), loss: "mse" });
    const before = (await model.evaluate(x, targets)).loss;
    await model.fit(x, targets, { epochs: 10 });
    expect((await model.evaluate(x, targets)).loss).toBeLessThan(before);
    const learnt = await model.predict(x);
    const file = exportOnnx(model);
    const [again] = await runOnnx(file.bytes, { [file.inputs[0].name]: x });
    expectClose(again.data, learnt.data, 1e-4, `${name}, exported again`);
  });
});

it("a network of Keras has its layers and no transposition left", async () => {
  const bytes = fixture("keras-resnet.onnx");
  const { network, notes } = importOnnx(bytes);
  expect(notes).toEqual([]);
  expect(network.inputShapes).toEqual([[32, 32, 3]]);
  const classes = classesOf(network);
  expect(classes).not.toContain("Permute");
  expect(classes).not.toContain("Operations");
  expect(classes.filter((name) => name === "Conv2D").length).toBe(7);
  expect(classes.slice(-3)).toEqual(["GlobalAveragePooling2D", "Dense", "Softmax"]);
  const x = floatArray(
    Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => Math.sin(i)),
    [2, 32, 32, 3],
  );
  const [expected] = await runOnnx(bytes, { x });
  expectClose((await new Model(network, { threads: 1 }).predict(x)).data, expected.data, 1e-5, "keras");
});

/** A convolution with channels first, then all numbers of its maps into a product. */
const CONVOLUTION: SmallGraph = {
  inputs: { x: ["batch", 2, 4, 3] },
  outputs: ["y"],
  constants: {
    "conv.weight": { shape: [3, 2, 2, 2], floats: Array.from({ length: 24 }, (_, i) => Math.sin(i)) },
    "conv.bias": { shape: [3], floats: [1, -1, 0.5] },
    "fc.weight": { shape: [2, 18], floats: Array.from({ length: 36 }, (_, i) => Math.cos(i)) },
  },
  nodes: [
    {
      op: "Conv",
      inputs: ["x", "conv.weight", "conv.bias"],
      outputs: ["a"],
      attributes: { strides: { ints: [1, 1] } },
    },
    { op: "Relu", inputs: ["a"], outputs: ["b"] },
    { op: "Flatten", inputs: ["b"], outputs: ["c"] },
    { op: "Gemm", inputs: ["c", "fc.weight"], outputs: ["y"], attributes: { transB: { int: 1 } } },
  ],
};

it("a flat list of maps needs no transposition: the rows of the product take their order; layers have the modules' names", async () => {
  const bytes = onnxBytes(CONVOLUTION);
  const { network, notes } = importOnnx(bytes);
  expect(network.layers.map(({ name, layer }) => `${name}: ${layer.className}`)).toEqual([
    "conv: Conv2D",
    "node.1: ReLU",
    "flatten_1: Flatten",
    "fc: Dense",
  ]);
  expect(notes).toEqual(['the input "x" takes channels last, as [4,3,2]']);
  const x = floatArray(
    Float32Array.from({ length: 3 * 24 }, (_, i) => Math.sin(3 * i)),
    [3, 2, 4, 3],
  );
  const [expected] = await runOnnx(bytes, { x });
  const actual = await new Model(network, { threads: 1 }).predict(channelsLast(x));
  expectClose(actual.data, expected.data, 1e-6, "convolution");
});

it("a file for a batch of one is a network for any batch", async () => {
  const bytes = onnxBytes({
    inputs: { x: [1, 2, 3] },
    outputs: ["y"],
    constants: {
      shape: { shape: [2], ints: [1, 6] },
      w: { shape: [6, 2], floats: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
    },
    nodes: [
      { op: "Reshape", inputs: ["x", "shape"], outputs: ["flat"] },
      { op: "MatMul", inputs: ["flat", "w"], outputs: ["y"] },
    ],
  });
  const { network } = importOnnx(bytes);
  const x = floatArray([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [2, 2, 3]);
  const { data } = await new Model(network, { threads: 1 }).predict(x);
  expect([...data]).toEqual([1, 2, 11, 12]);
});

it("a shape that is computed from the batch is part of the layer that needs it", async () => {
  const bytes = onnxBytes({
    inputs: { x: ["batch", 4, 3] },
    outputs: ["y"],
    constants: {
      zero: { shape: [1], ints: [0] },
      two: { shape: [1], ints: [2] },
      rest: { shape: [1], ints: [-1] },
    },
    nodes: [
      { op: "Shape", inputs: ["x"], outputs: ["s"] },
      { op: "Gather", inputs: ["s", "zero"], outputs: ["n"] },
      { op: "Mul", inputs: ["n", "two"], outputs: ["twice"] },
      { op: "Concat", inputs: ["twice", "rest"], outputs: ["wanted"], attributes: { axis: { int: 0 } } },
      { op: "Reshape", inputs: ["x", "wanted"], outputs: ["halves"] },
      {
        op: "ReduceMax",
        inputs: ["halves"],
        outputs: ["most"],
        attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
      },
      { op: "Concat", inputs: ["n", "two"], outputs: ["back"], attributes: { axis: { int: 0 } } },
      { op: "Reshape", inputs: ["most", "back"], outputs: ["y"] },
    ],
  });
  const { network } = importOnnx(bytes);
  expect(classesOf(network)).toEqual(["Operations"]);
  const x = floatArray(
    Float32Array.from({ length: 24 }, (_, i) => i),
    [2, 4, 3],
  );
  const { data, shape } = await new Model(network, { threads: 1 }).predict(x);
  expect(shape).toEqual([2, 2]);
  expect([...data]).toEqual([5, 11, 17, 23]);
});

it("a layer of the file that is used twice has its weights once", () => {
  const { network } = importOnnx(
    onnxBytes({
      inputs: { x: ["batch", 3] },
      outputs: ["y"],
      constants: { "fc.weight": { shape: [3, 3], floats: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
      nodes: [
        { op: "MatMul", inputs: ["x", "fc.weight"], outputs: ["a"] },
        { op: "MatMul", inputs: ["a", "fc.weight"], outputs: ["y"] },
      ],
    }),
  );
  expect(network.weights).toHaveLength(1);
  expect(network.nodes).toHaveLength(2);
});

function problemOf(graph: SmallGraph, options = {}): AuricleError {
  try {
    importOnnx(onnxBytes(graph), { file: "net.onnx", ...options });
  } catch (error) {
    if (error instanceof AuricleError) return error;
    throw error;
  }
  throw new Error("it was imported");
}

describe("what is refused", () => {
  it("all nodes without a counterpart are listed at once, with their operations and reasons", () => {
    const error = problemOf({
      inputs: { x: ["batch", 4] },
      outputs: ["y"],
      nodes: [
        { op: "LSTM", inputs: ["x"], outputs: ["a"] },
        { op: "Relu", inputs: ["a"], outputs: ["b"] },
        { op: "Det", inputs: ["b"], outputs: ["c"] },
        { op: "FusedConv", domain: "com.microsoft", inputs: ["c"], outputs: ["d"] },
        { op: "TopK", inputs: ["x", "x"], outputs: ["e", "f"] },
        { op: "Add", inputs: ["d", "e"], outputs: ["y"] },
      ],
    });
    expect(error).toBeInstanceOf(UnsupportedNodes);
    expect(error.code).toBe("unsupported");
    expect(error.message.split("\n")).toEqual([
      "net.onnx: 4 nodes cannot be imported:",
      '  "node 0" (LSTM): there is no such operation here',
      '  "node 2" (Det): there is no such operation here',
      '  "node 3" (com.microsoft.FusedConv): there is no such operation here',
      `  "node 4" (TopK): input 1 depends on the network's input, and must be constant`,
    ]);
  });

  it.each<[string, SmallGraph, RegExp]>([
    [
      "a cycle",
      {
        inputs: { x: ["batch", 4] },
        outputs: ["b"],
        nodes: [
          { op: "Add", inputs: ["x", "b"], outputs: ["a"] },
          { op: "Relu", inputs: ["a"], outputs: ["b"] },
        ],
      },
      /^net\.onnx: the graph has a cycle: "node 1" depends on itself/,
    ],
    [
      "a name that nothing gives",
      { inputs: { x: ["batch", 4] }, outputs: ["y"], nodes: [{ op: "Relu", inputs: ["z"], outputs: ["y"] }] },
      /^net\.onnx: node "node 0" takes "z", which nothing gives/,
    ],
    [
      "two values of one name",
      {
        inputs: { x: ["batch", 4] },
        outputs: ["y"],
        nodes: [
          { op: "Relu", inputs: ["x"], outputs: ["y"] },
          { op: "Tanh", inputs: ["x"], outputs: ["y"] },
        ],
      },
      /^net\.onnx: two values are called "y"/,
    ],
    [
      "an old version",
      { ...CONVOLUTION, opset: 6 },
      /^net\.onnx: uses version 6 of ONNX's operations; versions 7 to \d+ are read/,
    ],
    [
      "numbers that are not as many as their shape says",
      { ...CONVOLUTION, constants: { ...CONVOLUTION.constants, "conv.bias": { shape: [3], floats: [1] } } },
      /^net\.onnx: tensor "conv\.bias" \[3\] must hold 3 numbers; it has 1/,
    ],
    [
      "a shape whose product is beyond all memory",
      {
        ...CONVOLUTION,
        constants: {
          ...CONVOLUTION.constants,
          "conv.bias": { shape: [2 ** 27, 2 ** 27, 2 ** 27], floats: [1] },
        },
      },
      /^net\.onnx: tensor "conv\.bias" \[\d+,\d+,\d+\] has more numbers than/,
    ],
    [
      "an open length",
      { ...CONVOLUTION, inputs: { x: ["batch", 2, "height", 3] } },
      /^net\.onnx: the input "x" is \[batch,2,height,3\]: give the shape of one example/,
    ],
    [
      "an output that is a constant",
      {
        inputs: { x: ["batch", 4] },
        outputs: ["y"],
        constants: { c: { shape: [1, 2], floats: [1, 2] } },
        nodes: [{ op: "Relu", inputs: ["c"], outputs: ["y"] }],
      },
      /^net\.onnx: the output "y" does not depend on the input/,
    ],
  ])("%s", (_, graph, pattern) => {
    expect(problemOf(graph).message).toMatch(pattern);
  });

  it("an open length is taken from the options, and compared with the file's", () => {
    const open: SmallGraph = { ...CONVOLUTION, inputs: { x: ["batch", 2, "height", 3] } };
    expect(importOnnx(onnxBytes(open), { input: [2, 4, 3] }).network.inputShapes).toEqual([[4, 3, 2]]);
    expect(problemOf(open, { input: [3, 4, 3] }).message).toMatch(
      /takes examples of \[2,height,3\]; got \[3,4,3\]/,
    );
  });

  it("bytes that are no ONNX file", () => {
    expect(() => importOnnx(new Uint8Array())).toThrow(/is no ONNX file: it has no graph/);
    expect(() => importOnnx(Uint8Array.from({ length: 500 }, (_, i) => i % 251))).toThrow(AuricleError);
  });
});

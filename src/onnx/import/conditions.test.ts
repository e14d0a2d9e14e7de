/** @file Files with conditions, settings, and graphs for a batch of one: what they become, and what is listed where they cannot. */
import { expect, it } from "vitest";
import { Model } from "../../nn/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { runOnnx } from "../export/testing/run-onnx.ts";
import { importOnnx } from "../index.ts";
import { onnxBytes, type SmallGraph } from "./testing/onnx-bytes.ts";

/** Makes a model of two branches: it doubles the input at a rate of 16000, and squares what is around it at others. */
const BRANCHES: SmallGraph = {
  inputs: { x: ["batch", 3], rate: [] },
  outputs: ["y"],
  constants: { wanted: { shape: [], floats: [16000] }, two: { shape: [], floats: [2] } },
  nodes: [
    { op: "Relu", inputs: ["x"], outputs: ["positive"] },
    { op: "Equal", inputs: ["rate", "wanted"], outputs: ["isWanted"] },
    {
      op: "If",
      inputs: ["isWanted"],
      outputs: ["y"],
      graphs: {
        then_branch: {
          nodes: [{ op: "Mul", inputs: ["positive", "two"], outputs: ["own"] }],
          outputs: ["own"],
        },
        else_branch: {
          nodes: [{ op: "Mul", inputs: ["positive", "positive"], outputs: ["own"] }],
          outputs: ["own"],
        },
      },
    },
  ],
};

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing was refused");
}

it.each([
  [16000, [2, 0, 6]],
  [8000, [1, 0, 9]],
])("a condition on a setting takes its branch: a rate of %i", async (rate, expected) => {
  const { network } = importOnnx(onnxBytes(BRANCHES), { settings: { rate } });
  expect(network.inputNames).toEqual(["x"]);
  const { data } = await new Model(network, { threads: 1 }).predict(floatArray([1, -2, 3], [1, 3]));
  expect([...data]).toEqual(expected);
});

it("settings that are missing, and names that are none, are said", () => {
  const bytes = onnxBytes(BRANCHES);
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx" }))).toBe(
    'net.onnx: the input "rate" is one number, a setting: give it as --set rate=…',
  );
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx", settings: { x: 1, rate: 1 } }))).toBe(
    'net.onnx: "x" is no input of one number; the inputs are "x", "rate"',
  );
});

it("where nodes are missing, those of all branches are listed, and with them the inputs that do not fit", () => {
  const recurrent = (name: string) => ({
    nodes: [
      { op: "LSTM", inputs: ["positive"], outputs: [`${name} a`] },
      { op: "Relu", inputs: [`${name} a`], outputs: [`${name} b`] },
    ],
    outputs: [`${name} b`],
  });
  const condition = BRANCHES.nodes[2];
  const nodes = [
    ...BRANCHES.nodes.slice(0, 2),
    { ...condition, graphs: { then_branch: recurrent("fast"), else_branch: recurrent("slow") } },
  ];
  const bytes = onnxBytes({ ...BRANCHES, nodes });
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx" })).split("\n")).toEqual([
    "net.onnx: 2 nodes and 1 input cannot be imported:",
    '  "node 0" (LSTM): there is no such operation here',
    '  "node 0" (LSTM): there is no such operation here',
    '  "rate" (input): is one number, a setting: give it as --set rate=…',
  ]);
  // The branch that is not taken does not matter.
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx", settings: { rate: 1 } })).split("\n")).toEqual(
    ["net.onnx: 1 node cannot be imported:", '  "node 0" (LSTM): there is no such operation here'],
  );
});

it("a condition that depends on the input is refused", () => {
  const nodes = [
    { op: "ReduceMax", inputs: ["x"], outputs: ["rate"], attributes: { keepdims: { int: 0 } } },
    ...BRANCHES.nodes,
  ];
  const bytes = onnxBytes({ ...BRANCHES, inputs: { x: ["batch", 3] }, nodes });
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx" })).split("\n")[1]).toMatch(
    /^ {2}"node 3" \(If\): its condition depends on the network's input, and must be constant$/,
  );
});

it("a loop is listed with what is in it", () => {
  const body = {
    inputs: ["i", "go"],
    nodes: [{ op: "Det", inputs: ["x"], outputs: ["d"] }],
    outputs: ["go", "d"],
  };
  const nodes = [{ op: "Loop", inputs: ["two", ""], outputs: ["y"], graphs: { body } }];
  const bytes = onnxBytes({ ...BRANCHES, inputs: { x: ["batch", 3] }, nodes });
  expect(messageOf(() => importOnnx(bytes, { file: "net.onnx" })).split("\n")).toEqual([
    "net.onnx: 2 nodes cannot be imported:",
    '  "node 0" (Loop): there is no such operation here',
    '  "node 0" (Det): there is no such operation here',
  ]);
});

/**
 * Frames of a sound in rows, as one batch; the place of the largest among bands that a setting allows, and a mean of three around it:
 * what a pitch tracker does.
 */
const FRAMES: SmallGraph = {
  inputs: { sound: [1, "samples"], lowest: [] },
  outputs: ["y"],
  constants: {
    rows: { shape: [2], ints: [-1, 4] },
    back: { shape: [3], ints: [1, -1, 6] },
    basis: { shape: [4, 6], floats: Array.from({ length: 24 }, (_, i) => Math.sin(3 * i)) },
    bands: { shape: [6], floats: [0, 1, 2, 3, 4, 5] },
    least: { shape: [], floats: [-Infinity] },
    around: { shape: [3], ints: [-1, 0, 1] },
    one: { shape: [], ints: [1] },
    pads: { shape: [6], ints: [0, 0, 1, 0, 0, 1] },
  },
  nodes: [
    { op: "Reshape", inputs: ["sound", "rows"], outputs: ["frames"] },
    { op: "MatMul", inputs: ["frames", "basis"], outputs: ["spectrum"] },
    { op: "Reshape", inputs: ["spectrum", "back"], outputs: ["scores"] },
    { op: "GreaterOrEqual", inputs: ["bands", "lowest"], outputs: ["allowed"] },
    { op: "Where", inputs: ["allowed", "scores", "least"], outputs: ["masked"] },
    { op: "ArgMax", inputs: ["masked"], outputs: ["best"], attributes: { axis: { int: -1 } } },
    { op: "Add", inputs: ["best", "around"], outputs: ["three"] },
    { op: "Add", inputs: ["three", "one"], outputs: ["shifted"] },
    { op: "Pad", inputs: ["masked", "pads", "least"], outputs: ["padded"] },
    {
      op: "GatherElements",
      inputs: ["padded", "shifted"],
      outputs: ["near"],
      attributes: { axis: { int: -1 } },
    },
    { op: "Softmax", inputs: ["near"], outputs: ["y"], attributes: { axis: { int: -1 } } },
  ],
};

it("a graph for a batch of one that mixes axes with the batch computes examples one by one, in ONNX Runtime's numbers to 1e-5", async () => {
  const bytes = onnxBytes(FRAMES);
  const { network, notes } = importOnnx(bytes, { input: [20], settings: { lowest: 2 } });
  expect(notes.at(-1)).toMatch(/^the file is for a batch of one/);
  const x = floatArray(Float32Array.from(testValues("normal", [3, 20], 1).data), [3, 20]);
  const { data, shape } = await new Model(network, { threads: 1 }).predict(x);
  expect(shape).toEqual([3, 5, 3]);
  for (let i = 0; i < 3; i++) {
    const sound = floatArray(x.data.slice(20 * i, 20 * i + 20), [1, 20]);
    const [expected] = await runOnnx(bytes, { sound, lowest: floatArray([2], []) });
    expectClose(data.slice(15 * i, 15 * i + 15), expected.data, 1e-5, `example ${i}`);
  }
});

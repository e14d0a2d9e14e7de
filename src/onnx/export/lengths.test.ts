/** @file Graphs that were traced for some lengths, in ONNX Runtime for others; and computations that are another one for each length. */
import { describe, expect, it } from "vitest";
import { evaluate } from "../../graph/interpret.ts";
import { constantTensor, inputTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  add,
  averagePool1d,
  broadcastTo,
  concat,
  conv1d,
  matmul,
  max,
  maxPool1d,
  mean,
  multiply,
  pad,
  relu,
  reshape,
  slice,
  softmax,
  subtract,
  tanh,
  transpose,
} from "../../ops/index.ts";
import { floatArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { emitGraph } from "./emit.ts";
import { modelBytes } from "./model-bytes.ts";
import { runOnnx } from "./testing/run-onnx.ts";
import { joinTraces, LengthError } from "./traces.ts";

const CHANNELS = 3;

type Computation = (x: Tensor) => Tensor;

/** The traces' batches and lengths, and others, which the file was not made for. */
const TRACED = [[2, 9], [3, 9], [2, 10], [2, 11], [2, 13], [2, 17]] as const; // prettier-ignore
const OTHERS = [[1, 9], [2, 12], [5, 20], [1, 31]] as const; // prettier-ignore

function constant(shape: readonly number[], seed: number): Tensor {
  return constantTensor(testValues("normal", shape, seed));
}

function graphOf(compute: Computation, [batch, time]: readonly [number, number]) {
  const x = inputTensor([batch, time, CHANNELS], "float32");
  return { inputs: [x], outputs: [compute(x)], assignments: [] };
}

function bytesOf(compute: Computation): Uint8Array {
  const joined = joinTraces(TRACED.map((sizes) => graphOf(compute, sizes)));
  const emitted = emitGraph(joined, ["x"], ["y"]);
  const rank = joined.outputs[0].dims.length;
  const open = Array.from({ length: rank }, (_, axis) => `axis${axis}`);
  return modelBytes({
    name: "lengths",
    emitted,
    inputs: [{ name: "x", type: "float32", shape: ["batch", "time", CHANNELS] }],
    outputs: [{ name: "y", type: "float32", shape: open }],
    metadata: {},
  });
}

const filter = (window: number, outputs: number) => constant([window, CHANNELS, outputs], window);

const COMPUTATIONS: Readonly<Record<string, Computation>> = {
  "a mean over time": (x) => mean(x, 1),
  "a mean of all, repeated": (x) => subtract(x, mean(x, [1, 2], true)),
  "a softmax over time": (x) => softmax(x, 1),
  "the outermost steps, repeated": (x) => {
    const [batch, time] = x.shape;
    const edge = (at: number) =>
      broadcastTo(slice(x, [0, at, 0], [batch, 1, CHANNELS]), [batch, 4, CHANNELS]);
    return concat([edge(0), x, edge(time - 1)], 1);
  },
  "all but the outermost steps": (x) => slice(x, [0, 1, 0], [x.shape[0], x.shape[1] - 3, CHANNELS]),
  "steps before the end": (x) => slice(x, [0, x.shape[1] - 5, 0], [x.shape[0], 2, CHANNELS]),
  "mirrored ends": (x) => pad(x, [[0, 0], [2, 3], [0, 0]], "reflect"), // prettier-ignore
  "a matrix product over all steps of all examples": (x) =>
    reshape(matmul(reshape(x, [x.shape[0] * x.shape[1], CHANNELS]), constant([CHANNELS, 4], 1)), [...x.shape.slice(0, 2), 4]), // prettier-ignore
  "known numbers, the same for every example and step, joined": (x) =>
    concat([x, broadcastTo(constant([2], 5), [x.shape[0], x.shape[1], 2])], 2),
  "a convolution with steps, padded by its length": (x) =>
    conv1d(x, filter(4, 5), { strides: 3, padding: "same" }),
  "causal convolution, and dilated": (x) =>
    conv1d(conv1d(x, filter(3, CHANNELS), { padding: "causal", dilationRate: 2 }), filter(2, 4)),
  "pooling, padded by its length": (x) =>
    add(
      maxPool1d(x, { poolSize: 3, strides: 2, padding: "same" }),
      averagePool1d(x, { poolSize: 3, strides: 2, padding: "same" }),
    ),
  "two of one length, of three axes": (x) => matmul(x, transpose(x, [0, 2, 1])),
  "the largest of all steps": (x) => max(multiply(x, constant([CHANNELS], 2)), 1),
};

describe("a computation for any batch and length", () => {
  it.each(Object.entries(COMPUTATIONS))("%s", async (name, compute) => {
    const bytes = bytesOf(compute);
    for (const sizes of [...TRACED.slice(0, 1), ...OTHERS]) {
      const graph = graphOf(compute, sizes);
      const x = testValues("normal", graph.inputs[0].shape, 3);
      const [expected] = evaluate(graph.outputs, new Map([[graph.inputs[0], Float64Array.from(x.data)]]));
      const [actual] = await runOnnx(bytes, { x });
      expect(actual.shape, `${name}, ${sizes.join("×")}`).toEqual(graph.outputs[0].shape);
      expectClose(actual.data, expected, 1e-5, `${name}, ${sizes.join("×")}`);
    }
  });
});

describe("a computation that is another one for another length is refused", () => {
  const weights = (time: number) => constantTensor(floatArray(new Float32Array(time).fill(0.5), [time, 1]));
  const refused: Readonly<Record<string, readonly [Computation, RegExp]>> = {
    "weights for each step": [
      (x) => multiply(x, weights(x.shape[1])),
      /constant depends on the input's length/,
    ],
    "a factor of the length": [
      (x) => multiply(x, x.shape[1]),
      /a number depends on the input's length: 9, 9, 10/,
    ],
    "a step for each step": [
      (x) => Array.from({ length: x.shape[1] }).reduce<Tensor>((y) => add(y, 1), x),
      /the number of operations depends on the input's length/,
    ],
    "another operation for odd lengths": [
      (x) => (x.shape[1] % 2 === 1 ? relu(x) : tanh(x)),
      /relu depends on the input's length/,
    ],
    "the middle": [
      (x) => slice(x, [0, Math.floor(x.shape[1] / 2), 0], [x.shape[0], 1, CHANNELS]),
      /a slice of axis 1 begins or ends at a place that depends on the input's length/,
    ],
    "padding by the length that is not that of same": [
      (x) => conv1d(x, filter(3, 2), { strides: 2, padding: [[x.shape[1] % 3, 0]] }),
      /the padding of convolution depends on the input's length/,
    ],
  };
  it.each(Object.entries(refused))("%s", (_, [compute, message]) => {
    expect(() => bytesOf(compute)).toThrow(LengthError);
    expect(() => bytesOf(compute)).toThrow(message);
  });
});

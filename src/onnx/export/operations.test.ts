/** @file Each primitive operation in ONNX Runtime, against the operation's own loops; and random graphs of them, against the engine. */
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { evaluate } from "../../graph/interpret.ts";
import { constantTensor, inputTensor } from "../../graph/sources.ts";
import type { Graph } from "../../graph/graph.ts";
import { randomGraph } from "../../graph/testing/random-graph.ts";
import { TESTED_OPERATIONS } from "../../ops/testing/cases.ts";
import {
  add,
  divide,
  exp,
  gather,
  gradients,
  max,
  multiply,
  softmax,
  subtract,
  sum,
  where,
} from "../../ops/index.ts";
import { randomUniform } from "../../ops/random.ts";
import { conv2d } from "../../ops/convolution.ts";
import { expectClose } from "../../testing/compare.ts";
import { inputsOf } from "../../testing/check-operation.ts";
import { testValues } from "../../testing/values.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import { RULES } from "./rules/table.ts";
import { ModelProtoSchema } from "../schema/onnx_pb.ts";
import { graphBytes } from "./testing/graph-bytes.ts";
import { runOnnx } from "./testing/run-onnx.ts";

/** float32 sums of a few thousand products. */
const TOLERANCE = 1e-5;

function named(arrays: readonly NumericArray[]): Record<string, NumericArray> {
  return Object.fromEntries(arrays.map((array, i) => [`x${i}`, array]));
}

/** Compares all outputs of a graph; integers must be equal. */
async function check(graph: Graph, arrays: readonly NumericArray[], what: string): Promise<void> {
  const given = graph.inputs.map((tensor, i) => [tensor, Float64Array.from(arrays[i].data)] as const);
  const expected = evaluate(graph.outputs, new Map(given));
  const actual = await runOnnx(graphBytes(graph), named(arrays));
  graph.outputs.forEach(({ shape, dtype }, i) => {
    expect(actual[i].shape, what).toEqual(shape);
    expectClose(actual[i].data, expected[i], dtype === "int32" ? 0 : TOLERANCE, `${what}: output ${i}`);
  });
}

const REFUSED = Object.entries(RULES).flatMap(([name, rule]) => (typeof rule === "string" ? [name] : []));

describe("every operation with a rule gives its own numbers in ONNX Runtime, within 1e-5 of the largest", () => {
  it.each(TESTED_OPERATIONS.filter(({ name }) => !REFUSED.includes(name)))(
    "$name",
    async ({ name, cases }) => {
      expect(cases.length).toBeGreaterThan(0);
      for (const one of cases) {
        const inputs = one.inputs.map(({ shape, dtype }) => inputTensor(shape, dtype));
        await check(
          { inputs, outputs: [one.apply(inputs)], assignments: [] },
          inputsOf(one),
          `${name} ${one.title}`,
        );
      }
    },
  );
});

it("operations without a rule are those of gradients and random numbers", () => {
  expect(REFUSED).toEqual([
    "convolutionFilterGradient",
    "depthwiseFilterGradient",
    "siluDerivative",
    "mishDerivative",
    "geluTanhDerivative",
    "geluDerivative",
    "scatterAdd",
    "maxPoolWinner",
    "maxPoolGradient",
    "maxPoolSelection",
    "averagePoolGradient",
    "mixKey",
    "randomBits",
    "unitInterval",
    "standardNormal",
  ]);
});

it("a graph with several of these is refused once, by all of their names", () => {
  const x = inputTensor([1, 6, 6, 1], "float32");
  const filter = inputTensor([3, 3, 1, 2], "float32");
  const key = inputTensor([], "int32");
  const [gradient] = gradients(sum(conv2d(x, filter)), [filter]);
  const outputs = [gradient, randomUniform([4], key, 1)];
  const refused = () => graphBytes({ inputs: [x, filter, key], outputs, assignments: [] });
  expect(refused).toThrow(AuricleError);
  expect(refused).toThrow(
    "there are no ONNX nodes for convolutionFilterGradient (gradients), mixKey (random numbers), " +
      "randomBits (random numbers), unitInterval (random numbers); export a network in inference",
  );
});

it("indices outside the axis give NaN, as in the engine", async () => {
  const x = inputTensor([3, 2], "float32");
  const indices = inputTensor([4], "int32");
  const graph = { inputs: [x, indices], outputs: [gather(x, indices)], assignments: [] };
  const arrays = [floatArray([1, 2, 3, 4, 5, 6], [3, 2]), intArray([2, -1, 0, 3], [4])];
  const [{ data }] = await runOnnx(graphBytes(graph), named(arrays));
  expect([...data]).toEqual([5, 6, NaN, NaN, 1, 2, NaN, NaN]);
});

it("a condition that is no 0 or 1 chooses as in the engine", async () => {
  const [condition, a, b] = [0, 1, 2].map(() => inputTensor([4], "float32"));
  const graph = { inputs: [condition, a, b], outputs: [where(condition, a, b)], assignments: [] };
  const arrays = [
    [0, -0.25, NaN, 3],
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ].map((values) => floatArray(values, [4]));
  const [{ data }] = await runOnnx(graphBytes(graph), named(arrays));
  expect([...data]).toEqual([5, 2, 3, 4]);
});

it("sums that are repeated along another axis than a softmax's are no softmax", async () => {
  const x = inputTensor([4, 4], "float32");
  const powers = exp(subtract(x, max(x, 1, true)));
  const shifted = exp(subtract(x, max(x, 1)));
  const outputs = [divide(powers, sum(powers, 1)), divide(shifted, sum(shifted, 1, true)), softmax(x, 1)];
  await check({ inputs: [x], outputs, assignments: [] }, [testValues("normal", [4, 4], 1)], "softmax");
});

it("a convolution whose sums are used as they are, too, is computed once", async () => {
  const x = inputTensor([1, 5, 5, 2], "float32");
  const filter = constantTensor(testValues("normal", [3, 3, 2, 3], 2));
  const sums = conv2d(x, filter);
  const graph = { inputs: [x], outputs: [sums, add(multiply(sums, 2), 1)], assignments: [] };
  await check(graph, [testValues("normal", [1, 5, 5, 2], 1)], "sums");
  const nodes = fromBinary(ModelProtoSchema, graphBytes(graph)).graph?.node ?? [];
  expect(nodes.filter(({ opType }) => opType === "Conv")).toHaveLength(1);
});

it("random graphs give the numbers of their loops, within 1e-5 of the largest", async () => {
  let compared = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { graph } = randomGraph(seed);
    const arrays = graph.inputs.map(({ shape }, i) => testValues("normal", shape, seed + i));
    try {
      graphBytes(graph);
    } catch (error) {
      // Some have gradients in them.
      expect(String(error)).toMatch(/there are no ONNX nodes for .*(gradients)/);
      continue;
    }
    await check({ ...graph, assignments: [] }, arrays, `graph ${seed}`);
    compared++;
  }
  expect(compared).toBeGreaterThan(30);
});

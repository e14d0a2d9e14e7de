import { describe, expect, it } from "vitest";
import {
  add,
  batchNorm,
  batchNormTraining,
  conv2d,
  divide,
  gradients,
  matmul,
  maxPool2d,
  multiply,
  subtract,
  sum,
  tanh,
} from "../ops/index.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import type { Shape } from "../tensor/shape.ts";
import { compile } from "./compile.ts";
import { topologicalOrder } from "./gradient.ts";
import { simplify } from "./simplify.ts";
import { inputTensor } from "./sources.ts";
import { machineLibrary, type TaskLibrary } from "./task-library.ts";
import { withFacts, type Tensor } from "./tensor.ts";

/** The names of the operations from the sums of products to the result, which both rules shorten. */
function simplified(output: Tensor): { readonly output: Tensor; readonly names: readonly string[] } {
  const [result] = simplify({ inputs: [], outputs: [output], assignments: [] }).outputs;
  const names: string[] = [];
  for (let tensor = result; tensor.inputs.length > 0 && tensor.operation.multiplyAdds === 0;) {
    names.push(tensor.operation.name);
    [tensor] = tensor.inputs;
  }
  return { output: result, names: names.reverse() };
}

const input = (...shape: number[]) => inputTensor(shape, "float32");
const statistics = (channels = 8) => ({ mean: input(channels), variance: input(channels) });

describe("a batch normalisation with given statistics", () => {
  const image = input(2, 6, 6, 3);
  const filters = input(3, 3, 3, 8);
  const sums = conv2d(image, filters);
  const gamma = input(8);
  const beta = input(8);
  const bias = input(8);

  it.each([
    ["bias, gamma and beta", add(sums, bias), { gamma, beta }, ["multiply", "add"]],
    ["bias", add(sums, bias), {}, ["multiply", "add"]],
    ["gamma and beta", sums, { gamma, beta }, ["multiply", "add"]],
    ["neither", sums, {}, ["multiply", "subtract"]],
  ])("is two operations on a convolution's sums with %s", (_, x, options, names) => {
    expect(simplified(batchNorm(x, { ...options, ...statistics() })).names).toEqual(names);
  });

  it.each([
    ["sums that were scaled since", divide(multiply(sums, 0.5), 2)],
    ["an input", input(2, 6, 6, 8)],
    ["an activation", tanh(sums)],
  ])("is left alone on %s, which may be exact", (_, x) => {
    const normal = batchNorm(x, { beta, ...statistics() });
    expect(simplified(normal).output).toBe(normal);
  });

  it("is left alone where the statistics are those of the sums, and where vectors lie along two axes", () => {
    const { output } = batchNormTraining(sums, { gamma, beta });
    expect(simplified(output).output).toBe(output);
    const square = matmul(input(8, 5), input(5, 8));
    const mixed = multiply(subtract(square, input(8)), input(8, 1));
    expect(simplified(mixed).output).toBe(mixed);
    const matrix = multiply(subtract(square, input(8, 8)), input(8));
    expect(simplified(matrix).output).toBe(matrix);
  });

  it("gives what the formula gives, within 2e-6, for any axis, any vectors and one channel", () => {
    const at: readonly (readonly [string, Shape, Shape, number])[] = [
      ["channels", [2, 6, 6, 3], [3, 3, 3, 8], -1],
      ["rows", [2, 5, 5, 3], [3, 3, 3, 8], 1],
      ["one channel", [2, 6, 6, 3], [3, 3, 3, 1], -1],
    ];
    for (const [name, x, w, axis] of at) {
      const [count] = [conv2d(input(...x), input(...w)).shape.at(axis) ?? 0];
      for (const [withBias, withBeta] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ]) {
        const fn = (...[x, w, bias, gamma, beta, mean, variance]: Tensor[]) => {
          const products = conv2d(x, w);
          const biased = withBias && axis === -1 ? add(products, bias) : products;
          return batchNorm(biased, { gamma, mean, variance, axis, ...(withBeta && { beta }) });
        };
        const vectors = new Array<Shape>(5).fill([count]);
        const shapes = [x, w, ...vectors];
        const arrays = shapes.map((shape, i) => testValues("positive", shape, i + 1));
        const expected = compile(fn, shapes, { target: "reference" })(...arrays);
        for (const target of KERNEL_TARGETS) {
          const actual = compile(fn, shapes, { target, threads: 1 })(...arrays);
          expectClose(actual.data, expected.data, 2e-6, `${name} ${withBias} ${withBeta} on ${target}`);
        }
      }
    }
  });

  it("has the same bits for one example as for many", () => {
    const fn = (...[x, w, bias, beta, mean, variance]: Tensor[]) =>
      batchNorm(add(matmul(x, w), bias), { beta, mean, variance });
    const rest = [[5, 8], [8], [8], [8], [8]];
    const arrays = [[7, 5], ...rest].map((shape, i) => testValues("positive", shape, i + 1));
    const [many, ...others] = arrays;
    const one = { shape: [1, 5], data: many.data.slice(0, 5) };
    for (const target of KERNEL_TARGETS) {
      const all = compile(fn, [[7, 5], ...rest], { target, threads: 1 })(many, ...others);
      const alone = compile(fn, [[1, 5], ...rest], { target, threads: 1 })(one, ...others);
      expect(alone.data, target).toEqual(all.data.slice(0, 8));
    }
  });

  it("is simplified where what it is made of has other uses, which stay", () => {
    const biased = add(sums, bias);
    const normal = batchNorm(biased, { beta, ...statistics() });
    const graph = simplify({ inputs: [], outputs: [normal, biased, tanh(normal)], assignments: [] });
    expect(graph.outputs[1]).toBe(biased);
    expect(graph.outputs[2].inputs[0]).toBe(graph.outputs[0]);
    expect(graph.outputs[0]).not.toBe(normal);
  });
});

describe("a sum that is known to be 0", () => {
  const x = withFacts(tanh(input(4, 5, 3)), { zeroSumAxes: [0, 1] });

  it("is 0 over these axes, and is summed over others", () => {
    const [zero, other, max] = [sum(x, [0, 1]), sum(x, [1, 2]), sum(tanh(x), [0, 1])];
    const { outputs } = simplify({ inputs: [], outputs: [add(zero, 1), other, max], assignments: [] });
    expect(outputs[0].inputs[0].operation.name).toBe("filled");
    expect(outputs[0].inputs[0].shape).toEqual([3]);
    expect(outputs[1]).toBe(other);
    expect(outputs[2]).toBe(max);
  });

  it("is that of a bias before a batch normalisation", () => {
    const bias = input(8);
    const { output } = batchNormTraining(add(input(3, 4, 8), bias));
    const [gradient] = gradients(sum(multiply(output, output)), [bias]);
    const graph = simplify({ inputs: [], outputs: [gradient], assignments: [] });
    expect(topologicalOrder(graph.outputs).map(({ operation }) => operation.name)).not.toContain("sum");
  });
});

describe("the gradient of a max pooling", () => {
  const names = (pooled: Tensor, x: Tensor, library = machineLibrary) => {
    const outputs = gradients(sum(multiply(pooled, pooled)), [x]);
    const graph = simplify({ inputs: [], outputs, assignments: [] }, library);
    return topologicalOrder(graph.outputs).map(({ operation }) => operation.name);
  };
  const pool = (x: Tensor, strides = 2) => maxPool2d(x, { poolSize: 2, strides });

  it("is arithmetic on where the maxima are, if the target finds that and windows tile the input", () => {
    const x = input(2, 8, 8, 16);
    const withoutWinners: TaskLibrary = {
      ...machineLibrary,
      supports: (task) => task.kind !== "pooling" || task.result !== "winner",
    };
    expect(names(pool(x), x)).toContain("maxPoolWinner");
    expect(names(pool(x), x)).not.toContain("maxPoolGradient");
    expect(names(pool(x), x, withoutWinners)).toContain("maxPoolGradient");
    expect(names(pool(x), x, withoutWinners)).not.toContain("maxPoolWinner");
    expect(names(pool(x, 1), x)).not.toContain("maxPoolWinner");
    const few = input(2, 8, 8, 3);
    expect(names(pool(few), few)).not.toContain("maxPoolWinner");
  });

  it("stays what it is where the maxima are any other tensor", () => {
    const [x, maxima, gradient] = [input(2, 8, 8, 16), input(2, 4, 4, 16), input(2, 4, 4, 16)];
    const [{ operation }] = gradients(sum(pool(x)), [x]);
    const other = operation.on([x, maxima, gradient]);
    expect(simplify({ inputs: [], outputs: [other], assignments: [] }).outputs[0]).toBe(other);
  });
});

it("tensors cannot be changed once they are made", () => {
  const x = tanh(input(3));
  expect(Object.isFrozen(x)).toBe(true);
  expect(withFacts(x, { zeroSumAxes: [0] })).not.toBe(x);
  expect(x.facts).toEqual({});
});

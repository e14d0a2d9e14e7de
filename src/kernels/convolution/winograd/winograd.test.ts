import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { traitsOf, type KernelTarget } from "../../../runtime/target.ts";
import { CHECKED_TARGETS } from "../../../testing/check-operation.ts";
import type { Expression } from "../../expression.ts";
import { runKernel } from "../../testing/run-kernel.ts";
import type { Epilogue } from "../../epilogue.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import { winogradFilterGradientKernel, planWinogradFilterGradient } from "./filter-gradient.ts";
import { filterTransformKernel } from "./filters.ts";
import { winogradKernel } from "./forward.ts";
import { isWinogradPossible, transformedFilterWords } from "./geometry.ts";
import { geometryOf } from "../../testing/convolution-geometry.ts";

/** Calls `visit` for every product: positions in the input, the filter [height, width, inputs, outputs] and the output. */
function forEachProduct(g: ConvolutionGeometry, visit: (x: number, w: number, y: number) => void): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let i = 0; i < g.filterHeight; i++)
          for (let j = 0; j < g.filterWidth; j++) {
            const [y, x] = [row + i - g.padding[0], column + j - g.padding[1]];
            if (y < 0 || x < 0 || y >= g.inputHeight || x >= g.inputWidth) continue;
            const pixel = (n * g.inputHeight + y) * g.inputWidth + x;
            const result = (n * g.outputHeight + row) * g.outputWidth + column;
            for (let input = 0; input < g.inputChannels; input++)
              for (let output = 0; output < g.outputChannels; output++)
                visit(
                  pixel * g.inputChannels + input,
                  ((i * g.filterWidth + j) * g.inputChannels + input) * g.outputChannels + output,
                  result * g.outputChannels + output,
                );
          }
}

function wordsOf(g: ConvolutionGeometry) {
  return {
    input: g.batch * g.inputHeight * g.inputWidth * g.inputChannels,
    filter: g.filterHeight * g.filterWidth * g.inputChannels * g.outputChannels,
    output: g.batch * g.outputHeight * g.outputWidth * g.outputChannels,
  };
}

function normal(g: Generator, words: number): Float32Array {
  return Float32Array.from({ length: words }, () => g.normal());
}

const ADD: Expression = {
  kind: "apply",
  function: { name: "add", cost: 1, emit: (k, [a, b]) => k.binary("add", a, b) },
  parameters: [],
  arguments: [
    { kind: "operand", index: 0 },
    { kind: "operand", index: 1 },
  ],
};

function viewOf({ filterHeight, filterWidth, inputChannels, outputChannels }: ConvolutionGeometry) {
  const strides = {
    group: 0,
    row: filterWidth * inputChannels * outputChannels,
    column: inputChannels * outputChannels,
    input: outputChannels,
    output: 1,
  };
  return {
    groups: 1,
    rows: filterHeight,
    columns: filterWidth,
    inputs: inputChannels,
    outputs: outputChannels,
    strides,
    offset: 0,
  };
}

/** The convolution and an epilogue's operand on one target; units are done in random parts and order. */
function convolve(
  geometry: ConvolutionGeometry,
  target: KernelTarget,
  input: Float32Array,
  filter: Float32Array,
  addend: { readonly values: Float32Array; readonly strides: readonly number[] },
  seed: number,
): Float32Array {
  const machine = traitsOf(target);
  const g = new Generator(deriveKey("winograd units", seed));
  const view = viewOf(geometry);
  const packed = transformedFilterWords(view, machine);
  const transform = filterTransformKernel(view, machine);
  const [transformed] = runKernel(transform, target, [filter], [packed], g).outputs;
  const epilogue: Epilogue = {
    expression: ADD,
    operands: [{ source: "memory", strides: addend.strides, offset: 0 }],
  };
  const kernel = winogradKernel({ geometry, epilogue }, machine);
  const inputs = [input, transformed, addend.values];
  return runKernel(kernel, target, inputs, [wordsOf(geometry).output], g).outputs[0];
}

/** The filter gradient on one target, the shares' partial sums added in double precision. */
function filterGradient(
  geometry: ConvolutionGeometry,
  target: KernelTarget,
  input: Float32Array,
  gradient: Float32Array,
  seed: number,
): Float64Array {
  const machine = traitsOf(target);
  const { filter: words } = wordsOf(geometry);
  const { shares } = planWinogradFilterGradient(geometry, machine);
  const kernel = winogradFilterGradientKernel(geometry, machine);
  const g = new Generator(deriveKey("winograd units", seed));
  const [partials] = runKernel(kernel, target, [input, gradient], [shares * words], g).outputs;
  const sums = new Float64Array(words);
  partials.forEach((value, i) => (sums[i % words] += value));
  return sums;
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The largest error; NaN, where something was not written, counts as infinite. */
function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  const errors = Array.from({ length: expected.length }, (_, i) => Math.abs(actual[i] - expected[i]));
  return largest(errors.map((error) => (Number.isNaN(error) ? Infinity : error)));
}

/** Every way that a tile can lie: inside, at edges, beyond them; channels around the vectors of all targets; cropping. */
const GEOMETRIES: readonly ConvolutionGeometry[] = [
  geometryOf(1, [1, 1], [1, 1]),
  geometryOf(3, [4, 4], [3, 5]),
  geometryOf(2, [6, 6], [4, 16], [0, 0, 0, 0]),
  geometryOf(1, [5, 9], [17, 33]),
  geometryOf(2, [7, 6], [16, 32], [2, 2, 2, 2]),
  geometryOf(1, [12, 20], [8, 40], [0, 2, 1, 0]),
  geometryOf(1, [13, 11], [5, 65], [-1, -2, 1, 0]),
  geometryOf(13, [9, 17], [19, 7]),
  geometryOf(2, [9, 11], [17, 33], [0, 1, 1, 0], 2),
  geometryOf(2, [8, 13], [12, 20], [1, 2, 2, 1], 4),
  geometryOf(1, [2, 3], [3, 5], [2, 2, 2, 2], 5),
  geometryOf(2, [9, 12], [12, 24], [2, 2, 2, 2], 5),
  geometryOf(1, [11, 10], [33, 7], [0, -1, 1, 4], 5),
];

describe("Winograd's convolution", () => {
  for (const [index, geometry] of GEOMETRIES.entries()) {
    const { batch, inputHeight, inputWidth, inputChannels, outputChannels, padding, filterWidth } = geometry;
    const what = `${filterWidth}x${filterWidth} filters, ${batch}x${inputHeight}x${inputWidth}x${inputChannels} to ${outputChannels}, padding ${padding.join()}`;
    const g = new Generator(deriveKey("winograd", index));
    const words = wordsOf(geometry);
    const [input, filter] = [normal(g, words.input), normal(g, words.filter)];

    it(`with an epilogue has an error below 1e-6·‖inputs‖·‖filter‖: ${what}`, () => {
      const { outputHeight, outputWidth } = geometry;
      const rowWords = outputWidth * outputChannels;
      const addends = {
        bias: { values: normal(g, outputChannels), strides: [0, 0, 0, 1] },
        residual: {
          values: normal(g, words.output),
          strides: [outputHeight * rowWords, rowWords, outputChannels, 1],
        },
      };
      const products = new Float64Array(words.output);
      const inputSquares = new Float64Array(words.output);
      forEachProduct(geometry, (x, w, y) => {
        products[y] += input[x] * filter[w];
        inputSquares[y] += input[x] ** 2;
      });
      // Of all its numbers: those that meet the padding take part in the transform too.
      const filterSquares = new Float64Array(outputChannels);
      filter.forEach((value, i) => (filterSquares[i % outputChannels] += value * value));
      const norms = Math.sqrt(largest(inputSquares) * largest(filterSquares));
      for (const [name, addend] of Object.entries(addends)) {
        const { values } = addend;
        const expected = products.map((product, i) => product + values[i % values.length]);
        for (const target of CHECKED_TARGETS) {
          const actual = convolve(geometry, target, input, filter, addend, index);
          const error = largestError(actual, expected);
          expect(error / (norms + largest(values)), `${name} on ${target}`).toBeLessThan(1e-6);
        }
      }
    });

    it(`by filters has an error below 1e-6·‖inputs‖·‖output gradient‖: ${what}`, () => {
      const gradient = normal(g, words.output);
      const expected = new Float64Array(words.filter);
      const inputSquares = new Float64Array(words.filter);
      const gradientSquares = new Float64Array(words.filter);
      forEachProduct(geometry, (x, w, y) => {
        expected[w] += input[x] * gradient[y];
        inputSquares[w] += input[x] ** 2;
        gradientSquares[w] += gradient[y] ** 2;
      });
      const norms = Math.sqrt(largest(inputSquares) * largest(gradientSquares));
      for (const target of CHECKED_TARGETS) {
        const actual = filterGradient(geometry, target, input, gradient, index);
        expect(largestError(actual, expected) / norms, target).toBeLessThan(1e-6);
      }
    });
  }
});

describe("Winograd's rounding errors", () => {
  const sizes = [3, 5].map((size) => geometryOf(1, [16, 16], [256, 24], [1, 1, 1, 1], size));
  const rootMeanSquare = (values: Float64Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  const distributions: Record<string, (g: Generator) => number> = {
    "normally distributed": (g) => g.normal(),
    positive: (g) => Math.max(0, g.normal()),
    "of very different size": (g) => g.normal() * 10 ** (4 * g.uniform() - 2),
  };
  for (const [name, draw] of Object.entries(distributions)) {
    it(`of 256 ${name} inputs stay below 2e-5 of the root mean square`, () => {
      for (const geometry of sizes) {
        const words = wordsOf(geometry);
        const g = new Generator(deriveKey("winograd errors", name.length));
        const input = Float32Array.from({ length: words.input }, () => draw(g));
        const filter = normal(g, words.filter);
        const expected = new Float64Array(words.output);
        forEachProduct(geometry, (x, w, y) => (expected[y] += input[x] * filter[w]));
        const addend = { values: new Float32Array(24), strides: [0, 0, 0, 1] };
        for (const target of CHECKED_TARGETS) {
          const actual = convolve(geometry, target, input, filter, addend, 1);
          expect(largestError(actual, expected) / rootMeanSquare(expected), target).toBeLessThan(2e-5);
        }
      }
    });
  }
});

describe("Winograd's algorithm", () => {
  it("is possible for square filters of 2 to 5 at neighbouring places only", () => {
    const geometry = geometryOf(8, [16, 16], [32, 32]);
    expect(isWinogradPossible(geometry)).toBe(true);
    const others: Partial<ConvolutionGeometry>[] = [
      { filterHeight: 1 },
      { filterWidth: 5 },
      { filterHeight: 1, filterWidth: 1 },
      { filterHeight: 6, filterWidth: 6 },
      { strides: [1, 2] },
      { dilations: [2, 1] },
      { inputDilations: [2, 2] },
      { groups: 2 },
    ];
    for (const other of others) expect(isWinogradPossible({ ...geometry, ...other })).toBe(false);
  });
});

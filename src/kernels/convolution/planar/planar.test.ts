/** @file The planar kernels against plain loops, also where others would be chosen: every target, odd sizes, epilogues. */
import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { traitsOf } from "../../../runtime/target.ts";
import { CHECKED_TARGETS } from "../../../testing/check-operation.ts";
import { expectClose } from "../../../testing/compare.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import { elementwiseKernel } from "../../elementwise.ts";
import type { Expression } from "../../expression.ts";
import type { Epilogue } from "../../epilogue.ts";
import { operand } from "../../testing/strided-operand.ts";
import { runKernel } from "../../testing/run-kernel.ts";
import { planarSupports } from "./supports.ts";
import { planarFilterGradientKernel, planarFilterGradientShares } from "./filter-gradient.ts";
import { planarConvolutionKernel } from "./forward.ts";
import { planarLayout } from "./layout.ts";
import { packPlanarWeights, planarWords } from "./weights.ts";
import type { FilterView } from "../../requests.ts";

/** The error of some thousand sums in float32, relative to the largest result; numbers are positive. */
const RELATIVE = 3e-6;

/** [batch, height, width, inputs, outputs, filter height and width, dilations, rows and columns of padding before and after]. */
type Sizes = readonly [
  [number, number, number, number],
  outputs: number,
  filter: [number, number],
  dilations: [number, number],
  rows: [number, number],
  columns: [number, number],
];

const SIZES: readonly Sizes[] = [
  [[1, 8, 6, 8], 4, [3, 3], [1, 1], [2, 2], [2, 3]],
  [[1, 1, 1, 1], 1, [1, 1], [1, 1], [0, 0], [0, 0]],
  [[3, 4, 1, 2], 3, [3, 1], [1, 1], [1, 1], [0, 0]],
  [[2, 7, 5, 3], 4, [3, 3], [1, 1], [1, 1], [1, 1]],
  [[1, 40, 50, 5], 4, [5, 5], [1, 1], [2, 2], [2, 2]],
  [[17, 6, 9, 1], 2, [3, 4], [1, 1], [0, 0], [0, 0]],
  [[2, 10, 10, 17], 4, [5, 5], [1, 1], [4, 4], [4, 4]],
  [[1, 8, 33, 8], 1, [3, 3], [2, 3], [2, 2], [3, 3]],
  [[1, 9, 12, 6], 3, [2, 3], [1, 1], [-1, 0], [-2, 1]],
  [[2, 9, 12, 4], 2, [2, 3], [1, 1], [0, -2], [3, -1]],
  [[1, 1, 300, 2], 4, [1, 9], [1, 1], [0, 0], [8, 0]],
  [[1, 5, 4, 1], 4, [2, 2], [1, 1], [3, 2], [4, 5]],
];

function geometryOf([input, outputs, filter, dilations, rows, columns]: Sizes, lanes: number) {
  const [batch, inputHeight, inputWidth, inputChannels] = input;
  const length = (from: number, axis: 0 | 1, [before, after]: readonly [number, number]) =>
    from + before + after - (filter[axis] - 1) * dilations[axis];
  const geometry: ConvolutionGeometry = {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    outputHeight: length(inputHeight, 0, rows),
    outputWidth: length(inputWidth, 1, columns),
    outputChannels: Math.min(outputs, lanes),
    filterHeight: filter[0],
    filterWidth: filter[1],
    strides: [1, 1],
    dilations,
    padding: [rows[0], columns[0]],
    inputDilations: [1, 1],
    groups: 1,
  };
  return geometry;
}

/** A filter of positive numbers [row, column, input, output]. */
function viewOf({
  filterHeight,
  filterWidth,
  inputChannels,
  outputChannels,
}: ConvolutionGeometry): FilterView {
  const input = outputChannels;
  const column = inputChannels * input;
  const strides = { group: 0, row: filterWidth * column, column, input, output: 1 };
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

/** Calls `visit` for every product: places in input, filter and output. */
function forEachProduct(g: ConvolutionGeometry, visit: (x: number, w: number, y: number) => void): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let i = 0; i < g.filterHeight; i++)
          for (let j = 0; j < g.filterWidth; j++) {
            const y = row + i * g.dilations[0] - g.padding[0];
            const x = column + j * g.dilations[1] - g.padding[1];
            if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
            const pixel = ((n * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels;
            const output = ((n * g.outputHeight + row) * g.outputWidth + column) * g.outputChannels;
            for (let c = 0; c < g.inputChannels; c++)
              for (let f = 0; f < g.outputChannels; f++) {
                const weight = ((i * g.filterWidth + j) * g.inputChannels + c) * g.outputChannels + f;
                visit(pixel + c, weight, output + f);
              }
          }
}

/** result · scale[channel] + another tensor + a number for each pixel + a map [channel, column]. */
function epilogueOf({ outputHeight, outputWidth, outputChannels }: ConvolutionGeometry): Epilogue {
  const [row, image] = [outputWidth * outputChannels, outputHeight * outputWidth * outputChannels];
  const apply = (name: "add" | "multiply", a: Expression, b: Expression): Expression => ({
    kind: "apply",
    function: { name, cost: 1, emit: (k, [x, y]) => k.binary(name, x, y) },
    parameters: [],
    arguments: [a, b],
  });
  const [result, scale, other, perPixel, map] = [0, 1, 2, 3, 4].map((index): Expression => ({
    kind: "operand",
    index,
  }));
  const scaled = apply("multiply", result, scale);
  return {
    expression: apply("add", apply("add", apply("add", scaled, other), perPixel), map),
    operands: [
      operand([0, 0, 0, 1], 2),
      operand([image, row, outputChannels, 1]),
      operand([outputHeight * outputWidth, outputWidth, 1, 0]),
      operand([0, 0, 3, 3 * outputWidth]),
    ],
  };
}

const positive = (g: Generator, length: number) =>
  Float32Array.from({ length }, () => 0.25 + 2 * g.uniform());

describe.each(CHECKED_TARGETS)(`%s: planar kernels equal plain loops within ${RELATIVE}`, (target) => {
  const machine = traitsOf(target);
  const g = new Generator(deriveKey(3, target));
  // Few outputs, and as many as there are lanes.
  const all = SIZES.flatMap((sizes): Sizes[] => {
    const [input, , ...rest] = sizes;
    return [sizes, [input, 1 + g.integer(machine.lanes), ...rest], [input, machine.lanes, ...rest]];
  });

  it.each(all.map((sizes) => [JSON.stringify(sizes), geometryOf(sizes, machine.lanes)] as const))(
    "%s",
    (_, geometry) => {
      expect(planarSupports(geometry, machine)).toBe(true);
      const { batch, inputHeight, inputWidth, inputChannels } = geometry;
      const { outputHeight, outputWidth, outputChannels } = geometry;
      const pixels = batch * outputHeight * outputWidth;
      const view = viewOf(geometry);
      const input = positive(g, batch * inputHeight * inputWidth * inputChannels);
      const filter = positive(g, planarWords(view));

      const packed = new Float32Array(filter.length);
      for (const request of packPlanarWeights(view, machine)) {
        const [part] = runKernel(
          elementwiseKernel(request, machine),
          target,
          [filter],
          [filter.length],
          g,
        ).outputs;
        part.forEach((value, i) => {
          if (!Number.isNaN(value)) packed[i] = value;
        });
      }
      const epilogue = epilogueOf(geometry);
      const scale = positive(g, outputChannels + 2);
      const other = positive(g, pixels * outputChannels);
      const perPixel = positive(g, pixels);
      const map = positive(g, 3 * outputWidth * outputChannels);
      const kernel = planarConvolutionKernel({ geometry, epilogue }, machine);
      const inputs = [input, packed, scale, other, perPixel, map];
      const [result] = runKernel(kernel, target, inputs, [other.length], g).outputs;
      const sums = new Float64Array(other.length);
      forEachProduct(geometry, (x, w, y) => (sums[y] += input[x] * filter[w]));
      const expected = sums.map((sum, i) => {
        const [pixel, f] = [Math.floor(i / outputChannels), i % outputChannels];
        const place = 3 * ((pixel % outputWidth) + outputWidth * f);
        return sum * scale[2 + f] + other[i] + perPixel[pixel] + map[place];
      });
      expectClose(result, expected, RELATIVE, "convolution");

      const shares = planarFilterGradientShares(geometry, machine);
      const gradientKernel = planarFilterGradientKernel(geometry, machine);
      const words = [shares * filter.length];
      const [partials] = runKernel(gradientKernel, target, [input, other], words, g).outputs;
      const gradient = new Float64Array(filter.length);
      partials.forEach((value, i) => (gradient[i % filter.length] += value));
      const expectedGradient = new Float64Array(filter.length);
      forEachProduct(geometry, (x, w, y) => (expectedGradient[w] += input[x] * other[y]));
      expectClose(gradient, expectedGradient, RELATIVE, "filter gradient");
    },
  );

  it("meets images of several blocks of rows, the last one shorter", () => {
    const layouts = all
      .map((sizes) => geometryOf(sizes, machine.lanes))
      .map((geometry) => {
        const { rows, rowBlocks } = planarLayout(geometry, machine);
        return { rowBlocks, isShorter: rows * rowBlocks > geometry.outputHeight };
      });
    expect(layouts.some(({ rowBlocks, isShorter }) => rowBlocks > 1 && isShorter)).toBe(true);
  });
});

describe("planarSupports", () => {
  const machine = traitsOf("wasm");
  const plain = geometryOf([[2, 7, 5, 4], 4, [3, 3], [1, 1], [1, 1], [1, 1]], 4);
  it.each([
    ["strides", { strides: [1, 2] }],
    ["spread inputs", { inputDilations: [2, 1] }],
    ["groups", { groups: 2 }],
    ["more outputs than lanes", { outputChannels: 5 }],
    ["rows that no cache holds", { inputWidth: 1e6, outputWidth: 1e6 }],
  ] as const)("refuses %s", (_, change) => {
    expect(planarSupports(plain, machine)).toBe(true);
    expect(planarSupports({ ...plain, ...change }, machine)).toBe(false);
  });
});

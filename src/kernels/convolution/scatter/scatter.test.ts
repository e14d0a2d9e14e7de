/** @file The scattering convolution against plain loops, also where others would be chosen: every target, odd sizes, epilogues. */
import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { traitsOf } from "../../../runtime/target.ts";
import { CHECKED_TARGETS } from "../../../testing/check-operation.ts";
import { expectClose } from "../../../testing/compare.ts";
import { elementwiseKernel } from "../../elementwise.ts";
import type { Expression } from "../../expression.ts";
import type { StridedOperand } from "../../strided.ts";
import type { Epilogue } from "../../epilogue.ts";
import { operand } from "../../testing/strided-operand.ts";
import { runKernel } from "../../testing/run-kernel.ts";
import { exchanged, type ConvolutionGeometry } from "../geometry.ts";
import { scatterSupports } from "./frame.ts";
import { scatterKernel } from "./forward.ts";
import { packScatterWeights, scatterWords } from "./weights.ts";
import type { FilterView } from "../../requests.ts";

/** The error of some hundred sums in float32, relative to the largest result; numbers are positive. */
const RELATIVE = 2e-6;

/** [height, width, inputs], outputs, filter, rows and columns of padding before and after, dilation of rows, spread of the input. */
type Sizes = readonly [
  input: [number, number, number],
  outputs: number,
  filter: [number, number],
  rows: [number, number],
  columns: [number, number],
  dilation: number,
  spread: [number, number],
];

const SIZES: readonly Sizes[] = [
  [[1, 1, 1], 1, [1, 1], [0, 0], [0, 0], 1, [1, 1]],
  [[10, 10, 16], 6, [5, 5], [4, 4], [4, 4], 1, [1, 1]],
  [[3, 5, 7], 3, [3, 3], [2, 1], [1, 2], 1, [1, 1]],
  [[7, 4, 2], 11, [2, 3], [0, 0], [0, 0], 1, [1, 1]],
  [[13, 2, 5], 8, [3, 1], [4, 3], [0, 0], 2, [1, 1]],
  [[4, 6, 9], 5, [4, 4], [3, 3], [2, 3], 1, [2, 3]],
  [[3, 3, 8], 4, [3, 3], [2, 4], [1, 5], 1, [2, 1]],
  [[1, 19, 4], 17, [1, 7], [0, 0], [6, 6], 1, [1, 1]],
  [[40, 3, 6], 1, [3, 37], [2, 2], [36, 36], 1, [1, 1]],
  [[29, 9, 3], 2, [6, 2], [3, 2], [1, 0], 3, [2, 2]],
  [[33, 21, 2], 1, [5, 9], [2, 2], [4, 4], 1, [1, 1]],
];

/** Images: enough to be units, and so few that each is several. */
const BATCHES = [17, 3, 1];

function geometryOf(
  [input, outputs, filter, rows, columns, dilation, spread]: Sizes,
  batch: number,
): ConvolutionGeometry {
  const [inputHeight, inputWidth, inputChannels] = input;
  const length = (from: number, window: number, step: number, [before, after]: [number, number]) =>
    (from - 1) * step + 1 + before + after - (window - 1);
  return {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    outputHeight: length(inputHeight, (filter[0] - 1) * dilation + 1, spread[0], rows),
    outputWidth: length(inputWidth, filter[1], spread[1], columns),
    outputChannels: outputs,
    filterHeight: filter[0],
    filterWidth: filter[1],
    strides: [1, 1],
    dilations: [dilation, 1],
    padding: [rows[0], columns[0]],
    inputDilations: spread,
    groups: 1,
  };
}

/** A filter [row, column, input, output]. */
function viewOf(g: ConvolutionGeometry): FilterView {
  const column = g.inputChannels * g.outputChannels;
  const strides = {
    group: 0,
    row: g.filterWidth * column,
    column,
    input: g.outputChannels,
    output: 1,
  };
  const { filterHeight: rows, filterWidth: columns, inputChannels: inputs, outputChannels: outputs } = g;
  return { groups: 1, rows, columns, inputs, outputs, strides, offset: 0 };
}

function convolve(g: ConvolutionGeometry, input: Float32Array, filter: Float32Array): Float64Array {
  const result = new Float64Array(g.batch * g.outputHeight * g.outputWidth * g.outputChannels);
  for (let place = 0; place < result.length; place++) {
    const f = place % g.outputChannels;
    const pixel = Math.floor(place / g.outputChannels);
    const column = pixel % g.outputWidth;
    const row = Math.floor(pixel / g.outputWidth) % g.outputHeight;
    const n = Math.floor(pixel / (g.outputWidth * g.outputHeight));
    for (let i = 0; i < g.filterHeight; i++)
      for (let j = 0; j < g.filterWidth; j++) {
        const y = (row + i * g.dilations[0] - g.padding[0]) / g.inputDilations[0];
        const x = (column + j * g.dilations[1] - g.padding[1]) / g.inputDilations[1];
        if (!Number.isInteger(y) || !Number.isInteger(x)) continue;
        if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
        for (let c = 0; c < g.inputChannels; c++) {
          const from = ((n * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels + c;
          const weight = ((i * g.filterWidth + j) * g.inputChannels + c) * g.outputChannels + f;
          result[place] += input[from] * filter[weight];
        }
      }
  }
  return result;
}

/** result · operand. */
function epilogueOf(factor: StridedOperand): Epilogue {
  const [a, b] = [0, 1].map((index): Expression => ({ kind: "operand", index }));
  return {
    expression: {
      kind: "apply",
      function: { name: "multiply", cost: 1, emit: (k, [x, y]) => k.binary("multiply", x, y) },
      parameters: [],
      arguments: [a, b],
    },
    operands: [factor],
  };
}

const positive = (g: Generator, length: number) =>
  Float32Array.from({ length }, () => 0.25 + 2 * g.uniform());

describe.each(CHECKED_TARGETS)(
  `%s: the scattering convolution equals plain loops within ${RELATIVE}`,
  (target) => {
    const machine = traitsOf(target);
    const g = new Generator(deriveKey(3, target));

    const cases = SIZES.flatMap((sizes) =>
      BATCHES.flatMap((batch) =>
        (["columns", "rows"] as const).map((run) => {
          const geometry = geometryOf(sizes, batch);
          return [
            JSON.stringify(sizes),
            batch,
            run,
            run === "rows" ? exchanged(geometry) : geometry,
          ] as const;
        }),
      ),
    );
    it.each(cases)("%s, %d images, along %s", (_, __, run, geometry) => {
      expect(scatterSupports(geometry, machine, run)).toBe(true);
      const { batch, inputHeight, inputWidth, inputChannels, outputHeight, outputWidth, outputChannels } =
        geometry;
      const view = viewOf(geometry);
      const input = positive(g, batch * inputHeight * inputWidth * inputChannels);
      const filter = positive(g, view.rows * view.columns * view.inputs * view.outputs);
      const packed = new Float32Array(scatterWords(view, machine, run));
      for (const request of packScatterWeights(view, machine, run)) {
        const kernel = elementwiseKernel(request, machine);
        const reads = request.operands.length > 0 ? [filter] : [];
        const [part] = runKernel(kernel, target, reads, [packed.length], g).outputs;
        part.forEach((value, i) => {
          if (!Number.isNaN(value)) packed[i] = value;
        });
      }
      const sums = convolve(geometry, input, filter);
      const row = outputWidth * outputChannels;
      const other = positive(g, sums.length);
      const epilogues = [
        { epilogue: undefined, factor: () => 1 },
        {
          epilogue: epilogueOf(operand([outputHeight * row, row, outputChannels, 1])),
          factor: (i: number) => other[i],
        },
        { epilogue: epilogueOf(operand([0, 0, 0, 1])), factor: (i: number) => other[i % outputChannels] },
      ];
      for (const { epilogue, factor } of epilogues) {
        const kernel = scatterKernel({ geometry, epilogue, run }, machine);
        const reads = epilogue ? [input, packed, other] : [input, packed];
        const [result] = runKernel(kernel, target, reads, [sums.length], g).outputs;
        expectClose(
          result,
          sums.map((sum, i) => sum * factor(i)),
          RELATIVE,
          "convolution",
        );
      }
    });
  },
);

describe("scatterSupports", () => {
  const plain = geometryOf([[10, 10, 16], 6, [5, 5], [4, 4], [4, 4], 1, [1, 1]], 17);
  it.each([
    ["strides", { strides: [1, 2] }],
    ["groups", { groups: 2 }],
    ["columns of a filter that are not neighbours", { dilations: [1, 2] }],
    ["outputs before all that pixels reach", { padding: [5, 4] }],
    ["frames that no cache holds", { inputWidth: 1e5, outputWidth: 1e5 }],
  ] as const)("refuses %s", (_, change) => {
    const machine = traitsOf("wasm");
    expect(scatterSupports(plain, machine)).toBe(true);
    expect(scatterSupports({ ...plain, ...change }, machine)).toBe(false);
  });
});

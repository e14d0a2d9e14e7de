/**
 * @file The input gradient of a strided convolution, phase by phase: outputs that are as far apart as the input's pixels are spread meet
 * the same numbers of the filter, so that those of each phase are a dense convolution with a part of it. Others multiply the zeros
 * between the pixels too, three quarters of all where strides are 2.
 */
import type { Buffer } from "../../graph/buffer.ts";
import type { Lowering } from "../../graph/lowering.ts";
import type { ConvolutionTask } from "../../graph/tasks.ts";
import { outputsOfGroup, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { Expression } from "../../kernels/expression.ts";
import type { FilterView } from "../../kernels/requests.ts";
import type { StridedOperand } from "../../kernels/strided.ts";
import { outputWords, type ConvolutionAlgorithm } from "./algorithm.ts";
import { callConvolution, directTime, packFilter } from "./direct.ts";
import { fourAxes } from "./four-axes.ts";
import { phaseAxis, type PhaseAxis } from "./phase-axis.ts";

/** Storing a vector of the output, with its epilogue, in multiply-add instructions. */
const STORE_TIME = 8;
/** The products' time, of that of the same in one piece. */
const PARTS_TIME = 1.1;
/** The fewest vectors of a pixel where there is no filter around it: of fewer a large part of the time goes into the loops over them. */
const FEWEST_VECTORS = 4;
/** Each has kernels of its own. */
const MOST_PHASES = 16;
const RESULT: Expression = { kind: "operand", index: 0 };
/** Its bits are those of the float 0. */
const ZERO: StridedOperand = { source: "index", strides: [0, 0, 0, 0], offset: 0 };

export const phases: ConvolutionAlgorithm<ConvolutionTask> = {
  name: "phases",
  supports: (geometry, { lanes }) => {
    const { filterHeight, filterWidth, groups, strides, inputDilations, outputChannels } = geometry;
    const count = inputDilations[0] * inputDilations[1];
    const isProduct = groups * filterHeight * filterWidth === 1;
    return (
      strides.every((step) => step === 1) &&
      count > 1 &&
      count <= MOST_PHASES &&
      (!isProduct || outputChannels >= FEWEST_VECTORS * lanes)
    );
  },
  vectorAxis: outputsOfGroup,
  time: (geometry, machine) => {
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const vectors = outputHeight * outputWidth * Math.ceil(outputChannels / machine.lanes);
    const products = phasesOf(geometry).filter(hasProducts);
    const time = products.reduce((sum, one) => sum + directTime(one.geometry, machine), 0);
    return PARTS_TIME * time + STORE_TIME * vectors;
  },
  lower: (lowering, { geometry, view }) => {
    let isCounted = true;
    for (const phase of phasesOf(geometry)) {
      const products = hasProducts(phase) ? lowering.temporary(outputWords(phase.geometry)) : undefined;
      if (products) {
        const plain = { ...lowering, output: products, epilogue: undefined, epilogueBuffers: [] };
        const packed = packFilter(lowering, filterOf(view, phase));
        callConvolution(plain, phase.geometry, [lowering.inputs[0], packed], { isCounted });
        isCounted = false;
      }
      writePhase(lowering, geometry, phase, products);
    }
  },
};

/** Every so many outputs from one on, down and to the right. */
interface Phase {
  readonly rows: PhaseAxis;
  readonly columns: PhaseAxis;
  /** The dense convolution that computes them. */
  readonly geometry: ConvolutionGeometry;
}

function phasesOf(geometry: ConvolutionGeometry): Phase[] {
  const [rowStep, columnStep] = geometry.inputDilations;
  return Array.from({ length: rowStep * columnStep }, (_, number) => {
    const rows = phaseAxis(geometry, 0, Math.floor(number / columnStep));
    const columns = phaseAxis(geometry, 1, number % columnStep);
    return { rows, columns, geometry: denseGeometry(geometry, rows, columns) };
  }).filter(({ rows, columns }) => rows.outputs > 0 && columns.outputs > 0);
}

function denseGeometry(
  geometry: ConvolutionGeometry,
  rows: PhaseAxis,
  columns: PhaseAxis,
): ConvolutionGeometry {
  return {
    ...geometry,
    outputHeight: rows.outputs,
    outputWidth: columns.outputs,
    filterHeight: rows.filter,
    filterWidth: columns.filter,
    dilations: [rows.dilation, columns.dilation],
    padding: [rows.padding, columns.padding],
    inputDilations: [1, 1],
  };
}

function hasProducts({ rows, columns }: Phase): boolean {
  return rows.filter * columns.filter > 0;
}

/** The part of a filter that a phase's outputs meet. */
function filterOf(view: FilterView, { rows, columns }: Phase): FilterView {
  const { row, column } = view.strides;
  return {
    ...view,
    rows: rows.filter,
    columns: columns.filter,
    strides: { ...view.strides, row: rows.step * row, column: columns.step * column },
    offset: view.offset + rows.first * row + columns.first * column,
  };
}

/** Writes a phase's outputs to their places: the products and their epilogue, or that of 0. */
function writePhase(
  { epilogue: given, epilogueBuffers, output, call }: Lowering,
  { batch, outputHeight, outputWidth, outputChannels: channels, inputDilations }: ConvolutionGeometry,
  { rows, columns }: Phase,
  products: Buffer | undefined,
): void {
  const [rowStep, columnStep] = inputDilations;
  const rowFloats = columns.outputs * channels;
  const product: StridedOperand = {
    source: "memory",
    strides: [rows.outputs * rowFloats, rowFloats, channels, 1],
    offset: 0,
  };
  /** The operand, strided over all of the output, for the pixels of the phase. */
  const ofPhase = ({
    source,
    strides: [image, down, right, next],
    offset,
  }: StridedOperand): StridedOperand => ({
    source,
    strides: [image, rowStep * down, columnStep * right, next],
    offset: offset + rows.phase * down + columns.phase * right,
  });
  const line = outputWidth * channels;
  const whole: StridedOperand = {
    source: "memory",
    strides: [outputHeight * line, line, channels, 1],
    offset: 0,
  };
  const epilogue = fourAxes(given);
  call(
    {
      kind: ELEMENTWISE,
      shape: [batch, rows.outputs, columns.outputs, channels],
      operands: [products ? product : ZERO, ...(epilogue?.operands ?? []).map(ofPhase)],
      outputs: [{ expression: epilogue?.expression ?? RESULT, place: ofPhase(whole) }],
    },
    [...(products ? [products] : []), ...epilogueBuffers],
    [output],
  );
}

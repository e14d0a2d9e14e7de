/**
 * @file The input gradient of a strided 1×1 convolution: products for the pixels that the convolution reads alone, which are then
 * spread among zeros. Other algorithms multiply the zeros too, three quarters of all where strides are 2.
 */
import type { Buffer } from "../../graph/buffer.ts";
import type { Lowering } from "../../graph/lowering.ts";
import type { ConvolutionTask } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { Expression } from "../../kernels/expression.ts";
import type { StridedOperand } from "../../kernels/strided.ts";
import { outputWords, type ConvolutionAlgorithm } from "./algorithm.ts";
import { callConvolution, directTime, packFilter } from "./direct.ts";
import { fourAxes } from "./four-axes.ts";

/** Storing a vector of the output, with its epilogue, in multiply-add instructions. */
const STORE_TIME = 8;
/** The fewest vectors of a pixel: of fewer a large part of the time goes into the loops over them. */
const FEWEST_VECTORS = 4;
const RESULT: Expression = { kind: "operand", index: 0 };
/** Its bits are those of the float 0. */
const ZERO: StridedOperand = { source: "index", strides: [0, 0, 0, 0], offset: 0 };

export const spread: ConvolutionAlgorithm<ConvolutionTask> = {
  name: "spread",
  supports: (geometry, { lanes }) =>
    isSpreadProduct(geometry) && geometry.outputChannels >= FEWEST_VECTORS * lanes,
  time: (geometry, machine) => {
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const vectors = outputHeight * outputWidth * Math.ceil(outputChannels / machine.lanes);
    return directTime(withoutZeros(geometry), machine) + STORE_TIME * vectors;
  },
  lower: (lowering, { geometry, view }) => {
    const dense = withoutZeros(geometry);
    const products = lowering.temporary(outputWords(dense));
    const plain = { ...lowering, output: products, epilogue: undefined, epilogueBuffers: [] };
    callConvolution(plain, dense, [lowering.inputs[0], packFilter(lowering, view)], false);
    const [rowStep, columnStep] = geometry.inputDilations;
    for (let row = 0; row < rowStep; row++)
      for (let column = 0; column < columnStep; column++)
        writePhase(lowering, geometry, products, [row, column]);
  },
};

function withoutZeros(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const { inputHeight, inputWidth } = geometry;
  return { ...geometry, outputHeight: inputHeight, outputWidth: inputWidth, inputDilations: [1, 1] };
}

function isSpreadProduct(geometry: ConvolutionGeometry): boolean {
  const { filterHeight, filterWidth, strides, inputDilations, padding, groups } = geometry;
  const { inputHeight, inputWidth, outputHeight, outputWidth } = geometry;
  const [rowStep, columnStep] = inputDilations;
  return (
    [filterHeight, filterWidth, ...strides, groups].every((one) => one === 1) &&
    padding.every((side) => side === 0) &&
    rowStep * columnStep > 1 &&
    Math.ceil(outputHeight / rowStep) === inputHeight &&
    Math.ceil(outputWidth / columnStep) === inputWidth
  );
}

/** Writes each `step`th pixel of the output from (row, column) on: the products and their epilogue, or that of 0. */
function writePhase(
  { epilogue: given, epilogueBuffers, output, call }: Lowering,
  {
    batch,
    outputHeight,
    outputWidth,
    outputChannels: channels,
    inputDilations,
    ...sizes
  }: ConvolutionGeometry,
  products: Buffer,
  [row, column]: readonly [number, number],
): void {
  const [rowStep, columnStep] = inputDilations;
  const shape = [
    batch,
    Math.ceil((outputHeight - row) / rowStep),
    Math.ceil((outputWidth - column) / columnStep),
    channels,
  ];
  const hasProducts = row === 0 && column === 0;
  const { inputHeight, inputWidth } = sizes;
  const rowFloats = inputWidth * channels;
  const product: StridedOperand = {
    source: "memory",
    strides: [inputHeight * rowFloats, rowFloats, channels, 1],
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
    offset: offset + row * down + column * right,
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
      shape,
      operands: [hasProducts ? product : ZERO, ...(epilogue?.operands ?? []).map(ofPhase)],
      outputs: [{ expression: epilogue?.expression ?? RESULT, place: ofPhase(whole) }],
    },
    [...(hasProducts ? [products] : []), ...epilogueBuffers],
    [output],
  );
}

/** @file Products of few rows with a matrix that is not packed: src/kernels/convolution/few-rows. */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import { FEW_ROWS } from "../../kernels/convolution/few-rows/few-rows.ts";
import { planChunkedProduct } from "../../kernels/convolution/few-rows/chunked.ts";
import { FEW_ROWS_SUM } from "../../kernels/convolution/few-rows/sum.ts";
import { blockLanes } from "../../kernels/convolution/pack.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import type { FilterView } from "../../kernels/requests.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { fourAxes } from "./four-axes.ts";

/** With more rows packing is a small part of the time, and a unit has more products than it should do alone. */
const MOST_ROWS = 128;
/** The results are read and written for each chunk: of short sums that takes longer than packing. Measured from 1 to 128 rows. */
const INNER_FOR_A_ROW = 2;
/** Threads share columns; of few columns the direct algorithm shares rows, if there are more than one of its blocks has. */
const FEWEST_BLOCKS = 4;
const ROWS_OF_A_BLOCK = 48;
/** A matrix that is packed once is read faster packed: by a fifth for 16 rows and 2048 × 2048. Larger ones are not stored twice. */
const MOST_PACKED_ONCE = 1 << 25;

export const fewRows: ConvolutionAlgorithm<ConvolutionTask> = {
  name: "few rows",
  supports: isProduct,
  suits: ({ view }, { inputs, isPrepared }) =>
    isMatrix(view) && !(isPrepared(inputs[1]) && inputs[1].words <= MOST_PACKED_ONCE),
  isFastest: ({ outputWidth: rows, inputChannels, outputChannels }, machine) =>
    inputChannels >= INNER_FOR_A_ROW * rows &&
    (rows <= ROWS_OF_A_BLOCK ||
      (rows <= MOST_ROWS && outputChannels > (FEWEST_BLOCKS - 1) * blockLanes(machine))),
  lower: (lowering, { geometry, view }) => {
    const epilogue = fourAxes(lowering.epilogue);
    const { outputWidth: rows, inputChannels: inner, outputChannels: columns } = geometry;
    const request = { rows, inner, columns, transposed: view.strides.output !== 1 };
    const { inputs, output, epilogueBuffers, call, machine } = lowering;
    const parts = planChunkedProduct(request, machine).shares;
    if (parts === 1) {
      call({ kind: FEW_ROWS, ...request, epilogue }, [...inputs, ...epilogueBuffers], [output], true);
      return;
    }
    const partial = lowering.temporary(parts * rows * columns);
    call({ kind: FEW_ROWS, ...request, epilogue: undefined }, inputs, [partial], true);
    call({ kind: FEW_ROWS_SUM, parts, rows, columns, epilogue }, [partial, ...epilogueBuffers], [output]);
  },
};

/** Whether it is a product of matrices: a 1×1 filter over one row of pixels, each of which is read for one output. */
function isProduct(geometry: ConvolutionGeometry): boolean {
  const { batch, inputHeight, inputWidth, outputHeight, outputWidth, filterHeight, filterWidth } = geometry;
  const { strides, inputDilations, padding, groups } = geometry;
  const ones = [batch, inputHeight, outputHeight, filterHeight, filterWidth, groups];
  return (
    [...ones, ...strides, ...inputDilations].every((one) => one === 1) &&
    padding.every((side) => side === 0) &&
    inputWidth === outputWidth
  );
}

/** Whether the filter lies as a matrix or its transpose. */
function isMatrix({ inputs, outputs, strides, offset }: FilterView): boolean {
  const stored = strides.output === 1 && strides.input === outputs;
  const transposed = strides.input === 1 && strides.output === inputs;
  return offset === 0 && (stored || transposed);
}

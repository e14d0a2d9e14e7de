/** @file Direct convolution, which computes everything: src/kernels/convolution/forward.ts. */
import { DIRECT } from "../../graph/algorithms.ts";
import type { Buffer } from "../../graph/buffer.ts";
import type { Lowering } from "../../graph/lowering.ts";
import type { ConvolutionTask } from "../../graph/tasks.ts";
import { CONVOLUTION } from "../../kernels/convolution/forward.ts";
import { outputsOfGroup, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { packedWords, packFilterRequests } from "../../kernels/convolution/pack.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { FilterView } from "../../kernels/requests.ts";
import type { MachineTraits } from "../../machine/ir.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { filterLanesTime } from "./filter-lanes-time.ts";
import { fourAxes } from "./four-axes.ts";

export const direct: ConvolutionAlgorithm<ConvolutionTask> = {
  name: DIRECT,
  supports: () => true,
  time: directTime,
  vectorAxis: outputsOfGroup,
  /** Packs the filter into blocks, then runs the convolution kernel over them. */
  lower: (lowering, { geometry, view }) => {
    const packed = packFilter(lowering, view);
    callConvolution(lowering, geometry, [lowering.inputs[0], packed]);
  },
};

/** The estimated time of an image, as {@link ConvolutionAlgorithm.time}. */
export function directTime(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { filterHeight, filterWidth, inputChannels, groups } = geometry;
  const { outputHeight, outputWidth } = geometry;
  const taps = (filterHeight * filterWidth * inputChannels) / groups;
  const time = groups * filterLanesTime(taps, outputsOfGroup(geometry), machine);
  return (time * outputHeight * outputWidth) / machine.lanes;
}

/** The filter's floats in blocks. */
export function packFilter(lowering: Lowering, view: FilterView): Buffer {
  const { machine } = lowering;
  const packed = lowering.temporary(packedWords(view, machine));
  for (const pack of packFilterRequests(view, machine)) {
    const reads = pack.operands.length > 0 ? [lowering.inputs[1]] : [];
    lowering.call({ kind: ELEMENTWISE, ...pack }, reads, [packed]);
  }
  return packed;
}

/** @param options.isCounted whether it does the operation's multiply-adds */
export function callConvolution(
  lowering: Lowering,
  geometry: ConvolutionGeometry,
  operands: readonly [input: Buffer, packed: Buffer],
  { pairs = false, isCounted = true }: { pairs?: boolean; isCounted?: boolean } = {},
): void {
  const epilogue = fourAxes(lowering.epilogue);
  const reads = [...operands, ...lowering.epilogueBuffers];
  lowering.call({ kind: CONVOLUTION, geometry, epilogue, pairs }, reads, [lowering.output], isCounted);
}

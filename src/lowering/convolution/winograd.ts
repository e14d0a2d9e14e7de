/** @file Winograd's algorithm: src/kernels/convolution/winograd, measured in docs/decisions/0008-winograd.md. */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { WINOGRAD_FILTERS } from "../../kernels/convolution/winograd/filters.ts";
import { WINOGRAD } from "../../kernels/convolution/winograd/forward.ts";
import { isWinogradPossible, transformedFilterWords } from "../../kernels/convolution/winograd/geometry.ts";
import type { ConvolutionAlgorithm } from "./algorithm.ts";
import { fourAxes } from "./four-axes.ts";
import { savesTime, wasteOf } from "./winograd-savings.ts";

export const winograd: ConvolutionAlgorithm<ConvolutionTask> = {
  name: "winograd",
  supports: isWinogradPossible,
  isFastest: prefersWinograd,
  vectorAxis: ({ outputChannels }) => outputChannels,
  lower: (lowering, { geometry, view }) => {
    const { machine } = lowering;
    const [input, filter] = lowering.inputs;
    const transformed = lowering.temporary(transformedFilterWords(view, machine));
    lowering.call({ kind: WINOGRAD_FILTERS, view }, [filter], [transformed]);
    const epilogue = fourAxes(lowering.epilogue);
    const reads = [input, transformed, ...lowering.epilogueBuffers];
    lowering.call({ kind: WINOGRAD, geometry, epilogue }, reads, [lowering.output], true);
  },
};

/** More waste, and the filters' transform no longer pays. */
const MOST_WASTE = 1.5;

/**
 * By shape alone: it is faster than direct convolution on every target, by 1.1 to 3 times, where there are some channels and
 * tiles and most of what the tiles compute is used.
 */
export function prefersWinograd(geometry: ConvolutionGeometry): boolean {
  return savesTime(geometry) && wasteOf(geometry) <= MOST_WASTE;
}

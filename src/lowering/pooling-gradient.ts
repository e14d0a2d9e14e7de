import { machineLowering } from "../graph/task-library.ts";
import { POOLING_GRADIENT, writesCellsOnce } from "../kernels/pooling/gradient.ts";
import { POOLING_SELECTION } from "../kernels/pooling/selection.ts";

export const POOLING_GRADIENT_TASK = machineLowering("poolingGradient", {
  fusion: ({ geometry }) => ({ fusesEpilogue: writesCellsOnce(geometry) ? "aligned" : false }),
  lower: ({ geometry, result }, { inputs, output, epilogue, epilogueBuffers, call }) =>
    call({ kind: POOLING_GRADIENT, geometry, result, epilogue }, [...inputs, ...epilogueBuffers], [output]),
});

export const POOLING_SELECTION_TASK = machineLowering("poolingSelection", {
  lower: ({ geometry }, { inputs, output, call }) =>
    call({ kind: POOLING_SELECTION, geometry }, inputs, [output]),
});

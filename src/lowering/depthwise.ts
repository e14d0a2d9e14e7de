import { withVectorsFor } from "../graph/lowering.ts";
import { machineLowering } from "../graph/task-library.ts";
import { DEPTHWISE } from "../kernels/depthwise/forward.ts";

export const DEPTHWISE_TASK = machineLowering("depthwise", {
  fusion: () => ({ fusesEpilogue: true }),
  lower: ({ geometry, transposed }, lowering) => {
    const { inputs, output, epilogue, epilogueBuffers, call } = withVectorsFor(geometry.channels, lowering);
    const reads = [...inputs, ...epilogueBuffers];
    call({ kind: DEPTHWISE, geometry, transposed, epilogue }, reads, [output], true);
  },
});

import { withVectorsFor } from "../graph/lowering.ts";
import { machineLowering } from "../graph/task-library.ts";
import { DEPTHWISE_FILTER_GRADIENT, depthwiseShares } from "../kernels/depthwise/filter-gradient.ts";
import { lowerPartialSums } from "./partial-sums.ts";

export const DEPTHWISE_FILTER_GRADIENT_TASK = machineLowering("depthwiseFilterGradient", {
  lower: ({ geometry }, lowering) => {
    const fitting = withVectorsFor(geometry.channels, lowering);
    lowerPartialSums(fitting, depthwiseShares(geometry), { kind: DEPTHWISE_FILTER_GRADIENT, geometry });
  },
});

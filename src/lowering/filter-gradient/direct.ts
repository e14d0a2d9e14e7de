/** @file The direct filter gradient, which computes everything: src/kernels/convolution/filter-gradient.ts. */
import { DIRECT } from "../../graph/algorithms.ts";
import type { FilterGradientTask } from "../../graph/tasks.ts";
import { planFilterGradient } from "../../kernels/convolution/filter-gradient-plan.ts";
import { outputsOfGroup } from "../../kernels/convolution/geometry.ts";
import { FILTER_GRADIENT } from "../../kernels/convolution/filter-gradient.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";
import { filterLanesTime } from "../convolution/filter-lanes-time.ts";
import { lowerPartialSums } from "../partial-sums.ts";

export const direct: ConvolutionAlgorithm<FilterGradientTask> = {
  name: DIRECT,
  supports: () => true,
  time: ({ filterHeight, filterWidth, inputChannels, outputChannels, ...sizes }, machine) => {
    const time = filterLanesTime(filterHeight * inputChannels * filterWidth, outputChannels, machine);
    return (time * sizes.outputHeight * sizes.outputWidth) / machine.lanes;
  },
  vectorAxis: outputsOfGroup,
  lower: (lowering, { geometry }) => {
    const { shares } = planFilterGradient(geometry);
    lowerPartialSums(lowering, shares, { kind: FILTER_GRADIENT, geometry });
  },
};

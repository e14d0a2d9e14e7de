/** @file Filter gradients with few outputs, whose lanes are positions: src/kernels/convolution/planar/filter-gradient.ts. */
import type { FilterGradientTask } from "../../graph/tasks.ts";
import {
  PLANAR_FILTER_GRADIENT,
  planarFilterGradientShares,
} from "../../kernels/convolution/planar/filter-gradient.ts";
import { planarSupports } from "../../kernels/convolution/planar/supports.ts";
import { cellTime } from "../../kernels/convolution/planar/tiling.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";
import { planarTime } from "../convolution/planar-time.ts";
import { lowerPartialSums } from "../partial-sums.ts";

export const planar: ConvolutionAlgorithm<FilterGradientTask> = {
  name: "planar",
  supports: planarSupports,
  time: (geometry, machine) => {
    const { filterHeight, filterWidth, inputChannels } = geometry;
    const { outputHeight, outputWidth, outputChannels } = geometry;
    const products = filterHeight * inputChannels * cellTime(outputChannels, filterWidth, machine);
    return (planarTime(products, geometry, machine) * outputHeight * outputWidth) / machine.lanes;
  },
  lower: (lowering, { geometry }) => {
    const shares = planarFilterGradientShares(geometry, lowering.machine);
    lowerPartialSums(lowering, shares, { kind: PLANAR_FILTER_GRADIENT, geometry });
  },
};

/** @file Filter gradients by Winograd's algorithm: src/kernels/convolution/winograd/filter-gradient.ts. */
import type { FilterGradientTask } from "../../graph/tasks.ts";
import {
  planWinogradFilterGradient,
  WINOGRAD_FILTER_GRADIENT,
} from "../../kernels/convolution/winograd/filter-gradient.ts";
import { isWinogradPossible } from "../../kernels/convolution/winograd/geometry.ts";
import type { ConvolutionAlgorithm } from "../convolution/algorithm.ts";
import { savesTime } from "../convolution/winograd-savings.ts";
import { lowerPartialSums } from "../partial-sums.ts";

export const winograd: ConvolutionAlgorithm<FilterGradientTask> = {
  name: "winograd",
  supports: isWinogradPossible,
  // It may waste more on small images than convolution: it transforms no filters, which then take as long as the products.
  isFastest: savesTime,
  lower: (lowering, { geometry }) => {
    const { shares } = planWinogradFilterGradient(geometry, lowering.machine);
    lowerPartialSums(lowering, shares, { kind: WINOGRAD_FILTER_GRADIENT, geometry });
  },
};

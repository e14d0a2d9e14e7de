/** @file The filter gradient of a depthwise convolution. */
import { DEPTHWISE_FILTER_GRADIENT, depthwiseShares } from "../kernels/depthwise/filter-gradient.ts";
import { DEPTHWISE_FAMILY } from "./depthwise.ts";
import { lowerPartialSums } from "./partial-sums.ts";
import { defineFilterGradient } from "./windowed-products.ts";

export const depthwiseFilterGradientPrimitive = defineFilterGradient(
  "depthwiseFilterGradient",
  DEPTHWISE_FAMILY,
  (lowering, geometry) =>
    lowerPartialSums(lowering, depthwiseShares(geometry), { kind: DEPTHWISE_FILTER_GRADIENT, geometry }),
);

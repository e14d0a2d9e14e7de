/** @file The filter gradient of a depthwise convolution. */
import { depthwiseShares } from "../kernels/depthwise/filter-gradient.ts";
import { DEPTHWISE } from "./depthwise.ts";
import { lowerPartialSums } from "./partial-sums.ts";
import { defineFilterGradient } from "./windowed-products.ts";

export const depthwiseFilterGradientPrimitive = defineFilterGradient(
  "depthwiseFilterGradient",
  DEPTHWISE,
  (lowering, geometry) =>
    lowerPartialSums(lowering, depthwiseShares(geometry), { kind: "depthwiseFilterGradient", geometry }),
);

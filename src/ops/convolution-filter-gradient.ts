/** @file The filter gradient of a convolution. */
import { CONVOLUTION } from "./convolution.ts";
import { lowerFilterGradient } from "./filter-gradient-algorithms.ts";
import { defineFilterGradient } from "./windowed-products.ts";

export const convolutionFilterGradientPrimitive = defineFilterGradient(
  "convolutionFilterGradient",
  CONVOLUTION,
  lowerFilterGradient,
);

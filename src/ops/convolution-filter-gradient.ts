/** @file The filter gradient of a convolution. */
import { FILTER_GRADIENT_TASK } from "../lowering/filter-gradient/filter-gradient.ts";
import { CONVOLUTION } from "./convolution.ts";
import { defineFilterGradient } from "./windowed-products.ts";

export const convolutionFilterGradientPrimitive = defineFilterGradient(
  "convolutionFilterGradient",
  CONVOLUTION,
  (geometry) => ({ kind: FILTER_GRADIENT_TASK, geometry }),
);

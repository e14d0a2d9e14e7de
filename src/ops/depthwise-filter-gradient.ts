/** @file The filter gradient of a depthwise convolution. */
import { DEPTHWISE_FILTER_GRADIENT_TASK } from "../lowering/depthwise-filter-gradient.ts";
import { DEPTHWISE_FAMILY } from "./depthwise.ts";
import { defineFilterGradient } from "./windowed-products.ts";

export const depthwiseFilterGradientPrimitive = defineFilterGradient(
  "depthwiseFilterGradient",
  DEPTHWISE_FAMILY,
  (geometry) => ({ kind: DEPTHWISE_FILTER_GRADIENT_TASK, geometry }),
);

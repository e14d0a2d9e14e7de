/** @file Transposed depthwise convolution, the input gradient of a depthwise convolution. */
import { DEPTHWISE_FAMILY, lowerDepthwise } from "./depthwise.ts";
import { defineTransposedProducts } from "./windowed-products.ts";

export const depthwiseTransposedPrimitive = defineTransposedProducts(
  "depthwiseTransposed",
  DEPTHWISE_FAMILY,
  (lowering, geometry) => lowerDepthwise(lowering, geometry, true),
);

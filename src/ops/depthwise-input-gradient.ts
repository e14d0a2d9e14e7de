/** @file Transposed depthwise convolution, the input gradient of a depthwise convolution. */
import { DEPTHWISE, lowerDepthwise } from "./depthwise.ts";
import { defineTransposedProducts } from "./windowed-products.ts";

export const depthwiseTransposedPrimitive = defineTransposedProducts(
  "depthwiseTransposed",
  DEPTHWISE,
  (lowering, geometry) => lowerDepthwise(lowering, geometry, true),
);

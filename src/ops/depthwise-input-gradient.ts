/** @file Transposed depthwise convolution, the input gradient of a depthwise convolution. */
import { DEPTHWISE_TASK } from "../lowering/depthwise.ts";
import { DEPTHWISE_FAMILY } from "./depthwise.ts";
import { defineTransposedProducts } from "./windowed-products.ts";

export const depthwiseTransposedPrimitive = defineTransposedProducts(
  "depthwiseTransposed",
  DEPTHWISE_FAMILY,
  (geometry) => ({ kind: DEPTHWISE_TASK, geometry, transposed: true }),
);

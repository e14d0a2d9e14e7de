/** @file Operations on symbolic tensors, for use inside a function given to `compile`. */
export * from "./arithmetic.ts";
export { exp, log, sqrt, tanh } from "./exponential.ts";
export { gradients, valueAndGrad } from "./gradients.ts";
export { max, mean, min } from "./reduce.ts";
export { flatten, reshape } from "./reshape.ts";
export { broadcastTo, sum } from "./sum.ts";

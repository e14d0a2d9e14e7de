/** @file Every primitive operation, for tests and documentation: one line each. */
import type { AnyPrimitive } from "../graph/define.ts";
import * as arithmetic from "./arithmetic.ts";
import * as convolution from "./convolution.ts";
import * as exponential from "./exponential.ts";
import { matmulPrimitive } from "./matmul.ts";
import * as reduce from "./reduce.ts";
import { reshapePrimitive } from "./reshape.ts";
import { broadcastPrimitive, sumPrimitive } from "./sum.ts";

function isPrimitive(value: object): value is AnyPrimitive {
  return "operationName" in value;
}

const exported: readonly object[] = [
  ...Object.values(arithmetic),
  ...Object.values(convolution),
  ...Object.values(exponential),
  matmulPrimitive,
  ...Object.values(reduce),
  reshapePrimitive,
  broadcastPrimitive,
  sumPrimitive,
];

export const PRIMITIVES: readonly AnyPrimitive[] = exported.filter(isPrimitive);

/** @file As `pairs-node.ts`, where no target multiplies pairs of bfloat16. */
import type { algorithmsOfPairs as ofNode } from "./pairs-node.ts";

export const algorithmsOfPairs: typeof ofNode = () => undefined;

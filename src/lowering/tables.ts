/** @file Tables that kernels read beside their operands. */
import { Buffer } from "../graph/buffer.ts";
import type { Bank } from "../graph/tasks.ts";
import { rangeTable, weightTable } from "../kernels/fourier/band-sums.ts";

export function tableBuffer(initial: Float32Array | Int32Array): Buffer {
  return new Buffer(initial.length, { kind: "own", initial });
}

/** Ranges of bins, then weights. */
export function bankBuffers({ filters }: Bank): Buffer[] {
  return [rangeTable(filters), weightTable(filters)].map(tableBuffer);
}

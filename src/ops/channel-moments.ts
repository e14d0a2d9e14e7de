/**
 * @file Mean and variance of each channel over all other axes, as batch normalisation takes them: found together in one pass over
 * the tensor.
 */
import type { Cases } from "../graph/case.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Structure, Tensor } from "../graph/tensor.ts";
import { MOMENTS_TASK } from "../lowering/moments.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { DoubleArray } from "../tensor/array.ts";

export type None = Record<string, never>;

function structureOf({ shape }: Tensor, result: "mean" | "variance"): Structure {
  const channels = shape[shape.length - 1];
  return {
    kind: "kernels",
    task: { kind: MOMENTS_TASK, rows: sizeOf(shape) / channels, channels, result },
  };
}

/** The mean over all rows of f(x, channel). */
function meanOf({ shape, data }: DoubleArray, f: (x: number, channel: number) => number): Float64Array {
  const channels = shape[shape.length - 1];
  const totals = new Float64Array(channels);
  data.forEach((x, i) => (totals[i % channels] += f(x, i % channels)));
  return totals.map((total) => (total * channels) / data.length);
}

// Rows in one part and in several, blocks of rows with some left over; vectors of channels with lanes left over.
const commonCases: Cases<None> = () =>
  [
    [2, 8],
    [5, 7, 9],
    [3, 11, 16],
    [130, 20],
    [2, 64, 3, 33],
    [7, 97, 70],
  ].map((shape) => ({ shapes: [shape], parameters: {} }));

export const channelMeanPrimitive: Primitive<None> = defineOperation<None>({
  name: "channelMean",
  shape: ([{ shape }]) => shape.slice(-1),
  structure: ([input]) => structureOf(input, "mean"),
  reference: ([input]) => meanOf(input, (x) => x),
});

export const channelMeanCases: Cases<None> = commonCases;

export const channelVariancePrimitive: Primitive<None> = defineOperation<None>({
  name: "channelVariance",
  shape: ([{ shape }]) => shape.slice(-1),
  structure: ([input]) => structureOf(input, "variance"),
  reference: ([input]) => {
    const means = meanOf(input, (x) => x);
    return meanOf(input, (x, channel) => (x - means[channel]) ** 2);
  },
});

export const channelVarianceCases: Cases<None> = commonCases;

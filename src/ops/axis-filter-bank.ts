/** @file A filter bank over any axis: what resizing along an axis is. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { AXIS_FILTER_BANK_TASK } from "../lowering/axis-filter-bank.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { FilterBank } from "./filter-bank.ts";

export interface AxisFilterBankParameters {
  readonly bank: FilterBank;
  /** Not negative. */
  readonly axis: number;
}

/** A shape as [outer, bins, inner]. */
function aroundAxis(shape: Shape, axis: number): { outer: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), inner: sizeOf(shape.slice(axis + 1)) };
}

export const axisFilterBankPrimitive: Primitive<AxisFilterBankParameters> =
  defineOperation<AxisFilterBankParameters>({
    name: "axisFilterBank",
    shape: ([{ shape }], { bank, axis }) => {
      if (shape[axis] !== bank.bins || bank.bands === 0) {
        throw new AuricleError(
          "shape",
          `axisFilterBank: axis ${axis} must have the bank's ${bank.bins} bins for ${bank.bands} bands (at least 1); got ${formatShape(shape)}`,
        );
      }
      return shape.map((length, i) => (i === axis ? bank.bands : length));
    },
    structure: ([{ shape }], { bank, axis }) => ({
      kind: "kernels",
      task: { kind: AXIS_FILTER_BANK_TASK, ...aroundAxis(shape, axis), bank },
    }),
    reference: ([{ shape, data }], { bank, axis }) => {
      const { outer, inner } = aroundAxis(shape, axis);
      const result = new Float64Array(outer * bank.bands * inner);
      for (let o = 0; o < outer; o++)
        bank.filters.forEach(({ firstBin, weights }, band) => {
          for (let i = 0; i < inner; i++)
            for (let j = 0; j < weights.length; j++)
              result[(o * bank.bands + band) * inner + i] +=
                weights[j] * data[(o * bank.bins + firstBin + j) * inner + i];
        });
      return result;
    },
    multiplyAdds: ([{ shape }], { bank, axis }) => {
      const { outer, inner } = aroundAxis(shape, axis);
      return outer * inner * bank.weightCount;
    },
  });

export const axisFilterBankCases: Cases<AxisFilterBankParameters> = () => [
  // Inner axes below a vector, of several blocks with a rest, and none; filters without and with one bin.
  { shapes: [[2, 5, 3]], parameters: { bank: testBank(5, [[0, 2], [3, 2], [4, 1], [2, 0]]), axis: 1 } }, // prettier-ignore
  { shapes: [[4, 77]], parameters: { bank: testBank(4, [[0, 4], [1, 2]]), axis: 0 } }, // prettier-ignore
  { shapes: [[2, 1, 2, 64]], parameters: { bank: testBank(1, [[0, 1], [0, 1], [0, 1]]), axis: 1 } }, // prettier-ignore
  { shapes: [[3, 2, 6]], parameters: { bank: testBank(6, [[5, 1], [0, 6]]), axis: 2 } }, // prettier-ignore
  // More bands than units; several rows outside.
  { shapes: [[3, 7, 2, 5]], parameters: { bank: testBank(7, Array.from({ length: 20 }, (_, i) => [i % 6, 2] as const)), axis: 1 } }, // prettier-ignore
];

/** Filters given as [first bin, bins], with weights that all differ. */
function testBank(bins: number, ranges: readonly (readonly [number, number])[]): FilterBank {
  const filters = ranges.map(([firstBin, count], band) => ({
    firstBin,
    weights: Float32Array.from({ length: count }, (_, i) => Math.sin(2 * band + i + 1)),
  }));
  return new FilterBank(bins, filters);
}

/** The bands of a filter bank over one axis, whose length becomes the number of bands: band = Σ weight·bin. */
export function axisFilterBank(input: Tensor, bank: FilterBank, axis: number): Tensor {
  return axisFilterBankPrimitive([input], { bank, axis });
}

import type { Cases } from "../graph/case.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { floatArray } from "../tensor/array.ts";
import { normalizeAxis, sizeOf, type Shape } from "../tensor/shape.ts";
import { CUMULATIVE_SUM_TASK } from "../lowering/cumulative-sum.ts";

export interface CumulativeSumOptions {
  /** Leave each element itself out, so that the first sum is 0. Default false. */
  readonly exclusive?: boolean;
  /** Sum from the end. Default false. */
  readonly reverse?: boolean;
}

const OPTIONS: OptionNames<CumulativeSumOptions> = { exclusive: true, reverse: true };

export interface CumulativeSumParameters extends Required<CumulativeSumOptions> {
  /** Not negative. */
  readonly axis: number;
}

function sizesOf(shape: Shape, axis: number) {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis], inner: sizeOf(shape.slice(axis + 1)) };
}

export const cumulativeSumPrimitive: Primitive<CumulativeSumParameters> =
  defineOperation<CumulativeSumParameters>({
    name: "cumulativeSum",
    shape: ([{ shape }]) => shape,
    structure: ([{ shape }], { axis, exclusive, reverse }) => ({
      kind: "kernels",
      task: { kind: CUMULATIVE_SUM_TASK, ...sizesOf(shape, axis), exclusive, reverse },
    }),
    reference: ([{ shape, data }], { axis, exclusive, reverse }) => {
      const { outer, length, inner } = sizesOf(shape, axis);
      const result = new Float64Array(data.length);
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          let total = 0;
          for (let step = 0; step < length; step++) {
            const place = (o * length + (reverse ? length - 1 - step : step)) * inner + i;
            result[place] = exclusive ? total : total + data[place];
            total += data[place];
          }
        }
      return result;
    },
  });

export const cumulativeSumCases: Cases<CumulativeSumParameters> = () =>
  [false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse) => [
      // Rows of less than a vector, of some with a rest; inner axes likewise, and of several blocks.
      { shapes: [[3]], parameters: { axis: 0, exclusive, reverse } },
      { shapes: [[5, 77]], parameters: { axis: 1, exclusive, reverse } },
      { shapes: [[2, 6, 3]], parameters: { axis: 1, exclusive, reverse } },
      { shapes: [[9, 150]], parameters: { axis: 0, exclusive, reverse } },
      { shapes: [[2, 1, 4]], parameters: { axis: 1, exclusive, reverse } },
    ]),
  );

/**
 * The sum of all elements up to each one along an axis, NumPy's `cumsum`: of `[a, b, c]` it is `[a, a + b, a + b + c]`;
 * `exclusive` makes it `[0, a, a + b]`, `reverse` `[a + b + c, b + c, c]`.
 * @throws AuricleError "argument" when the axis is out of range.
 */
export function cumulativeSum(x: Tensor, axis: number, options: CumulativeSumOptions = {}): Tensor {
  checkOptions("cumulativeSum", options, OPTIONS, "x, axis, ");
  const { exclusive = false, reverse = false } = options;
  const along = normalizeAxis(axis, x.shape.length, "cumulativeSum");
  if (sizeOf(x.shape) === 0) return constantTensor(floatArray([], x.shape));
  return cumulativeSumPrimitive([x], { axis: along, exclusive, reverse });
}

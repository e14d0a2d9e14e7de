/** @file Whole numbers near a number. They have no gradient: they are constant between their steps. */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";

const commonCases: Cases<ElementwiseParameters> = () =>
  [[[1]], [[3, 7]], [[2051]]].map((shapes) => ({
    shapes,
    parameters: { values: [] },
    withoutGradient: "constant between its steps",
  }));

export const floorPrimitive = defineElementwise({
  name: "floor",
  cost: 1,
  scalar: ([x]) => Math.floor(x),
  emit: (k, [x]) => k.unary("floor", x),
});

export const floorCases: Cases<ElementwiseParameters> = commonCases;

export const ceilPrimitive = defineElementwise({
  name: "ceil",
  cost: 3,
  scalar: ([x]) => Math.ceil(x),
  emit: (k, [x]) => k.unary("negate", k.unary("floor", k.unary("negate", x))),
});

export const ceilCases: Cases<ElementwiseParameters> = commonCases;

export const roundPrimitive = defineElementwise({
  name: "round",
  cost: 1,
  scalar: ([x]) => {
    const below = Math.floor(x);
    return x - below === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
  },
  emit: (k, [x]) => k.unary("roundEven", x),
});

export const roundCases: Cases<ElementwiseParameters> = commonCases;

/** The largest whole number that is not above x. No gradient. */
export function floor(x: TensorLike): Tensor {
  return applyElementwise(floorPrimitive, [x]);
}

/** The smallest whole number that is not below x. No gradient. */
export function ceil(x: TensorLike): Tensor {
  return applyElementwise(ceilPrimitive, [x]);
}

/** The nearest whole number, of two the even one, as in NumPy: 0.5 gives 0, 1.5 gives 2. No gradient. */
export function round(x: TensorLike): Tensor {
  return applyElementwise(roundPrimitive, [x]);
}

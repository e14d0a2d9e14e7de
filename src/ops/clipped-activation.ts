/** @file Activations made of straight lines: relu with a ceiling, and the gates that mobile networks make of it. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add, multiply } from "./arithmetic.ts";
import {
  applyElementwise,
  defineElementwise,
  type TensorLike,
  type ElementwiseParameters,
} from "./elementwise.ts";
import { clip } from "./select.ts";
import { shownValue } from "../shown-value.ts";

export const clippedReluPrimitive = defineElementwise({
  name: "clippedRelu",
  cost: 2,
  scalar: ([x], [ceiling]) => (x < 0 ? 0 : x > ceiling ? ceiling : x),
  emit: (k, [x], [ceiling]) => k.binary("min", k.binary("max", x, k.constant(0)), k.constant(ceiling)),
});

export const clippedReluCases: Cases<ElementwiseParameters> = () =>
  [[1], [5, 7], [2, 3, 1, 3], [2053]].map((shape) => ({
    shapes: [shape],
    parameters: { values: [1.5] },
    values: ["separated"],
  }));

/**
 * x bounded to 0 … ceiling; NaN stays. The gradient at both ends is 0, as in PyTorch and TensorFlow; {@link clip} has 1 there.
 * @throws AuricleError "argument" unless the ceiling is finite and above 0.
 */
export function clippedRelu(x: TensorLike, ceiling: number): Tensor {
  if (!(ceiling > 0) || !Number.isFinite(ceiling)) {
    throw new AuricleError(
      "argument",
      `clippedRelu: ceiling must be finite and above 0; got ${shownValue(ceiling)}`,
    );
  }
  return applyElementwise(clippedReluPrimitive, [x], [ceiling]);
}

/** x bounded to 0 … 6 (Howard et al. 2017, arXiv:1704.04861). The gradient at both ends is 0. */
export function relu6(x: TensorLike): Tensor {
  return clippedRelu(x, 6);
}

/** relu6(x + 3) / 6: Keras 3 and PyTorch. (Keras 2 and TensorFlow.js have 0.2·x + 0.5 bounded to 0 … 1.) */
export function hardSigmoid(x: TensorLike): Tensor {
  return multiply(relu6(add(x, 3)), 1 / 6);
}

/** x·hardSigmoid(x), also called hard swish (Howard et al. 2019, arXiv:1905.02244). */
export function hardSilu(x: TensorLike): Tensor {
  return multiply(x, hardSigmoid(x));
}

/** x bounded to -1 … 1. The gradient at both ends is 1, as in JAX. */
export function hardTanh(x: TensorLike): Tensor {
  return clip(x, -1, 1);
}

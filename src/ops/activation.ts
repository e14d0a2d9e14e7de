/**
 * @file Activation functions. relu, leakyRelu, elu, sigmoid and scaledTanh have their gradients in terms of the output,
 * so that the input need not be kept; silu, gelu and softplus need the input.
 */
import { AuricleError } from "../errors.ts";
import type { Case, Cases } from "../graph/case.ts";
import { withGradient, type Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { add, divide, less, multiply, negative, subtract } from "./arithmetic.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";
import { tanh } from "./exponential.ts";
import { emitExpMinusOne, emitSigmoid, emitSoftplus } from "./transcendental.ts";
import { abs, where } from "./select.ts";
import { shownValue } from "../shown-value.ts";

function casesWith(values: readonly number[], kind: "normal" | "separated"): Case<ElementwiseParameters>[] {
  const shapes = [[1], [5, 7], [2, 3, 1, 3], [2053]];
  return shapes.map((shape) => ({ shapes: [shape], parameters: { values }, values: [kind] }));
}

export const reluPrimitive = defineElementwise({
  name: "relu",
  cost: 1,
  scalar: ([x]) => (x < 0 ? 0 : x),
  emit: (k, [x]) => k.binary("max", x, k.constant(0)),
});

export const reluCases: Cases<ElementwiseParameters> = () => casesWith([], "separated");

export const positiveOnlyPrimitive = defineElementwise({
  name: "positiveOnly",
  cost: 2,
  scalar: ([a, sign]) => (sign <= 0 ? 0 : a),
  emit: (k, [a, sign]) => k.select(k.binary("lessEqual", sign, k.constant(0)), k.constant(0), a),
});

export const positiveOnlyCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1], [1]], parameters: { values: [] }, values: ["normal", "separated"] },
  { shapes: [[2053], [2053]], parameters: { values: [] }, values: ["normal", "separated"] },
];

/** max(x, 0); NaN stays NaN. The gradient at 0 is 0. */
export function relu(x: TensorLike): Tensor {
  return applyElementwise(reluPrimitive, [x]);
}

export const leakyReluPrimitive = defineElementwise({
  name: "leakyRelu",
  cost: 3,
  scalar: ([x], [alpha]) => (x < 0 ? alpha * x : x),
  emit: (k, [x], [alpha]) => {
    const argument = k.let(x);
    const negative = k.binary("less", argument, k.constant(0));
    return k.select(negative, k.binary("multiply", argument, k.constant(alpha)), argument);
  },
});

export const leakyReluCases: Cases<ElementwiseParameters> = () => casesWith([0.3], "separated");

export interface LeakyReluOptions {
  /** Slope below 0, not negative. Default 0.3 (Keras' `LeakyReLU` layer; PyTorch's default is 0.01). */
  readonly alpha?: number;
}

const LEAKY_RELU_OPTIONS: OptionNames<LeakyReluOptions> = { alpha: true };

/**
 * x above 0, alpha·x below. The gradient at 0 is alpha, as in PyTorch and TensorFlow.
 * @throws AuricleError "argument" when alpha is negative or not finite.
 */
export function leakyRelu(x: TensorLike, options: LeakyReluOptions = {}): Tensor {
  checkOptions("leakyRelu", options, LEAKY_RELU_OPTIONS, "x, ");
  const { alpha = 0.3 } = options;
  return applyElementwise(leakyReluPrimitive, [x], [notNegative("leakyRelu", alpha)]);
}

/** With alpha ≥ 0 the output has the input's sign, on which the gradients by the output rest. */
function notNegative(name: string, alpha: number): number {
  if (!(alpha >= 0) || !Number.isFinite(alpha)) {
    throw new AuricleError(
      "argument",
      `${name}: alpha must be finite and not negative; got ${shownValue(alpha)}`,
    );
  }
  return alpha;
}

export const eluPrimitive = defineElementwise({
  name: "elu",
  cost: 22,
  scalar: ([x], [alpha]) => (x < 0 ? alpha * Math.expm1(x) : x),
  emit: (k, [x], [alpha]) => {
    const argument = k.let(x);
    const below = k.let(k.binary("multiply", emitExpMinusOne(k, argument), k.constant(alpha)));
    return k.select(k.binary("less", argument, k.constant(0)), below, argument);
  },
});

export const eluCases: Cases<ElementwiseParameters> = () => [
  ...casesWith([1], "separated"),
  ...casesWith([0.5], "separated"),
];

export interface EluOptions {
  /** The limit at -infinity is -alpha; not negative. Default 1. */
  readonly alpha?: number;
}

const ELU_OPTIONS: OptionNames<EluOptions> = { alpha: true };

/**
 * x above 0, alpha·(eˣ - 1) below (Clevert et al. 2015, arXiv:1511.07289). Relative error below 4e-7. The gradient at 0
 * is alpha.
 * @throws AuricleError "argument" when alpha is negative or not finite.
 */
export function elu(x: TensorLike, options: EluOptions = {}): Tensor {
  checkOptions("elu", options, ELU_OPTIONS, "x, ");
  const { alpha = 1 } = options;
  return applyElementwise(eluPrimitive, [x], [notNegative("elu", alpha)]);
}

/** α and λ of {@link selu}: with them mean 0 and variance 1 are a stable fixed point from layer to layer. */
export const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const;

/** λ·elu(x) with the α and λ of Klambauer et al. 2017 (arXiv:1706.02515); relative error below 5e-7. */
export function selu(x: TensorLike): Tensor {
  return multiply(elu(x, { alpha: SELU.alpha }), SELU.scale);
}

/**
 * x above 0, alpha·x below, with a slope that is learnt (He et al. 2015, arXiv:1502.01852). alpha broadcasts to x's shape. The
 * gradient at 0 is alpha, as in PyTorch and for {@link leakyRelu} (Keras has 0 there).
 */
export function prelu(x: TensorLike, alpha: TensorLike): Tensor {
  return where(less(0, x), x, multiply(x, alpha));
}

/** The sigmoid of one number in double precision. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export const sigmoidPrimitive = defineElementwise({
  name: "sigmoid",
  cost: 29,
  scalar: ([x]) => logistic(x),
  emit: (k, [x]) => emitSigmoid(k, x),
});

export const sigmoidCases: Cases<ElementwiseParameters> = () => casesWith([], "normal");

/** 1 / (1 + e⁻ˣ); relative error below 4e-7. */
export function sigmoid(x: TensorLike): Tensor {
  return applyElementwise(sigmoidPrimitive, [x]);
}

const AMPLITUDE = 1.7159;
const SLOPE = 2 / 3;

/**
 * 1.7159·tanh(2x/3), the squashing function of LeNet-5 (LeCun et al. 1998, "Gradient-based learning applied to document
 * recognition", appendix A): ±1 go nearly to ±1.
 */
export function scaledTanh(x: Tensor): Tensor {
  // tanh' = 1 - tanh², and tanh = output / 1.7159.
  return withGradient(multiply(tanh(multiply(x, SLOPE)), AMPLITUDE), [x], (dy, output) => {
    const square = multiply(multiply(output, output), SLOPE / AMPLITUDE);
    return [multiply(dy, subtract(AMPLITUDE * SLOPE, square))];
  });
}

export const softplusPrimitive = defineElementwise({
  name: "softplus",
  cost: 65,
  scalar: ([x]) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  emit: (k, [x]) => emitSoftplus(k, x),
});

export const softplusCases: Cases<ElementwiseParameters> = () => casesWith([], "normal");

/** ln(1 + eˣ) for numbers of any size; relative error below 4e-7. Its derivative is the sigmoid. */
export function softplus(x: TensorLike): Tensor {
  return applyElementwise(softplusPrimitive, [x]);
}

/** ln(sigmoid(x)) = -softplus(-x), accurate where the sigmoid itself would round to 0 or 1. */
export function logSigmoid(x: TensorLike): Tensor {
  return negative(softplus(negative(x)));
}

/** x / (1 + |x|) (Keras, PyTorch); relative error below 2e-7. NaN at ±infinity, as in PyTorch. */
export function softsign(x: Tensor): Tensor {
  const inverse = divide(1, add(abs(x), 1));
  // 1 / (1 + |x|)² by itself: the quotient's rule would subtract nearly equal numbers where |x| is large.
  return withGradient(multiply(x, inverse), [x], (dy) => [multiply(dy, multiply(inverse, inverse))]);
}

/** @file The names that layers take for an activation. */
import type { Tensor } from "../../graph/tensor.ts";
import {
  elu,
  leakyRelu,
  logSigmoid,
  relu,
  scaledTanh,
  selu,
  sigmoid,
  softplus,
  softsign,
} from "../../ops/activation.ts";
import { hardSigmoid, hardSilu, hardTanh, relu6 } from "../../ops/clipped-activation.ts";
import { exp, tanh } from "../../ops/exponential.ts";
import { gelu, mish, silu } from "../../ops/gated-activation.ts";
import { logSoftmax, softmax } from "../../ops/softmax.ts";
import { withLogits } from "./logits.ts";
import type { OptionChecks } from "./options.ts";

const ACTIVATIONS = {
  /** x. */
  linear: (x) => x,
  /** max(x, 0). */
  relu: (x) => relu(x),
  /** x bounded to 0 … 6. */
  relu6: (x) => relu6(x),
  /** x, or 0.2·x below 0: the slope that Keras gives this name. Its layer's default is 0.3, PyTorch's 0.01. */
  leakyRelu: (x) => leakyRelu(x, { alpha: 0.2 }),
  elu: (x) => elu(x),
  /** Goes with the initializer "lecunNormal" and the layer alphaDropout. */
  selu: (x) => selu(x),
  gelu: (x) => gelu(x),
  /** gelu in its tanh form. */
  geluTanh: (x) => gelu(x, { approximate: true }),
  silu: (x) => silu(x),
  /** Another name of silu. */
  swish: (x) => silu(x),
  /** x·hardSigmoid(x). */
  hardSilu: (x) => hardSilu(x),
  /** Another name of hardSilu. */
  hardSwish: (x) => hardSilu(x),
  mish: (x) => mish(x),
  sigmoid: (x) => sigmoid(x),
  /** relu6(x + 3) / 6, Keras 3's and PyTorch's. */
  hardSigmoid: (x) => hardSigmoid(x),
  logSigmoid: (x) => logSigmoid(x),
  softplus: (x) => softplus(x),
  /** x / (1 + |x|). */
  softsign: (x) => softsign(x),
  exponential: (x) => exp(x),
  tanh: (x) => tanh(x),
  /** x bounded to -1 … 1. */
  hardTanh: (x) => hardTanh(x),
  /** 1.7159·tanh(2x/3), LeNet-5's. */
  scaledTanh: (x) => scaledTanh(x),
  /** Another name of scaledTanh. */
  lecunTanh: (x) => scaledTanh(x),
  /** Over the last axis. */
  softmax: (x) => softmax(x),
  /** Over the last axis. */
  logSoftmax: (x) => logSoftmax(x),
} satisfies Record<string, (x: Tensor) => Tensor>;

export type ActivationName = keyof typeof ACTIVATIONS;

function isActivationName(name: string): name is ActivationName {
  return Object.hasOwn(ACTIVATIONS, name);
}

export const ACTIVATION_NAMES: readonly ActivationName[] = Object.keys(ACTIVATIONS).filter(isActivationName);

export function applyActivation(name: ActivationName, x: Tensor): Tensor {
  const values = ACTIVATIONS[name](x);
  return givesProbabilities(name) ? withLogits(values, x) : values;
}

export interface ActivationOption {
  /** The function applied to the outputs. Default "linear". */
  readonly activation?: ActivationName;
}

/** @throws AuricleError "argument" when no activation has the name. */
export function checkActivation(check: OptionChecks, value: unknown): ActivationName {
  return check.oneOf("activation", value, ACTIVATION_NAMES, "linear");
}

/** Whether values after this activation are probabilities, which a loss on logits must not be given. */
export function givesProbabilities(name: ActivationName): boolean {
  return name === "softmax" || name === "sigmoid" || name === "hardSigmoid";
}

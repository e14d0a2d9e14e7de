/** @file Activations as layers of their own. */
import type { Tensor } from "../../graph/tensor.ts";
import { elu as eluOf, leakyRelu, relu } from "../../ops/activation.ts";
import { less, multiply, subtract } from "../../ops/arithmetic.ts";
import { clippedRelu } from "../../ops/clipped-activation.ts";
import { where } from "../../ops/select.ts";
import { softmax as softmaxOf } from "../../ops/softmax.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { applyActivation, checkActivation, givesProbabilities, type ActivationName } from "./activations.ts";
import { withLogits } from "./logits.ts";
import { makeLayer } from "./make-layer.ts";
import { checkAxisOption, keptAxes, listOf } from "./axes.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface ActivationOptions extends LayerOptions {
  /** The function, by its name. */
  readonly activation: ActivationName;
}

const ACTIVATION_OPTIONS: OptionNames<ActivationOptions> = { activation: true, ...LAYER_OPTIONS };

/** Any activation by its name; Keras' `Activation`. Shapes stay. */
export function activation(options: ActivationOptions): Layer {
  checkOptions("activation", options, ACTIVATION_OPTIONS);
  const name = checkActivation(checksFor("activation"), options.activation);
  return makeLayer(
    {
      className: "Activation",
      factory: "activation",
      config: { activation: name },
      call: ([x]) => applyActivation(name, x),
      givesProbabilities: givesProbabilities(name),
    },
    options,
  );
}

export interface ReLUOptions extends LayerOptions {
  /** The value that larger ones are clipped to, above 0; 6 is relu6. Default: none. */
  readonly maxValue?: number;
  /** Slope below the threshold, 0 or more. Default 0. */
  readonly negativeSlope?: number;
  /** Where the function begins to be x, 0 or more. Default 0. */
  readonly threshold?: number;
}

const RELU_OPTIONS: OptionNames<ReLUOptions> = {
  maxValue: true,
  negativeSlope: true,
  threshold: true,
  ...LAYER_OPTIONS,
};

/**
 * max(x, 0); Keras' `ReLU`. With options: `maxValue` from there on, x above `threshold`, and
 * negativeSlope·(x - threshold) below it.
 */
export function reLU(options: ReLUOptions = {}): Layer {
  checkOptions("reLU", options, RELU_OPTIONS);
  const check = checksFor("reLU");
  const maxValue = check.optional("maxValue", options.maxValue, {
    type: "number",
    wanted: "a number above 0",
    parse: (value) => (typeof value === "number" && value > 0 && value < Infinity ? value : undefined),
  });
  const negativeSlope = check.number("negativeSlope", options.negativeSlope, 0, 0);
  const threshold = check.number("threshold", options.threshold, 0, 0);
  return makeLayer(
    {
      className: "ReLU",
      factory: "reLU",
      config: { ...(maxValue === undefined ? {} : { maxValue }), negativeSlope, threshold },
      options: RELU_OPTIONS,
      call: ([x]) => bentRelu(x, { maxValue, negativeSlope, threshold }),
    },
    options,
  );
}

interface Bends {
  readonly maxValue: number | undefined;
  readonly negativeSlope: number;
  readonly threshold: number;
}

function bentRelu(x: Tensor, { maxValue, negativeSlope, threshold }: Bends): Tensor {
  if (threshold === 0) {
    if (maxValue === undefined) return negativeSlope === 0 ? relu(x) : leakyRelu(x, { alpha: negativeSlope });
    if (negativeSlope === 0) return clippedRelu(x, maxValue);
  }
  const below = multiply(subtract(x, threshold), negativeSlope);
  const bounded = maxValue === undefined ? x : where(less(x, maxValue), x, maxValue);
  return where(less(threshold, x), bounded, below);
}

export interface LeakyReLUOptions extends LayerOptions {
  /** The slope for values below 0. Default 0.3 (Keras and TensorFlow.js; PyTorch's is 0.01). */
  readonly alpha?: number;
}

const LEAKY_RELU_OPTIONS: OptionNames<LeakyReLUOptions> = { alpha: true, ...LAYER_OPTIONS };

/** x above 0, alpha·x below; Keras' `LeakyReLU`. */
export function leakyReLU(options: LeakyReLUOptions = {}): Layer {
  checkOptions("leakyReLU", options, LEAKY_RELU_OPTIONS);
  const alpha = checksFor("leakyReLU").number("alpha", options.alpha, 0.3, 0);
  return makeLayer(
    {
      className: "LeakyReLU",
      factory: "leakyReLU",
      config: { alpha },
      call: ([x]) => leakyRelu(x, { alpha }),
    },
    options,
  );
}

export interface ELUOptions extends LayerOptions {
  /** The limit at -infinity is -alpha. Default 1. */
  readonly alpha?: number;
}

const ELU_OPTIONS: OptionNames<ELUOptions> = { alpha: true, ...LAYER_OPTIONS };

/** x above 0, alpha·(eˣ - 1) below; Keras' `ELU`. */
export function elu(options: ELUOptions = {}): Layer {
  checkOptions("elu", options, ELU_OPTIONS);
  const alpha = checksFor("elu").number("alpha", options.alpha, 1, 0);
  return makeLayer(
    { className: "ELU", factory: "elu", config: { alpha }, call: ([x]) => eluOf(x, { alpha }) },
    options,
  );
}

export interface SoftmaxOptions extends LayerOptions {
  /** The axis or axes that add up to 1; the batch is axis 0. Default -1. */
  readonly axis?: number | readonly number[];
}

const SOFTMAX_OPTIONS: OptionNames<SoftmaxOptions> = { axis: true, ...LAYER_OPTIONS };

/**
 * e^x / Σ e^x over the last axis, or those that `axis` names; Keras' `Softmax`. Losses take logits: leave it out of a model to be
 * trained.
 */
export function softmax(options: SoftmaxOptions = {}): Layer {
  checkOptions("softmax", options, SOFTMAX_OPTIONS);
  const axis = checkAxisOption(checksFor("softmax"), options.axis);
  const axes = listOf(axis);
  return makeLayer(
    {
      className: "Softmax",
      factory: "softmax",
      config: { axis },
      call: ([x]) => withLogits(softmaxOf(x, keptAxes(x.shape, axes, "softmax")), x),
      givesProbabilities: true,
    },
    options,
  );
}

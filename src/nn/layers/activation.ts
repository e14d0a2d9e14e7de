/** @file Activations as layers of their own. */
import { elu as eluOf, leakyRelu, relu } from "../../ops/activation.ts";
import { softmax as softmaxOf } from "../../ops/softmax.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { applyActivation, checkActivation, givesProbabilities, type ActivationName } from "./activations.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, type LayerOptions, LAYER_OPTIONS } from "./options.ts";

export interface ActivationOptions extends LayerOptions {
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

/** max(x, 0); Keras' `ReLU`. */
export function reLU(options: LayerOptions = {}): Layer {
  return makeLayer({ className: "ReLU", factory: "reLU", config: {}, call: ([x]) => relu(x) }, options);
}

export interface LeakyReLUOptions extends LayerOptions {
  /** Slope below 0. Default 0.3 (Keras and TensorFlow.js; PyTorch's is 0.01). */
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

/** e^x / Σ e^x over the last axis; Keras' `Softmax`. Losses take logits: leave it out of a model to be trained. */
export function softmax(options: LayerOptions = {}): Layer {
  return makeLayer(
    {
      className: "Softmax",
      factory: "softmax",
      config: {},
      call: ([x]) => softmaxOf(x),
      givesProbabilities: true,
    },
    options,
  );
}

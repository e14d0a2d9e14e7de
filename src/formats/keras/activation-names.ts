/** @file Activations by Keras' names. Browser-safe. */
import type { ActivationName } from "../../nn/layers/activations.ts";
import type { LayerConfig } from "../../nn/network-plan.ts";
import { isObject, own } from "../json/values.ts";

const NAMES: Readonly<Record<string, ActivationName>> = {
  linear: "linear",
  relu: "relu",
  relu6: "relu6",
  leaky_relu: "leakyRelu",
  elu: "elu",
  selu: "selu",
  gelu: "gelu",
  gelu_new: "geluTanh",
  silu: "silu",
  swish: "silu",
  hard_silu: "hardSilu",
  hard_swish: "hardSilu",
  mish: "mish",
  sigmoid: "sigmoid",
  hard_sigmoid: "hardSigmoid",
  log_sigmoid: "logSigmoid",
  softplus: "softplus",
  softsign: "softsign",
  exponential: "exponential",
  tanh: "tanh",
  hard_tanh: "hardTanh",
  softmax: "softmax",
  log_softmax: "logSoftmax",
};

/** Names by which Keras had another function before version 3: hard_sigmoid was 0.2·x + 0.5 within 0 … 1. */
const OTHER_BEFORE_3: Readonly<Record<string, readonly LayerConfig[]>> = {
  hard_sigmoid: [
    { className: "Rescaling", config: { scale: 0.2, offset: 0.5 } },
    { className: "ReLU", config: { maxValue: 1 } },
  ],
};

/** An activation: one that a layer takes by its name, or layers of their own that follow it. */
export interface KerasActivation {
  readonly name: ActivationName;
  readonly after: readonly LayerConfig[];
}

/**
 * Finds an activation by what a configuration says of it: a name, null, or an object with a class.
 * @param isKeras3 whether Keras 3 wrote the configuration
 * @returns undefined where there is none of that name
 */
export function activationOf(value: unknown, isKeras3: boolean): KerasActivation | undefined {
  const given = textOf(value);
  if (given === undefined) return undefined;
  const others = isKeras3 ? undefined : own(OTHER_BEFORE_3, given);
  if (others) return { name: "linear", after: OTHER_BEFORE_3[given] };
  return Object.hasOwn(NAMES, given) ? { name: NAMES[given], after: [] } : undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "linear";
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  const [className, config] = [own(value, "class_name"), own(value, "config")];
  if (className === "function" && typeof config === "string") return config;
  // A layer as an activation has options of its own, which a name would lose.
  return undefined;
}

/** Keras' name for an activation; undefined where Keras has none. */
export function kerasActivation(name: string): string | undefined {
  if (name === "geluTanh") return undefined;
  return Object.entries(NAMES).find(([, own]) => own === name)?.[0];
}

/** @file Activations in Keras' terms: by a name that Keras 2, Keras 3 and TensorFlow.js agree on, or by layers. Browser-safe. */
import type { KerasValue, LayerUse } from "./keras-builder.ts";

/** The names that all three have for one function. */
const SHARED: Readonly<Record<string, string>> = {
  linear: "linear",
  relu: "relu",
  relu6: "relu6",
  elu: "elu",
  selu: "selu",
  silu: "swish",
  swish: "swish",
  mish: "mish",
  gelu: "gelu",
  sigmoid: "sigmoid",
  softplus: "softplus",
  softsign: "softsign",
  tanh: "tanh",
  softmax: "softmax",
  logSoftmax: "log_softmax",
};

/** The name for a layer's own activation, and what is to follow the layer where it has none. */
export interface WrittenActivation {
  readonly name: string;
  readonly follow: (value: KerasValue) => KerasValue;
}

/** Finds how an activation is written; undefined where it cannot be. */
export function writtenActivation(use: LayerUse, name: string): WrittenActivation | undefined {
  if (Object.hasOwn(SHARED, name)) return { name: SHARED[name], follow: (value) => value };
  if (name === "exponential" && use.dialect === "keras") return { name, follow: (value) => value };
  const follow = FOLLOWING[name];
  return follow && { name: "linear", follow: (value) => follow(use, value) };
}

const FOLLOWING: Readonly<Record<string, (use: LayerUse, x: KerasValue) => KerasValue>> = {
  leakyRelu: (use, x) => use.then("leaky", [x], leakyStep(use, 0.2)),
  // Keras before version 3 and TensorFlow.js have another function by the name hard_sigmoid.
  hardSigmoid,
  hardSilu: (use, x) => use.then("product", [x, hardSigmoid(use, x)], { className: "Multiply" }),
  hardSwish: (use, x) => use.then("product", [x, hardSigmoid(use, x)], { className: "Multiply" }),
  hardTanh: (use, x) => scaled(use, "lower", clipped(use, "clip", scaled(use, "raise", x, 1, 1), 2), 1, -1),
  logSigmoid: (use, x) => {
    const positive = use.then("softplus", [scaled(use, "minus", x, -1, 0)], {
      className: "Activation",
      config: { activation: "softplus" },
    });
    return scaled(use, "negative", positive, -1, 0);
  },
  scaledTanh,
  lecunTanh: scaledTanh,
};

function hardSigmoid(use: LayerUse, x: KerasValue): KerasValue {
  return scaled(use, "sixth", clipped(use, "clip", scaled(use, "raise", x, 1, 3), 6), 1 / 6, 0);
}

function scaledTanh(use: LayerUse, x: KerasValue): KerasValue {
  const curve = use.then("tanh", [scaled(use, "narrow", x, 2 / 3, 0)], {
    className: "Activation",
    config: { activation: "tanh" },
  });
  return scaled(use, "scale", curve, 1.7159, 0);
}

/** scale·x + offset. */
export function scaled(
  use: LayerUse,
  suffix: string,
  x: KerasValue,
  scale: number,
  offset: number,
): KerasValue {
  return use.then(suffix, [x], { className: "Rescaling", config: { scale, offset } });
}

function clipped(use: LayerUse, suffix: string, x: KerasValue, most: number): KerasValue {
  return use.then(suffix, [x], { className: "ReLU", config: { max_value: most } });
}

/** Keras 3 has another name for the slope of the layer. */
export function leakyStep({ dialect }: LayerUse, slope: number) {
  return { className: "LeakyReLU", config: { [dialect === "tfjs" ? "alpha" : "negative_slope"]: slope } };
}

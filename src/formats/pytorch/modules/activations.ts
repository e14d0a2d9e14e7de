/** @file Activations in PyTorch. Browser-safe. */

import { python, stateless, torchAxis, type LayerRule } from "./torch-module.ts";

/** By name, for the expression of the input and the axis of the channels in PyTorch. */
const EXPRESSIONS: Readonly<Record<string, (x: string, axis: number) => string>> = {
  linear: (x) => x,
  relu: (x) => `F.relu(${x})`,
  relu6: (x) => `F.relu6(${x})`,
  leakyRelu: (x) => `F.leaky_relu(${x}, 0.2)`,
  elu: (x) => `F.elu(${x})`,
  selu: (x) => `F.selu(${x})`,
  gelu: (x) => `F.gelu(${x})`,
  geluTanh: (x) => `F.gelu(${x}, approximate="tanh")`,
  silu: (x) => `F.silu(${x})`,
  swish: (x) => `F.silu(${x})`,
  hardSilu: (x) => `F.hardswish(${x})`,
  hardSwish: (x) => `F.hardswish(${x})`,
  mish: (x) => `F.mish(${x})`,
  sigmoid: (x) => `torch.sigmoid(${x})`,
  hardSigmoid: (x) => `F.hardsigmoid(${x})`,
  logSigmoid: (x) => `F.logsigmoid(${x})`,
  softplus: (x) => `F.softplus(${x})`,
  softsign: (x) => `F.softsign(${x})`,
  exponential: (x) => `torch.exp(${x})`,
  tanh: (x) => `torch.tanh(${x})`,
  hardTanh: (x) => `F.hardtanh(${x})`,
  scaledTanh: (x) => `1.7159 * torch.tanh(2 / 3 * ${x})`,
  lecunTanh: (x) => `1.7159 * torch.tanh(2 / 3 * ${x})`,
  softmax: (x, axis) => `F.softmax(${x}, dim=${axis})`,
  logSoftmax: (x, axis) => `F.log_softmax(${x}, dim=${axis})`,
};

/** Names of activations that can be expressed. */
export const TORCH_ACTIVATIONS: readonly string[] = Object.keys(EXPRESSIONS);

/** The expression of an activation. @returns undefined when PyTorch has none */
export function activated(name: string, x: string): string | undefined {
  // Channels are axis 1, also of flat features.
  return EXPRESSIONS[name]?.(x, 1);
}

/** Wraps the expression of a layer that ends with an activation. */
export function withActivation(name: string, forward: (inputs: readonly string[]) => string) {
  return (inputs: readonly string[]) => activated(name, forward(inputs)) ?? forward(inputs);
}

const activation: LayerRule = ({ config }) => {
  const name = config.text("activation");
  if (activated(name, "x") === undefined) return `activation ${name}`;
  return stateless(([x]) => activated(name, x) ?? x);
};

const reLU: LayerRule = ({ config }) => {
  const slope = config.number("negativeSlope");
  const threshold = config.number("threshold");
  const bounded = (x: string) =>
    config.has("maxValue") ? `torch.clamp(${x}, max=${python(config.number("maxValue"))})` : x;
  if (threshold === 0) {
    return stateless(([x]) => bounded(slope === 0 ? `F.relu(${x})` : `F.leaky_relu(${x}, ${python(slope)})`));
  }
  const least = python(threshold);
  return stateless(
    ([x]) => `torch.where(${x} < ${least}, ${python(slope)} * (${x} - ${least}), ${bounded(x)})`,
  );
};

const leakyReLU: LayerRule = ({ config }) =>
  stateless(([x]) => `F.leaky_relu(${x}, ${python(config.number("alpha"))})`);

const elu: LayerRule = ({ config }) => stateless(([x]) => `F.elu(${x}, ${python(config.number("alpha"))})`);

const softmax: LayerRule = ({ config, inputShapes: [shape] }) => {
  const axes = config.numbers("axis");
  if (axes.length !== 1) return "softmax over several axes";
  return stateless(([x]) => `F.softmax(${x}, dim=${torchAxis(axes[0], shape.length + 1)})`);
};

export const ACTIVATION_RULES: Readonly<Record<string, LayerRule>> = {
  Activation: activation,
  ELU: elu,
  LeakyReLU: leakyReLU,
  ReLU: reLU,
  Softmax: softmax,
};

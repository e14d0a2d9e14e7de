/**
 * @file A network as PyTorch would have it: the modules of each layer, their tensors and where the numbers of these are in the network's own
 * weights. What is read and what is written follow from the same rules. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import type { NetworkNode } from "../../nn/build-nodes.ts";
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import type { Shape } from "../../tensor/shape.ts";
import { ACTIVATION_RULES } from "./modules/activations.ts";
import { ARRANGEMENT_RULES } from "./modules/arrangements.ts";
import { CONVOLUTION_RULES } from "./modules/convolutions.ts";
import { DENSE_RULES } from "./modules/dense.ts";
import { NORMALIZATION_RULES } from "./modules/normalizations.ts";
import { POOLING_RULES } from "./modules/pooling.ts";
import {
  LayerConfigReader,
  type LayerRule,
  type TorchLayer,
  type TorchTensorRule,
} from "./modules/torch-module.ts";

/** Rules by the class of a layer. */
export const LAYER_RULES: Readonly<Record<string, LayerRule>> = {
  ...ACTIVATION_RULES,
  ...ARRANGEMENT_RULES,
  ...CONVOLUTION_RULES,
  ...DENSE_RULES,
  ...NORMALIZATION_RULES,
  ...POOLING_RULES,
};

/** A tensor of PyTorch's network. */
export interface TorchTensorView extends TorchTensorRule {
  /** The name in the state dict: "conv2d_1.weight". */
  readonly key: string;
  /** The layer of the network, and its class. */
  readonly layer: string;
  readonly className: string;
}

/** A node of the network, with its layer in PyTorch. */
export interface TorchNode {
  readonly name: string;
  /** The layer's name and class here. */
  readonly layer: string;
  readonly className: string;
  readonly torch: TorchLayer;
  readonly inputs: readonly number[];
  readonly outputShape: Shape;
}

export interface TorchView {
  readonly nodes: readonly TorchNode[];
  /** Each module once, in the order of the layers. */
  readonly modules: readonly { readonly attribute: string; readonly code: string }[];
  readonly tensors: readonly TorchTensorView[];
  /** Names of the helpers that the modules and expressions need. */
  readonly helpers: readonly string[];
}

/**
 * Expresses a network in PyTorch.
 * @param doing the action that needs it, for messages: "export"
 * @throws AuricleError "unsupported" naming every layer that cannot be expressed
 */
export function torchView(network: InferenceNetwork, doing: string): TorchView {
  const names = attributeNames(network.layers.map(({ name }) => name));
  const orders = featureOrders(network);
  const refused: string[] = [];
  const nodes = network.nodes.flatMap((node, i): TorchNode[] => {
    const torch = expressNode(network, node, i, names, orders);
    const { name, layer } = node.layer;
    if (typeof torch === "string") {
      refused.push(`${name} (${layer.className}${torch === "" ? "" : `: ${torch}`})`);
      return [];
    }
    const attribute = names.get(name) ?? name;
    const { inputs, outputShape } = node;
    return [{ name: attribute, layer: name, className: layer.className, torch, inputs, outputShape }];
  });
  if (refused.length > 0) {
    throw new AuricleError(
      "unsupported",
      `${doing}: network ${network.name} has layers without a counterpart in PyTorch: ${[...new Set(refused)].join(", ")}`,
    );
  }
  return { nodes, ...collected(nodes) };
}

function expressNode(
  network: InferenceNetwork,
  { layer: { name, layer }, inputs, inputShapes, outputShape }: NetworkNode,
  i: number,
  names: ReadonlyMap<string, string>,
  orders: FeatureOrders,
): TorchLayer | string {
  if (!Object.hasOwn(LAYER_RULES, layer.className)) return "";
  const weights = new Set(network.weights.filter((entry) => entry.layer === name).map((entry) => entry.name));
  return LAYER_RULES[layer.className]({
    name: names.get(name) ?? name,
    config: new LayerConfigReader(layer.config),
    inputShapes,
    outputShape,
    hasWeight: (weight) => weights.has(weight),
    flattened: orders.flattened.get(inputs[0]),
    flattensChannelsFirst: orders.flattened.has(network.inputs.length + i),
  });
}

function collected(nodes: readonly TorchNode[]): Omit<TorchView, "nodes"> {
  const modules: { attribute: string; code: string }[] = [];
  const tensors: TorchTensorView[] = [];
  const helpers = new Set<string>();
  const seen = new Set<string>();
  for (const { name, layer, className, torch } of nodes) {
    for (const helper of torch.helpers) helpers.add(helper);
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { suffix, code, tensors: own } of torch.modules) {
      const attribute = name + suffix;
      modules.push({ attribute, code });
      for (const rule of own) tensors.push({ ...rule, key: `${attribute}.${rule.name}`, layer, className });
    }
  }
  return { modules, tensors, helpers: [...helpers].sort() };
}

/** Words that cannot be attributes of a module, of Python or of `nn.Module`. */
const RESERVED = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield forward train eval training parameters buffers modules children " +
    "float double half bfloat16 cpu cuda to type apply state_dict zero_grad requires_grad_ compile dump_patches"
  ).split(" "),
);

/** A name in Python for each layer, all different. */
function attributeNames(layers: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    layers.map((layer) => {
      const plain = layer.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d|_|$)/, "layer_");
      let name = RESERVED.has(plain) ? `${plain}_layer` : plain;
      while (taken.has(name)) name += "_";
      taken.add(name);
      return [layer, name];
    }),
  );
}

interface FeatureOrders {
  /** By value: the shape before flattening, of flat values whose channels are first in PyTorch. */
  readonly flattened: ReadonlyMap<number, Shape>;
}

/** Layers that treat each feature by itself, so that the order of the features may be another. */
const FEATURE_BY_FEATURE = new Set([
  "Activation",
  "AlphaDropout",
  "BatchNormalization",
  "Dropout",
  "ELU",
  "GaussianDropout",
  "GaussianNoise",
  "LeakyReLU",
  "ReLU",
  "Rescaling",
]);

/**
 * Finds the flat values that PyTorch may have channels first, as its programs flatten: those that end in dense layers, whose rows are
 * then in the same order. Others are put into the order that they have here.
 */
function featureOrders(network: InferenceNetwork): FeatureOrders {
  const { nodes, inputs } = network;
  const flattened = new Map<number, Shape>();
  const isOutput = (value: number) => network.outputs.some((output) => output.value === value);
  const usesOf = (value: number) => nodes.flatMap((node, i) => (node.inputs.includes(value) ? [i] : []));
  const usedOnce = ({ layer }: NetworkNode) => nodes.filter((other) => other.layer === layer).length === 1;
  const endsInDense = (value: number): boolean =>
    !isOutput(value) &&
    usesOf(value).every((i) => {
      const node = nodes[i];
      if (!usedOnce(node)) return false;
      const { className } = node.layer.layer;
      return className === "Dense" || (FEATURE_BY_FEATURE.has(className) && endsInDense(inputs.length + i));
    });
  nodes.forEach((node, i) => {
    const value = inputs.length + i;
    const { className } = node.layer.layer;
    const [shape] = node.inputShapes;
    if (className === "Flatten" && shape.length > 1 && endsInDense(value)) flattened.set(value, shape);
    const before = flattened.get(node.inputs[0]);
    if (before && FEATURE_BY_FEATURE.has(className)) flattened.set(value, before);
  });
  return { flattened };
}

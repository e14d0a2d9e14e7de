/** @file Which layers of a network maps can be made of. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { NetworkOutput } from "../nn/network-outputs.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { didYouMean } from "../options.ts";
import { sameShape, sizeOf, type Shape } from "../tensor/shape.ts";

/** The numbers of the values that a value depends on, itself included. Values: first the inputs, then one for each node. */
export function valuesBehind({ inputs, nodes }: InferenceNetwork, value: number): ReadonlySet<number> {
  const behind = new Set([value]);
  for (let at = value; at >= inputs.length; at--) {
    if (behind.has(at)) for (const input of nodes[at - inputs.length].inputs) behind.add(input);
  }
  return behind;
}

/** The shape of a value for one example. */
export function shapeOfValue({ inputs, nodes }: InferenceNetwork, value: number): Shape {
  return value < inputs.length ? inputs[value].shape : nodes[value - inputs.length].outputShape;
}

/**
 * The node whose output has a place for each part of the input, and on which an output depends: the named one, or the last
 * convolution's as the rest of the network takes it.
 * @throws AuricleError "argument" for a layer that there is not, or on which the output does not depend; "shape" for one without
 *   positions, or a network without convolutions
 */
export function mapNode(network: InferenceNetwork, output: NetworkOutput, layer: string | undefined): number {
  const behind = valuesBehind(network, output.value);
  if (layer === undefined) return lastFeatureMaps(network, behind);
  const node = nodeNamed(network, layer);
  if (!behind.has(network.inputs.length + node)) {
    throw new AuricleError(
      "argument",
      `${network.name}: output ${output.name} does not depend on layer ${layer}`,
    );
  }
  const { outputShape } = network.nodes[node];
  if (outputShape.length >= 2) return node;
  throw new AuricleError(
    "shape",
    `${network.name}: a map needs a layer with positions, [T,C] or [H,W,C]; layer ${layer} gives [${outputShape.join(",")}]`,
  );
}

/**
 * The nodes whose outputs are feature maps: each convolution's as the rest of the network takes it, in the order of the network. Of one
 * without convolutions those of all layers with weights.
 */
export function featureNodes(network: InferenceNetwork): readonly number[] {
  const all = valuesBehind(network, network.outputs[0].value);
  const places = network.nodes.map((_, node) => node);
  const maps = places.filter((node) => isConvolution(network, node));
  if (maps.length > 0) return [...new Set(maps.map((node) => passedOn(network, all, node)))];
  return places.filter((node) =>
    network.weights.some((entry) => entry.layer === network.nodes[node].layer.name),
  );
}

/** Whether a node slides weights over its input and gives several positions: a single one has nothing to tell where. */
function isConvolution(network: InferenceNetwork, node: number): boolean {
  const { layer, inputShapes, outputShape, multiplyAdds } = network.nodes[node];
  return (
    typeof layer.layer.window(inputShapes) === "object" &&
    multiplyAdds > 0 &&
    sizeOf(outputShape.slice(0, -1)) > 1 &&
    network.weights.some((entry) => entry.layer === layer.name)
  );
}

/** The last convolution, and after it the normalisation, activation and sums of its result. */
function lastFeatureMaps(network: InferenceNetwork, behind: ReadonlySet<number>): number {
  const { nodes, inputs } = network;
  const node = nodes.findLastIndex((_, i) => behind.has(inputs.length + i) && isConvolution(network, i));
  if (node < 0) {
    throw new AuricleError(
      "shape",
      `${network.name}: has no convolution to make a map of; name another layer with positions: { layer: "…" }`,
    );
  }
  return passedOn(network, behind, node);
}

/** The node that gives a node's result as the rest of the network takes it: after normalisation, activation and sums. */
function passedOn(network: InferenceNetwork, behind: ReadonlySet<number>, first: number): number {
  const { nodes, inputs } = network;
  let node = first;
  for (;;) {
    const value = inputs.length + node;
    const users = nodes.flatMap((user, i) => (user.inputs.includes(value) ? [i] : []));
    if (users.length !== 1 || !behind.has(inputs.length + users[0])) return node;
    const { layer, inputShapes, outputShape, multiplyAdds } = nodes[users[0]];
    const keepsPlaces = layer.layer.window(inputShapes) === undefined && multiplyAdds === 0;
    if (!keepsPlaces || !sameShape(outputShape, nodes[node].outputShape)) return node;
    node = users[0];
  }
}

/**
 * The first value on the way to a node that has as many axes of positions as its output: what a map of the node is drawn over. It
 * is an input, unless a front end or a layer that reshapes lies between.
 */
export function valueUnder(network: InferenceNetwork, node: number): number {
  const own = network.inputs.length + node;
  const axes = shapeOfValue(network, own).length;
  const behind = [...valuesBehind(network, own)].sort((a, b) => a - b);
  return behind.find((value) => shapeOfValue(network, value).length === axes) ?? own;
}

/** The name of a value: of an input, or of the layer that gives it, as {@link nodeNamed} takes it. */
export function nameOfValue(network: InferenceNetwork, value: number): string {
  const { inputs } = network;
  return value < inputs.length ? inputs[value].name : nodeNames(network)[value - inputs.length];
}

/** The layers' names; of a layer that is used again "name#2" for its second use, and so on. */
function nodeNames({ nodes }: InferenceNetwork): string[] {
  const uses = new Map<string, number>();
  return nodes.map(({ layer: { name } }) => {
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  });
}

/**
 * The number of the node of that name.
 * @throws AuricleError "argument" naming all of them, for one that there is not
 */
export function nodeNamed(network: InferenceNetwork, name: string): number {
  const names = nodeNames(network);
  const node = names.indexOf(name);
  if (node >= 0) return node;
  throw new AuricleError(
    "argument",
    `${network.name}: layer must be one of ${names.join(", ")}; got "${name}"${didYouMean(name, names)}`,
  );
}

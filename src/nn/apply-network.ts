/** @file A network as a layer of another: its layers become the other's, and have their weights in common. */
import { AuricleError } from "../errors.ts";
import type { Member, SymbolicTensor } from "./layer.ts";
import { namedValues, type NamedValue, type SymbolicValues } from "./network-builders.ts";
import type { Network } from "./network.ts";
import { traceLayer } from "./trace-layer.ts";

/**
 * Returns the network's outputs for values of a graph, in order.
 * @throws AuricleError "argument" for another number of values than the network has inputs, "shape" naming the layer that
 *   does not fit
 */
export function applyNetwork(network: Network, inputs: SymbolicValues): readonly SymbolicTensor[] {
  const values = inOrder(network, namedValues(inputs, network.name, "inputs"));
  for (const { layer, inputs: numbers } of network.nodes) {
    const taken = numbers.map((number) => values[number]);
    const shapes = taken.map(({ shape }) => shape);
    const member: Member = { network, layer };
    const { outputShape } = traceLayer(layer.layer, shapes, `${network.name}/${layer.name}`);
    values.push({ shape: outputShape, origin: { kind: "layer", layer: layer.layer, member, inputs: taken } });
  }
  return network.outputs.map(({ value }) => values[value]);
}

/** The values that stand for the inputs, in the inputs' order. */
function inOrder({ name, inputNames }: Network, given: readonly NamedValue[]): SymbolicTensor[] {
  const byName = given.some((value) => value.name !== undefined);
  const values = byName
    ? inputNames.flatMap((input) => given.filter((value) => value.name === input))
    : given;
  if (values.length === inputNames.length && given.length === inputNames.length) {
    return values.map(({ tensor }) => tensor);
  }
  const came = byName ? given.map((value) => value.name).join(", ") : `${given.length} values`;
  throw new AuricleError("argument", `${name}: apply takes the inputs ${inputNames.join(", ")}; got ${came}`);
}

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import { concatenate, dense } from "../layers/index.ts";
import type { Layer } from "../layer.ts";
import type { LayerConfig, NetworkConfig, NodeConfig } from "../network-plan.ts";
import type { Network } from "../network.ts";
import { networkFromConfig } from "../network-from-config.ts";
import { headOf } from "./replace-head.ts";

export interface SideBySideOptions {
  /** Outputs of the new last layer. */
  readonly classes: number;
  /** The seed of the new layer's weights and of the training. Default: the first network's own. */
  readonly seed?: number;
  /** Default: the networks' names, joined by "+". */
  readonly name?: string;
}

const OPTIONS: OptionNames<SideBySideOptions> = { classes: true, seed: true, name: true };

/**
 * One network of several that take the same input: the inputs of their last layers are joined, and one new dense layer takes
 * them. Weights are copied, and layers have their network's name before their own: "first/conv2d_1".
 *
 * @example const both = sideBySide({ pop: a.network, classical: b.network }, { classes: 5 });
 * @param networks by the names that their layers get; two or more
 * @throws AuricleError "argument" unless each ends with a dense layer, "shape" where their inputs differ
 */
export function sideBySide(networks: Readonly<Record<string, Network>>, options: SideBySideOptions): Network {
  checkOptions("sideBySide", options, OPTIONS, "networks, ");
  const parts = Object.entries(networks);
  if (parts.length < 2) {
    throw new AuricleError("argument", `sideBySide: takes two networks or more; got ${parts.length}`);
  }
  const [[, first]] = parts;
  const { classes, seed = first.seed, name = parts.map(([, one]) => one.name).join("+") } = options;
  const joined = new JoinedConfig(first.config.inputs);
  for (const [prefix, network] of parts) {
    checkInput(first, network, prefix);
    joined.addBody(prefix, network);
  }
  const network = networkFromConfig(joined.finish(name, seed, classes));
  const weights = new Map(network.getWeights());
  for (const [prefix, part] of parts) {
    for (const [path, value] of part.getWeights()) {
      if (weights.has(`${prefix}/${path}`)) weights.set(`${prefix}/${path}`, value);
    }
  }
  network.setWeights(weights);
  return network;
}

function checkInput(first: Network, { inputShapes }: Network, name: string): void {
  const [wanted, got] = [first.inputShapes, inputShapes];
  if (wanted.length === 1 && got.length === 1 && sameShape(wanted[0], got[0])) return;
  const shown = (shapes: typeof wanted) => shapes.map(formatShape).join(" and ");
  throw new AuricleError(
    "shape",
    `sideBySide: networks must take one input, and the same; ${name} takes ${shown(got)}, the first ${shown(wanted)}`,
  );
}

/** The config of a joined network while it is put together. */
class JoinedConfig {
  private readonly inputs: NetworkConfig["inputs"];
  private readonly layers: LayerConfig[] = [];
  private readonly nodes: NodeConfig[] = [];
  /** The values that the new last layer takes. */
  private readonly found: number[] = [];

  constructor(inputs: NetworkConfig["inputs"]) {
    this.inputs = inputs;
  }

  /** Adds a network up to what its last layer takes. */
  addBody(prefix: string, network: Network): void {
    headOf(network);
    const { config, inputs, nodes } = network;
    const firstLayer = this.layers.length;
    for (const { className, config: own } of config.layers) {
      this.layers.push({ className, config: { ...own, name: `${prefix}/${String(own.name)}` } });
    }
    // Values before it stay where they are: inputs are the same, and nodes follow those that are there.
    const firstValue = this.nodes.length + this.inputs.length;
    const moved = (value: number) => (value < inputs.length ? value : value - inputs.length + firstValue);
    // The last node is the head, which is left out: every other is on the way to what a network gives.
    for (const { layer, inputs: values } of config.nodes.slice(0, -1)) {
      this.nodes.push({ layer: firstLayer + layer, inputs: values.map(moved) });
    }
    this.found.push(moved(nodes[nodes.length - 1].inputs[0]));
  }

  finish(name: string, seed: number, classes: number): NetworkConfig {
    const joined = this.add(concatenate({ name: "joined" }), this.found);
    const output = this.add(dense({ units: classes, name: "head" }), [joined]);
    const used = new Set(this.nodes.map(({ layer }) => layer));
    const kept = this.layers.map((_, i) => i).filter((i) => used.has(i));
    return {
      name,
      seed,
      inputs: this.inputs,
      layers: kept.map((i) => this.layers[i]),
      nodes: this.nodes.map((node) => ({ ...node, layer: kept.indexOf(node.layer) })),
      output,
    };
  }

  private add({ className, config, name }: Layer, inputs: readonly number[]): number {
    this.layers.push({ className, config: { ...config, name } });
    this.nodes.push({ layer: this.layers.length - 1, inputs });
    return this.inputs.length + this.nodes.length - 1;
  }
}

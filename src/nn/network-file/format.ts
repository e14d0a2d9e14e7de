/** @file Writes a network as a file that `parseNetworkFile` reads: a list of layers to start one's own from. Browser-safe. */
import type { FrontEndOptions } from "../../audio/front-end/config.ts";
import { AuricleError } from "../../errors.ts";
import { layerFromConfig } from "../layers/registry.ts";
import { nameLayers } from "../layer-name.ts";
import type { LayerConfig } from "../network-plan.ts";
import type { Network } from "../network.ts";
import { CLASSES, INPUT } from "./parse.ts";

/** A network and the facts that its file states beside the layers. */
export interface FormattedNetwork {
  readonly description?: string;
  readonly frontEnd?: FrontEndOptions;
  readonly windowSeconds?: number;
  /** Builds the network for a number of outputs. @throws AuricleError "argument" where it has only one. */
  build(classes: number): Network;
}

/** Two numbers of outputs: options that differ between networks with the one and the other depend on it. */
const [SOME, MORE] = [10, 11];

/**
 * Formats a network with one input and one output as JSON, a line for each layer. Options that have their defaults are left
 * out, and so is the input's shape, which is the data's.
 * @throws AuricleError "argument" for a network of several inputs or outputs
 */
export function formatNetworkFile(formatted: FormattedNetwork): string {
  const { build, ...about } = formatted;
  const network = build(SOME);
  if (network.inputs.length !== 1 || network.outputs.length !== 1) {
    throw new AuricleError(
      "argument",
      `${network.name}: a network file has one input and one output; it has ${network.inputs.length} and ${network.outputs.length}`,
    );
  }
  const { axisNames } = network;
  const head = { name: network.name, ...about, ...(axisNames && { axisNames }) };
  const facts = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${spaced(value)},`);
  const layers = entriesOf(network, widerOf(build)).map((entry) => `    ${spaced(entry)}`);
  return ["{", ...facts, '  "layers": [', layers.join(",\n"), "  ]", "}", ""].join("\n");
}

function widerOf(build: FormattedNetwork["build"]): Network | undefined {
  try {
    return build(MORE);
  } catch (error) {
    if (error instanceof AuricleError && error.code === "argument") return undefined;
    throw error;
  }
}

/** One entry for each node. Names stay where a node refers to them. */
function entriesOf(network: Network, wider: Network | undefined): readonly object[] {
  const { nodes, layers } = network;
  const names = namesOfValues(network);
  const given = namesUnlessGiven(layers);
  const nameOf = (value: number) => names[value];
  const isBranch = nodes.map(({ inputs }, i) => inputs.length !== 1 || inputs[0] !== i);
  const referred = new Set(nodes.flatMap(({ inputs }, i) => (isBranch[i] ? inputs.map(nameOf) : [])));
  return nodes.map(({ layer, inputs }, i) => {
    const name = names[i + 1];
    const index = layers.indexOf(layer);
    if (nodes.findIndex((node) => node.layer === layer) < i) {
      return { use: fileName(layer.name), ...(referred.has(name) && { name }), inputs: inputs.map(nameOf) };
    }
    const isReferred = referred.has(name) || nodes.filter((node) => node.layer === layer).length > 1;
    const stored = { className: layer.layer.className, config: layer.layer.config };
    const config = withClasses(shortened(stored), wider?.layers[index].layer.config ?? {});
    const options = { ...((isReferred || given[index] !== layer.name) && { name }), ...config };
    return {
      className: stored.className,
      ...(Object.keys(options).length > 0 && { config: options }),
      ...(isBranch[i] && { inputs: inputs.map(nameOf) }),
    };
  });
}

/** The input, then each node: as its layer, with a number from the second use on. */
function namesOfValues({ nodes }: Network): readonly string[] {
  const uses = new Map<string, number>();
  const names = nodes.map(({ layer: { name } }) => {
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return fileName(use === 1 ? name : `${name}/${use}`);
  });
  return [INPUT, ...names];
}

/** A name as a file may give it: layers of a network within the network have a slash in theirs. */
function fileName(name: string): string {
  return name.replaceAll("/", "-");
}

/** The names that layers have where the file gives none. */
function namesUnlessGiven(layers: Network["layers"]): readonly string[] {
  return nameLayers(layers.map(({ layer: { className } }) => ({ className, name: undefined })));
}

/** The options without which the layer would be another. */
function shortened({ className, config }: LayerConfig): Record<string, unknown> {
  const own = without(config, "name", "inputShape");
  const whole = JSON.stringify(own);
  let kept = own;
  for (const option of Object.keys(own)) {
    const makesSame = (other: Record<string, unknown>) => configAgain(className, other) === whole;
    const others = without(kept, option);
    const shorter = shortValue(kept[option]);
    if (makesSame(others)) kept = others;
    else if (shorter !== undefined && makesSame({ ...kept, [option]: shorter })) {
      kept = { ...kept, [option]: shorter };
    }
  }
  return kept;
}

/** A shorter form that options have: 3 for [3, 3], a name for a rule with its defaults. */
function shortValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.every((one) => one === value[0]) ? value[0] : undefined;
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  const { config } = value as { readonly config?: object };
  return Object.keys(config ?? {}).length === 0 ? value.name : undefined;
}

function without(
  config: Readonly<Record<string, unknown>>,
  ...left: readonly string[]
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([option]) => !left.includes(option)));
}

/** The whole config of a layer that is made of some options; undefined where it needs others. */
function configAgain(className: string, config: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return JSON.stringify(layerFromConfig({ className, config }).config);
  } catch (error) {
    if (error instanceof AuricleError) return undefined;
    throw error;
  }
}

function withClasses(
  config: Readonly<Record<string, unknown>>,
  wider: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([option, value]) => [
      option,
      value === SOME && wider[option] === MORE ? CLASSES : value,
    ]),
  );
}

/** JSON on one line, with spaces as a person would set them. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** @file Networks from a list of layers, and from a graph of symbolic tensors. */
import { AuricleError } from "../errors.ts";
import type { FloatArray } from "../tensor/array.ts";
import { planUses, type LayerUse } from "./layer-uses.ts";
import type { Layer, SymbolicTensor } from "./layer.ts";
import { Network } from "./network.ts";
import { outputName } from "./network-outputs.ts";
import type { InputConfig, NetworkPlan, OutputConfig } from "./network-plan.ts";
import { input } from "./symbolic.ts";
import { shownValue } from "../shown-value.ts";

export interface NetworkOptions {
  /** Default: "sequential" or "model". */
  readonly name?: string;
  /** The same seed gives the same weights. Default 0. */
  readonly seed?: number;
}

export interface SequentialOptions extends NetworkOptions {
  /** The names of the input's axes, for the summary: ["time", "frequency", "channel"]. */
  readonly axisNames?: readonly string[];
}

/**
 * A network of layers one after the other. The first layer needs `inputShape`.
 * @throws AuricleError "argument" or "shape" naming the layer that does not fit
 */
export function sequentialNetwork(
  layers: readonly SequentialPart[],
  options: SequentialOptions = {},
): Network {
  const name = options.name ?? "sequential";
  checkParts(name, layers);
  const [first] = layers;
  const network = first && "network" in first ? first.network : undefined;
  const shape = network?.inputShapes[0] ?? (first as Layer | undefined)?.inputShape;
  if (!shape) {
    throw new AuricleError(
      "argument",
      `${name}: the first layer must have inputShape, the shape of one example without the batch axis: conv2d({ …, inputShape: [28, 28, 1] })`,
    );
  }
  const axisNames = options.axisNames ?? network?.axisNames;
  const { uses, output } = chain(name, layers);
  return new Network({
    name,
    seed: checkSeed(name, options.seed),
    inputs: [inputConfig(input({ shape, axisNames }), 0)],
    ...planUses(uses),
    output,
  });
}

/** @throws AuricleError "argument" unless it is a list of layers and models. */
function checkParts(name: string, layers: unknown): void {
  if (!Array.isArray(layers)) {
    throw new AuricleError(
      "argument",
      `${name}: layers must be a list, as sequential([flatten({ inputShape: [28, 28, 1] }), dense({ units: 10 })]); got ${typeof layers}`,
    );
  }
  const at = layers.findIndex((layer) => !isPart(layer));
  if (at < 0) return;
  const fault: unknown = layers[at];
  const came =
    typeof fault === "function"
      ? `the function ${fault.name}; call it: ${fault.name}({ … })`
      : (JSON.stringify(fault)?.slice(0, 60) ?? "nothing");
  throw new AuricleError("argument", `${name}: layers[${at}] must be a layer or a model; got ${came}`);
}

function isPart(value: unknown): value is SequentialPart {
  if (typeof value !== "object" || value === null) return false;
  return "network" in value || ("className" in value && "weights" in value);
}

/** A part of a sequential model: a layer, or a model with one input and one output. */
export type SequentialPart = Layer | { readonly network: Network };

/** The uses of all layers one after the other, those of networks among them, and the number of the last value. */
function chain(
  name: string,
  parts: readonly SequentialPart[],
): { readonly uses: readonly LayerUse[]; readonly output: number } {
  const uses: LayerUse[] = [];
  let output = 0;
  for (const part of parts) {
    if (!("network" in part)) {
      output = uses.push({ layer: part, member: undefined, inputs: [output] });
      continue;
    }
    const { network } = part;
    if (network.inputs.length !== 1 || network.outputs.length !== 1) {
      throw new AuricleError(
        "argument",
        `${name}: a network that is a layer must have one input and one output; ${network.name} has ` +
          `${network.inputs.length} and ${network.outputs.length}; use its apply in model({ inputs, outputs })`,
      );
    }
    const [before, added] = [output, uses.length];
    const numberOf = (value: number) => (value === 0 ? before : added + value);
    for (const { layer, inputs } of network.nodes) {
      uses.push({ layer: layer.layer, member: { network, layer }, inputs: inputs.map(numberOf) });
    }
    output = numberOf(network.output.value);
  }
  return { uses, output };
}

/** One value of a graph, a list of them, or values by name. */
export type SymbolicValues =
  SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

export interface GraphOptions<Outputs extends SymbolicValues = SymbolicValues> {
  /** The results of `input()`; names given here take the place of the inputs' own. */
  readonly inputs: SymbolicValues;
  /** Several outputs are a list, or have names. */
  readonly outputs: Outputs;
}

/** Numbers for the weights of some layers, by the weights' names. */
export type WeightsOfLayers = ReadonlyMap<Layer, ReadonlyMap<string, FloatArray>>;

/**
 * A network from its inputs to its outputs, with branches and skips as the layers were applied.
 * @param weights those of all layers that have some; default: new ones
 * @throws AuricleError "argument" when the outputs depend on an input that is not given, or not on one that is
 */
export function graphNetwork(
  { inputs, outputs }: GraphOptions,
  options: NetworkOptions = {},
  weights?: WeightsOfLayers,
): Network {
  const name = options.name ?? "model";
  const entrances = namedValues(inputs, name, "inputs");
  const exits = namedValues(outputs, name, "outputs");
  const given = entrances.map(({ tensor }) => tensor);
  const order = orderOf(exits.map(({ tensor }) => tensor));
  checkEnds(name, given, order);
  const made = order.filter((tensor) => tensor.origin.kind === "layer");
  const values = [...given, ...made];
  const { layers, nodes } = planUses(
    made.flatMap(({ origin }): LayerUse[] =>
      origin.kind === "layer"
        ? [
            {
              layer: origin.layer,
              member: origin.member,
              inputs: origin.inputs.map((tensor) => values.indexOf(tensor)),
            },
          ]
        : [],
    ),
  );
  const configs = entrances.map(({ tensor, name }, i) => inputConfig(tensor, i, name));
  checkInputNames(name, configs);
  const plan: NetworkPlan = {
    name,
    seed: checkSeed(name, options.seed),
    inputs: configs,
    layers,
    nodes,
    output: isSymbolic(outputs)
      ? values.indexOf(outputs)
      : {
          form: Array.isArray(outputs) ? "list" : "named",
          values: outputConfigs(exits, values, (tensor) =>
            tensor.origin.kind === "layer" ? layers[nodes[made.indexOf(tensor)].layer].name : "",
          ),
        },
  };
  if (!weights) return new Network(plan);
  const byPath = layers.flatMap(({ name: owner, layer }) =>
    [...(weights.get(layer) ?? [])].map(([weight, numbers]) => [`${owner}/${weight}`, numbers] as const),
  );
  return new Network(plan, new Map(byPath));
}

export interface NamedValue {
  readonly tensor: SymbolicTensor;
  /** Absent where the value stands alone or in a list. */
  readonly name?: string;
}

function isSymbolic(value: unknown): value is SymbolicTensor {
  return typeof value === "object" && value !== null && "origin" in value && "shape" in value;
}

/** @throws AuricleError "argument" for no values, and for anything that is not a value. */
export function namedValues(
  values: SymbolicValues,
  model: string,
  what: "inputs" | "outputs",
): readonly NamedValue[] {
  const list: { tensor: unknown; name?: string }[] = isSymbolic(values)
    ? [{ tensor: values }]
    : Array.isArray(values)
      ? values.map((tensor: unknown) => ({ tensor }))
      : Object.entries(values ?? {}).map(([name, tensor]) => ({ name, tensor }));
  const found = list.flatMap(({ tensor, ...name }) => (isSymbolic(tensor) ? [{ tensor, ...name }] : []));
  if (found.length > 0 && found.length === list.length) return found;
  const fault = list.find(({ tensor }) => !isSymbolic(tensor));
  const place = fault?.name ?? (list.length > 1 && fault ? `number ${list.indexOf(fault)}` : "");
  throw new AuricleError(
    "argument",
    `${model}: ${what} must be what input() and apply() give, as model({ inputs: x, outputs: dense({ units: 2 }).apply(x) }), ` +
      `a list of them or an object of them; got ${fault ? typeof fault.tensor : "none"}${place && ` for ${place}`}`,
  );
}

/** @throws AuricleError "argument" for an input that is none or that nothing needs, and one that is missing. */
function checkEnds(model: string, given: readonly SymbolicTensor[], order: readonly SymbolicTensor[]): void {
  for (const tensor of given) {
    if (tensor.origin.kind === "input" && order.includes(tensor)) continue;
    const fault =
      tensor.origin.kind === "input" ? "one that the output does not depend on" : "a layer's output";
    throw new AuricleError("argument", `${model}: inputs must be made by input() and used; got ${fault}`);
  }
  const missing = order.find((tensor) => tensor.origin.kind === "input" && !given.includes(tensor));
  if (missing) {
    throw new AuricleError(
      "argument",
      `${model}: the output depends on an input of shape [${missing.shape.join(",")}] that is not among inputs; add it`,
    );
  }
}

/** Outputs of a list are called as their layers, numbered where a layer gives several. */
function outputConfigs(
  exits: readonly NamedValue[],
  values: readonly SymbolicTensor[],
  layerOf: (tensor: SymbolicTensor) => string,
): OutputConfig[] {
  const names = exits.map(({ tensor, name }) => name ?? outputName(layerOf(tensor)));
  return exits.map(({ tensor }, i) => {
    const earlier = names.slice(0, i).filter((name) => name === names[i]).length;
    const isUnique = earlier === 0 && !names.includes(names[i], i + 1);
    return { name: isUnique ? names[i] : `${names[i]}_${earlier + 1}`, value: values.indexOf(tensor) };
  });
}

function inputConfig({ shape, origin }: SymbolicTensor, index: number, given?: string): InputConfig {
  const { name, axisNames } = origin.kind === "input" ? origin : { name: undefined, axisNames: undefined };
  return { name: given ?? name ?? `input_${index + 1}`, shape, ...(axisNames ? { axisNames } : {}) };
}

function checkInputNames(name: string, configs: readonly InputConfig[]): void {
  const names = configs.map((config) => config.name);
  if (new Set(names).size === names.length) return;
  throw new AuricleError("argument", `${name}: names of inputs must differ; got ${names.join(", ")}`);
}

function checkSeed(name: string, seed = 0): number {
  if (Number.isSafeInteger(seed)) return seed;
  throw new AuricleError("argument", `${name}: seed must be an integer; got ${shownValue(seed)}`);
}

/** All values that the outputs depend on, each after its own inputs. */
function orderOf(outputs: readonly SymbolicTensor[]): readonly SymbolicTensor[] {
  const order = new Set<SymbolicTensor>();
  const visit = (tensor: SymbolicTensor): void => {
    if (order.has(tensor)) return;
    if (tensor.origin.kind === "layer") tensor.origin.inputs.forEach(visit);
    order.add(tensor);
  };
  outputs.forEach(visit);
  return [...order];
}

/** @file The layers and connections of a Keras model, as its configuration has them. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { isList, isObject, own, type JsonObject } from "../json/values.ts";
import { LIMITS } from "./limits.ts";
import { CONSTANT, operationIn } from "./operation-calls.ts";

/** A value of a model: the number of a layer in its list, of the call, and of the value that the call gives. */
export interface ValueReference {
  readonly layer: number;
  readonly call: number;
  readonly value: number;
}

/** A layer, or a model that is a layer. */
export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** The layers of a model; undefined for other layers. */
  readonly model?: KerasModel;
  /** For each call the values that it takes; of an input none. */
  readonly calls: readonly (readonly ValueReference[])[];
}

export interface KerasModel {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly ValueReference[];
  readonly outputs: readonly ValueReference[];
}

const MODELS = ["Sequential", "Functional", "Model"];

/** Whether a class is a network of layers. Subclasses have code of their own, which no file holds. */
export function isModelClass(className: unknown): className is string {
  return typeof className === "string" && MODELS.includes(className);
}

export const INPUT_CLASS = "InputLayer";

/**
 * Reads a model's configuration.
 * @param value an object with class_name and config
 * @param file the file's name, for messages
 * @throws AuricleError "file" for what is no description of a model, "unsupported" for a class of the model's own.
 */
export function readModelConfig(value: unknown, file: string): KerasModel {
  return readModel(value, file, 0);
}

function malformed(where: string, wanted: string, came: unknown): AuricleError {
  return new AuricleError("file", `${where}: must be ${wanted}; got ${shownValue(came)}`);
}

function readModel(value: unknown, where: string, depth: number): KerasModel {
  if (depth > LIMITS.depth) {
    throw new AuricleError("file", `${where}: models lie within models more than ${LIMITS.depth} deep`);
  }
  if (!isObject(value)) throw malformed(where, "a model, an object with class_name and config", value);
  const className = own(value, "class_name");
  if (!isModelClass(className)) {
    throw new AuricleError(
      "unsupported",
      `${where}: must be a Sequential or Functional model; got ${shownValue(className)}, a class whose code the file does not ` +
        "hold: name a network with the same layers by --model",
    );
  }
  const stored = own(value, "config");
  // Keras' first versions stored a Sequential model as its list of layers alone.
  const config = isList(stored) ? { layers: stored } : stored;
  if (!isObject(config)) throw malformed(`${where}: config`, "an object", stored);
  const layers = own(config, "layers");
  if (!isList(layers) || layers.length === 0) throw malformed(`${where}: layers`, "a list", layers);
  if (layers.length > LIMITS.nodes) {
    throw new AuricleError("file", `${where}: has ${layers.length} layers; at most ${LIMITS.nodes} are read`);
  }
  const given = own(config, "name");
  const name = typeof given === "string" && given !== "" ? given : "model";
  return className === "Sequential"
    ? sequentialModel(name, layers, where, depth)
    : functionalModel(name, config, layers, where, depth);
}

interface Stored {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  readonly model?: KerasModel;
  readonly nodes: unknown;
}

function readLayers(layers: readonly unknown[], where: string, depth: number): Stored[] {
  const taken = new Set<string>();
  return layers.map((layer, i) => {
    if (!isObject(layer)) throw malformed(`${where}: layer ${i}`, "an object", layer);
    const [className, config] = [own(layer, "class_name"), own(layer, "config")];
    if (typeof className !== "string")
      throw malformed(`${where}: layer ${i}: class_name`, "a text", className);
    const nodes = own(layer, "inbound_nodes");
    const name = nameOf(layer, config, `${className.toLowerCase()}_${i}`);
    if (taken.has(name)) {
      throw new AuricleError("file", `${where}: names of layers must differ; got ${shownValue(name)} twice`);
    }
    taken.add(name);
    if (isModelClass(className)) {
      return { name, className, config: {}, nodes, model: readModel(layer, `${where}/${name}`, depth + 1) };
    }
    return { name, className, config: isObject(config) ? config : {}, nodes, ...operationIn(layer) };
  });
}

function withoutNodes({ name, className, config, model }: Stored): Omit<KerasLayer, "calls"> {
  return { name, className, config, ...(model && { model }) };
}

function nameOf(layer: JsonObject, config: unknown, fallback: string): string {
  const names = [own(layer, "name"), isObject(config) ? own(config, "name") : undefined];
  return names.find((name): name is string => typeof name === "string" && name !== "") ?? fallback;
}

function sequentialModel(name: string, stored: readonly unknown[], where: string, depth: number): KerasModel {
  const read = readLayers(stored, where, depth);
  const beginsWithInput = read[0].className === INPUT_CLASS;
  const layers: KerasLayer[] = read.map((layer, i) => ({
    ...withoutNodes(layer),
    calls: i === 0 && beginsWithInput ? [] : [[{ layer: i - 1, call: 0, value: 0 }]],
  }));
  const last: ValueReference = { layer: layers.length - 1, call: 0, value: 0 };
  if (beginsWithInput) return { name, layers, inputs: [{ layer: 0, call: 0, value: 0 }], outputs: [last] };
  // The first layer, or that of the model that is the first layer, says what it takes.
  const input: KerasLayer = {
    name: freeName(`${layers[0].name}_input`, new Set(layers.map((layer) => layer.name))),
    className: INPUT_CLASS,
    config: layers[0].model ? inputConfigOf(layers[0].model) : layers[0].config,
    calls: [],
  };
  const shifted = layers.map((layer, i) => ({ ...layer, calls: [[{ layer: i, call: 0, value: 0 }]] }));
  return {
    name,
    layers: [input, ...shifted],
    inputs: [{ layer: 0, call: 0, value: 0 }],
    outputs: [{ layer: layers.length, call: 0, value: 0 }],
  };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(`${name}_`, taken) : name;
}

function inputConfigOf({ layers, inputs }: KerasModel): JsonObject {
  return layers[inputs[0].layer].config;
}

function functionalModel(
  name: string,
  config: JsonObject,
  stored: readonly unknown[],
  where: string,
  depth: number,
): KerasModel {
  const read = readLayers(stored, where, depth);
  const numbers = new Map(read.map((layer, i) => [layer.name, i]));
  const calls = read.map(({ nodes, name: layer }) => {
    if (nodes === undefined || nodes === null) return [];
    if (!isList(nodes)) throw malformed(`${where}: ${layer}: inbound_nodes`, "a list", nodes);
    return nodes.map((node) => referencesIn(node, numbers, `${where}: ${layer}: inbound_nodes`));
  });
  const ends = (key: string) => {
    const value = own(config, key);
    const found = referencesIn(value, numbers, `${where}: ${key}`);
    if (found.length === 0) throw malformed(`${where}: ${key}`, "a list of layers", value);
    return found;
  };
  const [inputs, outputs] = [ends("input_layers"), ends("output_layers")];
  const all = [...inputs, ...outputs, ...calls.flat(2)];
  // A model with inputs of its own has been called once before it becomes a layer, which some versions count: every call is used,
  // so the lowest number is that of the first.
  const first = calls.map((_, i) => least(all.filter(({ layer }) => layer === i).map(({ call }) => call)));
  const counted = (reference: ValueReference): ValueReference => {
    const { layer, call } = reference;
    // A layer with one call has but that one, whatever number it has been given.
    const own = calls[layer].length <= 1 ? 0 : call - first[layer];
    return { ...reference, call: own };
  };
  const layers = read.map((layer, i) => ({
    ...withoutNodes(layer),
    calls: calls[i].map((call) => call.map(counted)),
  }));
  return { name, layers, inputs: inputs.map(counted), outputs: outputs.map(counted) };
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), numbers[0] ?? 0);
}

/**
 * The values that a part of a configuration names: [name, call, value, { more by name }] as Keras 2 and TensorFlow.js have it, tensors with a
 * keras_history as Keras 3 has it, in lists and objects of any kind.
 */
function referencesIn(value: unknown, numbers: ReadonlyMap<string, number>, where: string): ValueReference[] {
  const found: ValueReference[] = [];
  const visit = (one: unknown, level: number): void => {
    if (level > 12 || found.length > LIMITS.inputs) throw malformed(where, "a short list of values", value);
    if (isList(one)) {
      const [name, call, index, named] = one;
      if (name === CONSTANT) visit(named, level + 1);
      else if (typeof name === "string" && Number.isSafeInteger(call) && Number.isSafeInteger(index)) {
        found.push({ layer: numberOf(name), call: Number(call), value: Number(index) });
        visit(named, level + 1);
      } else for (const inner of one) visit(inner, level + 1);
    } else if (isObject(one)) {
      const history = isObject(own(one, "config"))
        ? own(own(one, "config") as JsonObject, "keras_history")
        : undefined;
      if (history !== undefined) visit(history, level + 1);
      else for (const inner of Object.values(one)) visit(inner, level + 1);
    }
  };
  const numberOf = (name: string): number => {
    const number = numbers.get(name);
    if (number !== undefined) return number;
    throw new AuricleError(
      "file",
      `${where}: names the layer ${shownValue(name)}, which the model does not have`,
    );
  };
  visit(value, 0);
  return found;
}

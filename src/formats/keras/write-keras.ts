/** @file A network as a Python program that builds it in Keras, and its weights as NumPy's arrays. Browser-safe. */
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { writeNpz } from "../npy/index.ts";
import type { KerasLayerOut, KerasNetwork, KerasValue } from "./keras-builder.ts";
import { toKeras, type KerasAnswer } from "./to-keras.ts";

export interface KerasProgram {
  /** A module whose `load()` gives the model, of Keras 3 or 2. */
  readonly program: string;
  /** The weights that it loads: an .npz file. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

export interface KerasProgramOptions {
  /** The answer that is made of the network's output. Default: the output as it is. */
  readonly answer?: KerasAnswer;
  /** The name of the file with the weights, beside the program. */
  readonly weightsFile: string;
  /** Lines on what the model takes and gives, for the program's first comment. */
  readonly about?: readonly string[];
}

/**
 * Writes a network for Keras.
 * @throws AuricleError "unsupported" naming all layers that Keras has nothing for
 */
export function writeKeras(network: InferenceNetwork, options: KerasProgramOptions): KerasProgram {
  const written = toKeras(network, "keras", options.answer);
  const arrays = written.layers.flatMap(({ name, weights }) =>
    weights.map(({ name: weight, array: { shape, data } }) => {
      return [`${name}/${weight}`, { shape, dtype: "float32", data }] as const;
    }),
  );
  return { program: programOf(written, options), weights: writeNpz(arrays) };
}

function programOf(network: KerasNetwork, { weightsFile, about = [] }: KerasProgramOptions): string {
  const names = new Names(network);
  const lists = network.layers.flatMap(({ name, weights }) =>
    weights.length === 0 ? [] : [`    ${literal(name)}: ${literal(weights.map((weight) => weight.name))},`],
  );
  const [inputs, outputs] = [
    network.inputs.map((_, input) => names.of({ input })),
    network.outputs.map((one) => names.of(one)),
  ];
  return `${[
    `"""${[`The network ${network.name}, written by Auricle.`, ...about.map(quoted)].join("\n\n")}`,
    '"""',
    "",
    "from pathlib import Path",
    "",
    "import numpy as np",
    "",
    "try:",
    "    import keras",
    "except ImportError:",
    "    from tensorflow import keras",
    "",
    "layers = keras.layers",
    "",
    "# The weights of each layer, in Keras' order.",
    "WEIGHTS = {",
    ...lists,
    "}",
    "",
    "",
    "def build():",
    ...network.inputs.map(
      ({ name, shape }, input) =>
        `    ${names.of({ input })} = keras.Input(${tuple(shape)}, name=${literal(name)})`,
    ),
    ...linesOf(network, names).map((line) => `    ${line}`),
    `    return keras.Model(${listOf(inputs)}, ${listOf(outputs)}, name=${literal(network.name)})`,
    "",
    "",
    `def load(path=Path(__file__).with_name(${literal(weightsFile)})):`,
    "    model = build()",
    "    with np.load(path) as arrays:",
    "        for name, weights in WEIGHTS.items():",
    '            model.get_layer(name).set_weights([arrays[f"{name}/{weight}"] for weight in weights])',
    "    return model",
    "",
    "",
    'if __name__ == "__main__":',
    "    load().summary()",
  ].join("\n")}\n`;
}

/** The calls of all layers, each after those whose values it takes: calls were added in that order. */
function linesOf({ layers }: KerasNetwork, names: Names): string[] {
  const made = new Set<KerasLayerOut>();
  return callsInOrder(layers).flatMap(({ layer, call }) => {
    const shared = layer.calls.length > 1;
    const first = made.has(layer) ? [] : shared ? [`${names.layer(layer)} = ${constructor(layer)}`] : [];
    made.add(layer);
    const what = shared ? names.layer(layer) : constructor(layer);
    const given = layer.calls[call].map((value) => names.of(value));
    return [...first, `${names.of({ layer, call })} = ${what}(${listOf(given)})`];
  });
}

function callsInOrder(layers: readonly KerasLayerOut[]): { layer: KerasLayerOut; call: number }[] {
  const done = new Set<string>();
  const order: { layer: KerasLayerOut; call: number }[] = [];
  const key = (layer: KerasLayerOut, call: number) => `${layer.name} ${call}`;
  const isReady = (value: KerasValue) => "input" in value || done.has(key(value.layer, value.call));
  let waiting = layers.flatMap((layer) => layer.calls.map((_, call) => ({ layer, call })));
  while (waiting.length > 0) {
    const late: typeof waiting = [];
    for (const one of waiting) {
      if (one.layer.calls[one.call].every(isReady)) {
        done.add(key(one.layer, one.call));
        order.push(one);
      } else late.push(one);
    }
    waiting = late;
  }
  return order;
}

function constructor({ className, config, name }: KerasLayerOut): string {
  const options = Object.entries(config).map(([key, value]) => `${key}=${literal(value)}`);
  return `layers.${className}(${[...options, `name=${literal(name)}`].join(", ")})`;
}

/** The variables of the program. */
class Names {
  private readonly values = new Map<string, string>();

  constructor({ inputs, layers }: KerasNetwork) {
    inputs.forEach((_, input) => this.values.set(`in ${input}`, inputs.length === 1 ? "x" : `x_${input}`));
    layers.forEach(({ calls, name }, i) => {
      this.values.set(`layer ${name}`, `shared_${i}`);
      calls.forEach((_, call) =>
        this.values.set(`${name} ${call}`, calls.length === 1 ? `y${i}` : `y${i}_${call}`),
      );
    });
  }

  of(value: KerasValue): string {
    const key = "input" in value ? `in ${value.input}` : `${value.layer.name} ${value.call}`;
    return this.values.get(key) ?? key;
  }

  layer({ name }: KerasLayerOut): string {
    return this.values.get(`layer ${name}`) ?? name;
  }
}

const listOf = (names: readonly string[]) => (names.length === 1 ? names[0] : `[${names.join(", ")}]`);
const tuple = (lengths: readonly number[]) => `(${lengths.join(", ")}${lengths.length === 1 ? "," : ""})`;

/** A value of JSON in Python. JSON's texts are Python's; its lists of lengths are tuples there. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return asciiText(String(value));
  const inner = value.map(literal).join(", ");
  return value.every((one) => typeof one === "string")
    ? `[${inner}]`
    : `(${inner}${value.length === 1 ? "," : ""})`;
}

function asciiText(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A line within a docstring, which nothing in it may end. */
function quoted(line: string): string {
  return line.replace(/\\/g, "\\\\").replace(/"/g, "'");
}

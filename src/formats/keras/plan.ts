/** @file From a Keras model's layers and connections to a network's plan, models within it laid open. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import type { InputConfig, LayerConfig, NetworkConfig, NodeConfig } from "../../nn/network-plan.ts";
import type { Shape } from "../../tensor/shape.ts";
import { ConfigReader } from "./config-reader.ts";
import { isList, own } from "../json/values.ts";
import { INPUT_CLASS, type KerasLayer, type KerasModel } from "./graph.ts";
import { mappingOf } from "./layer-classes.ts";
import type { Keras, MappedLayer } from "./mapped-layer.ts";
import { LIMITS } from "./limits.ts";

/** A layer with weights in the network, and where Keras keeps them. */
export interface PlacedLayer {
  /** The layer's name in the network. */
  readonly name: string;
  /** The names of the models around it and its own. */
  readonly path: readonly string[];
  readonly className: string;
  readonly mapped: MappedLayer;
}

export interface PlannedNetwork {
  readonly config: NetworkConfig;
  readonly layers: readonly PlacedLayer[];
  /** Properties of the model that the network does not have, in sentences. */
  readonly notes: readonly string[];
}

export interface PlanOptions {
  /** The shape of one example, where the file leaves lengths open. */
  readonly inputShape?: Shape;
}

/** Options of a layer that only training uses and that are not taken over. */
const NOT_TAKEN = [
  "kernel_regularizer",
  "bias_regularizer",
  "activity_regularizer",
  "depthwise_regularizer",
  "pointwise_regularizer",
  "beta_regularizer",
  "gamma_regularizer",
  "kernel_constraint",
  "bias_constraint",
  "depthwise_constraint",
  "pointwise_constraint",
];

const AUGMENTS = /^Random/;

/**
 * Plans a network.
 * @throws AuricleError "unsupported" naming every layer that Auricle has nothing for, "file" for connections that make no network.
 */
export function planNetwork(
  model: KerasModel,
  keras: Keras,
  file: string,
  { inputShape }: PlanOptions = {},
): PlannedNetwork {
  const planner = new Planner(keras, file);
  planner.mapAll(model, []);
  planner.requireSupported();
  const inputs = model.inputs.map(({ layer }): InputConfig => {
    const { name, config } = model.layers[layer];
    return {
      name,
      shape: shapeOf(config, `${file}: ${name}`, model.inputs.length === 1 ? inputShape : undefined),
    };
  });
  const outputs = planner.connect(
    model,
    inputs.map((_, i) => i),
    [],
  );
  return planner.plan(model, inputs, outputs);
}

/** The shape of one example that an input, or a first layer, says it takes. */
function shapeOf(config: KerasLayer["config"], where: string, given: Shape | undefined): Shape {
  const stored = own(config, "batch_shape") ?? own(config, "batch_input_shape");
  const shape = isList(stored) ? stored.slice(1) : (own(config, "shape") ?? own(config, "input_shape"));
  if (given) return given;
  if (
    isList(shape) &&
    shape.length > 0 &&
    shape.every((one): one is number => Number.isSafeInteger(one) && Number(one) > 0)
  ) {
    return shape;
  }
  const open = isList(shape)
    ? `leaves lengths open, ${JSON.stringify(shape)}`
    : "does not say the shape of its input";
  throw new AuricleError(
    "argument",
    `${where}: ${open}, and a network takes inputs of one shape: give the shape of one example, without the batch, as 224,224,3`,
  );
}

class Planner {
  private readonly keras: Keras;
  private readonly file: string;
  private readonly unsupported: string[] = [];
  private readonly notes = new Map<string, string[]>();
  private readonly mapped = new Map<KerasLayer, MappedLayer>();
  private readonly layers: LayerConfig[] = [];
  private readonly placed: PlacedLayer[] = [];
  private readonly nodes: NodeConfig[] = [];
  /** The numbers of the layers of each path. */
  private readonly numbers = new Map<string, readonly number[]>();
  private inputs = 0;

  constructor(keras: Keras, file: string) {
    this.keras = keras;
    this.file = file;
  }

  /** Maps all layers, so that those that cannot be are told at once. */
  mapAll(model: KerasModel, path: readonly string[]): void {
    for (const layer of model.layers) {
      if (layer.model) this.mapAll(layer.model, [...path, layer.name]);
      else if (layer.className !== INPUT_CLASS) this.mapOne(layer, [...path, layer.name].join("/"));
    }
  }

  private mapOne(layer: KerasLayer, name: string): void {
    const { className, config } = layer;
    const mapping = mappingOf(className);
    if (!mapping) {
      this.unsupported.push(`${name} (${className})`);
      return;
    }
    try {
      this.mapped.set(layer, mapping(new ConfigReader(`${name} (${className})`, config), this.keras));
    } catch (error) {
      if (!(error instanceof AuricleError)) throw error;
      this.unsupported.push(error.message);
    }
    const lost = NOT_TAKEN.filter((key) => (own(config, key) ?? null) !== null);
    for (const key of lost) this.note(key, name);
    if (AUGMENTS.test(className)) this.note("random changes in training", name);
  }

  private note(what: string, name: string): void {
    const names = this.notes.get(what) ?? [];
    names.push(name);
    this.notes.set(what, names);
  }

  requireSupported(): void {
    const { unsupported, file } = this;
    if (unsupported.length === 0) return;
    const shown = unsupported.slice(0, 50);
    const more = unsupported.length > shown.length ? `\n  and ${unsupported.length - shown.length} more` : "";
    throw new AuricleError(
      "unsupported",
      `${file}: ${unsupported.length === 1 ? "one layer has" : `${unsupported.length} layers have`} nothing like it in Auricle:\n` +
        shown.map((one) => `  ${one}`).join("\n") +
        `${more}\nnothing was read: remove them in Keras, or export the model to ONNX and import that`,
    );
  }

  /** Adds the nodes of a model on values. @returns the values that it gives */
  connect(model: KerasModel, given: readonly number[], path: readonly string[]): number[] {
    if (path.length === 0) this.inputs = given.length;
    if (given.length !== model.inputs.length) {
      throw this.fault(path, `takes ${model.inputs.length} inputs and is given ${given.length}`);
    }
    const values = new Map<string, readonly number[]>();
    model.inputs.forEach(({ layer }, i) => values.set(`${layer} 0`, [given[i]]));
    for (const { layer, call } of this.orderOf(model, values, path)) {
      const used = model.layers[layer];
      const inputs = used.calls[call].map((from) => valueAt(values, from));
      values.set(
        `${layer} ${call}`,
        used.model
          ? this.connect(used.model, inputs, [...path, used.name])
          : [this.use(used, inputs, [...path, used.name])],
      );
    }
    return model.outputs.map((from) => {
      const value = valueAt(values, from);
      if (value < 0) throw this.fault(path, "has an output that no layer gives");
      return value;
    });
  }

  /** The calls that the outputs need, each after those that it needs. */
  private orderOf(
    { layers, outputs }: KerasModel,
    known: ReadonlyMap<string, unknown>,
    path: readonly string[],
  ): { layer: number; call: number }[] {
    const order: { layer: number; call: number }[] = [];
    const state = new Map<string, "open" | "done">();
    const stack: { layer: number; call: number; next: number }[] = [];
    const enter = (layer: number, call: number): void => {
      const key = `${layer} ${call}`;
      if (known.has(key) || state.get(key) === "done") return;
      if (state.get(key) === "open")
        throw this.fault(path, `has a circle of connections at ${layers[layer].name}`);
      if (!layers[layer].calls[call]) {
        throw this.fault(
          path,
          `has no call ${call} of the layer ${layers[layer].name}, which its connections name`,
        );
      }
      state.set(key, "open");
      stack.push({ layer, call, next: 0 });
    };
    for (const output of outputs) {
      enter(output.layer, output.call);
      for (let top = stack.at(-1); top; top = stack.at(-1)) {
        const from = layers[top.layer].calls[top.call][top.next++];
        if (from) enter(from.layer, from.call);
        else {
          state.set(`${top.layer} ${top.call}`, "done");
          order.push({ layer: top.layer, call: top.call });
          stack.pop();
        }
      }
    }
    return order;
  }

  /** Adds a layer's node, or nodes. @returns the value that it gives */
  private use(layer: KerasLayer, inputs: readonly number[], path: readonly string[]): number {
    if (inputs.length === 0 || inputs.some((value) => value < 0)) {
      throw this.fault(path, "takes a value that no layer gives");
    }
    const numbers = this.numbersOf(layer, path);
    let values = inputs;
    for (const number of numbers) {
      if (this.nodes.length >= LIMITS.nodes) {
        throw this.fault(path, `is one layer too many: at most ${LIMITS.nodes} uses of layers are read`);
      }
      values = [this.inputs + this.nodes.push({ layer: number, inputs: values }) - 1];
    }
    return values[0];
  }

  private numbersOf(layer: KerasLayer, path: readonly string[]): readonly number[] {
    const name = path.join("/");
    const known = this.numbers.get(name);
    if (known) return known;
    const mapped = this.mapped.get(layer) ?? { layers: [], weights: [] };
    const made = mapped.layers.map(({ className, config }, i) => {
      const own = this.freeName(i === 0 ? name : `${name}_${className.toLowerCase()}`);
      if (i === 0) this.placed.push({ name: own, path, className: layer.className, mapped });
      return this.layers.push({ className, config: { ...config, name: own } }) - 1;
    });
    this.numbers.set(name, made);
    return made;
  }

  private readonly taken = new Set<string>();

  private freeName(name: string): string {
    let free = name;
    for (let i = 1; this.taken.has(free); i++) free = `${name}_${i}`;
    this.taken.add(free);
    return free;
  }

  private fault(path: readonly string[], what: string): AuricleError {
    return new AuricleError(
      "file",
      `${this.file}: ${path.length === 0 ? "the model" : path.join("/")} ${what}`,
    );
  }

  plan(model: KerasModel, inputs: readonly InputConfig[], outputs: readonly number[]): PlannedNetwork {
    if (outputs.some((value) => value < inputs.length)) {
      throw this.fault([], "gives one of its inputs as it is: no layer lies between");
    }
    const names = model.outputs.map(({ layer }) => model.layers[layer].name);
    const output =
      outputs.length === 1
        ? outputs[0]
        : { form: "list" as const, values: outputs.map((value, i) => ({ name: names[i], value })) };
    const notes = [...this.notes].map(([what, layers]) => `not taken over: ${what} of ${listed(layers)}`);
    const { layers, nodes } = this;
    return {
      config: { name: model.name, seed: 0, inputs, layers, nodes, output },
      layers: this.placed,
      notes,
    };
  }
}

/** A value that a call gives, -1 where there is none. */
function valueAt(
  values: ReadonlyMap<string, readonly number[]>,
  { layer, call, value }: { readonly layer: number; readonly call: number; readonly value: number },
): number {
  return values.get(`${layer} ${call}`)?.[value] ?? -1;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more layers` : shown;
}

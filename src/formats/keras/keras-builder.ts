/** @file A network in Keras' terms while it is built: layers, the values that they take, and their weights. Browser-safe. */
import type { NetworkLayer } from "../../nn/layer.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { Shape } from "../../tensor/shape.ts";

/** The programs that are written for; each lacks some layers and names. */
export type KerasDialect = "keras" | "tfjs";

/** A value: one of the inputs, or what a call of a layer gives. */
export type KerasValue =
  { readonly input: number } | { readonly layer: KerasLayerOut; readonly call: number };

/** A weight by Keras' name. */
export interface KerasWeight {
  readonly name: string;
  readonly array: FloatArray;
}

/** A layer that is written. */
export interface KerasLayerOut {
  readonly name: string;
  readonly className: string;
  /** Keras' options, all but the name. */
  readonly config: Readonly<Record<string, unknown>>;
  /** In the order of Keras. */
  readonly weights: readonly KerasWeight[];
  /** How many of the weights gradients train; running statistics come after them. */
  readonly trainable: number;
  /** The values that each call takes. */
  readonly calls: (readonly KerasValue[])[];
}

/** A network that is written. */
export interface KerasNetwork {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly layers: readonly KerasLayerOut[];
  readonly outputs: readonly KerasValue[];
}

/** A value as Keras' configurations name it: the layer, the call, and the first of the values that the call gives. */
export function referenceOf({
  inputs,
}: KerasNetwork): (value: KerasValue) => readonly [string, number, number] {
  return (value) => ("input" in value ? [inputs[value.input].name, 0, 0] : [value.layer.name, value.call, 0]);
}

/** The parts of a layer that a step of it has. */
export interface KerasStep {
  readonly className: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly weights?: readonly KerasWeight[];
  /** Weights at the end that no gradient trains. Default 0. */
  readonly statistics?: number;
}

/** Collects layers under names that Keras allows, each once. */
export class KerasBuilder {
  readonly dialect: KerasDialect;
  readonly layers: KerasLayerOut[] = [];
  private readonly taken: Set<string>;
  private readonly made = new Map<string, KerasLayerOut>();

  /** @param taken names that are in use, those of inputs */
  constructor(dialect: KerasDialect, taken: Iterable<string>) {
    this.dialect = dialect;
    this.taken = new Set(taken);
  }

  /**
   * Adds a use of a layer of Keras.
   * @param owner the layer's own name, with what tells its steps apart: a second use of it is a second call
   */
  add(owner: string, inputs: readonly KerasValue[], step: KerasStep): KerasValue {
    let layer = this.made.get(owner);
    if (!layer) {
      const { className, config = {}, weights = [], statistics = 0 } = step;
      const trainable = weights.length - statistics;
      layer = { name: this.freeName(owner), className, config, weights, trainable, calls: [] };
      this.made.set(owner, layer);
      this.layers.push(layer);
    }
    const given = this.dialect === "tfjs" ? this.distinct(owner, inputs) : inputs;
    return { layer, call: layer.calls.push(given) - 1 };
  }

  /** TensorFlow.js gives a value up once a layer has taken it, also where it takes it twice. */
  private distinct(owner: string, inputs: readonly KerasValue[]): readonly KerasValue[] {
    const copy = { className: "Rescaling", config: { scale: 1, offset: 0 } };
    return inputs.map((value, i) =>
      inputs.slice(0, i).some((before) => isSame(before, value))
        ? this.add(`${owner}_copy_${i}`, [value], copy)
        : value,
    );
  }

  private freeName(owner: string): string {
    // Keras' names of layers have no slashes, and begin with a letter where variables are called by them.
    const base = owner.replace(/[^\w.-]+/g, "_").replace(/^(?=[^a-zA-Z])/, "layer_");
    let name = base;
    for (let i = 1; this.taken.has(name); i++) name = `${base}_${i}`;
    this.taken.add(name);
    return name;
  }
}

function isSame(a: KerasValue, b: KerasValue): boolean {
  if ("input" in a || "input" in b) return "input" in a && "input" in b && a.input === b.input;
  return a.layer === b.layer && a.call === b.call;
}

/** One use of a layer that is to be written. */
export class LayerUse {
  readonly layer: NetworkLayer;
  readonly inputShapes: readonly Shape[];
  readonly inputs: readonly KerasValue[];
  readonly dialect: KerasDialect;
  private readonly builder: KerasBuilder;
  private readonly weights: ReadonlyMap<string, FloatArray>;

  constructor(
    builder: KerasBuilder,
    layer: NetworkLayer,
    uses: { readonly inputs: readonly KerasValue[]; readonly inputShapes: readonly Shape[] },
    weights: ReadonlyMap<string, FloatArray>,
  ) {
    this.builder = builder;
    this.dialect = builder.dialect;
    this.layer = layer;
    this.inputs = uses.inputs;
    this.inputShapes = uses.inputShapes;
    this.weights = weights;
  }

  /** An option of the layer. */
  option(name: string): unknown {
    return this.layer.layer.config[name];
  }

  /** A weight of the layer, by its name here. */
  weight(name: string): FloatArray {
    const found = this.weights.get(`${this.layer.name}/${name}`);
    if (found) return found;
    throw new Error(`${this.layer.name} has no weight ${name}`);
  }

  /** Adds the layer itself. */
  add(step: KerasStep, inputs = this.inputs): KerasValue {
    return this.builder.add(this.layer.name, inputs, step);
  }

  /** Adds a further step of the layer. */
  then(suffix: string, inputs: readonly KerasValue[], step: KerasStep): KerasValue {
    return this.builder.add(`${this.layer.name}_${suffix}`, inputs, step);
  }
}

/** Writes one use of a layer. @returns its value, or why it cannot be written */
export type LayerWriter = (use: LayerUse) => KerasValue | string;

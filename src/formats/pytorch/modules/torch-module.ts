/** @file A layer as PyTorch computes it: modules with their tensors, and an expression over them. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import type { NetworkLayer } from "../../../nn/layer.ts";
import { shownValue } from "../../../shown-value.ts";
import type { Shape } from "../../../tensor/shape.ts";

/** A tensor of a module: a weight in another arrangement, or numbers that are no weight here. */
export interface TorchTensorRule {
  /** Its name in the module: "weight". */
  readonly name: string;
  readonly shape: Shape;
  readonly source: WeightSource | FixedSource;
}

/** Weight `weight` of the layer, seen with the lengths `split` and its axes in the order `axes`. */
export interface WeightSource {
  readonly kind: "weight";
  readonly weight: string;
  readonly split: Shape;
  readonly axes: readonly number[];
}

/** The same numbers whatever is learnt; those that count steps mean nothing here. */
export interface FixedSource {
  readonly kind: "fixed" | "counter";
  readonly values: Float32Array | Int32Array;
}

export interface TorchModule {
  /** Added to the layer's name: "" for the only module. */
  readonly suffix: string;
  /** Python that makes it: `nn.Conv2d(1, 8, 3)`. */
  readonly code: string;
  readonly tensors: readonly TorchTensorRule[];
}

export interface TorchLayer {
  readonly modules: readonly TorchModule[];
  /** Names of the helpers that the file must have. */
  readonly helpers: readonly string[];
  /** A Python expression of the output for expressions of the inputs. `self.name` is the first module. */
  readonly forward: (inputs: readonly string[]) => string;
}

/** A use of a layer that is to be expressed in PyTorch. */
export interface LayerUse {
  /** The layer's name as an attribute in Python. */
  readonly name: string;
  readonly config: LayerConfigReader;
  /** Shapes of one example, channels last. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly hasWeight: (weight: string) => boolean;
  /**
   * The shape before flattening, where the input is flat with its channels first, as PyTorch flattens; undefined where the features are in
   * the order that they have here.
   */
  readonly flattened: Shape | undefined;
  /** Whether the output is to be flat with its channels first. Only asked of a flattening layer. */
  readonly flattensChannelsFirst: boolean;
}

/** Expresses a layer, or says why it cannot be. */
export type LayerRule = (use: LayerUse) => TorchLayer | string;

/** Reads a layer's config, all options of which are filled in. */
export class LayerConfigReader {
  private readonly config: NetworkLayer["layer"]["config"];

  constructor(config: NetworkLayer["layer"]["config"]) {
    this.config = config;
  }

  has(name: string): boolean {
    return this.config[name] !== undefined;
  }

  number(name: string): number {
    const value = this.config[name];
    return typeof value === "number" ? value : this.fail(name, "a number");
  }

  flag(name: string): boolean {
    const value = this.config[name];
    return typeof value === "boolean" ? value : this.fail(name, "true or false");
  }

  text(name: string): string {
    const value = this.config[name];
    return typeof value === "string" ? value : this.fail(name, "text");
  }

  /** A list, or one number as a list of it. */
  numbers(name: string): readonly number[] {
    const value = this.config[name];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    return list.every(isNumber) ? list : this.fail(name, "numbers");
  }

  lists(name: string): readonly (readonly number[])[] {
    const value = this.config[name];
    const list: unknown[] = Array.isArray(value) ? value : [];
    const isList = (one: unknown): one is number[] => Array.isArray(one) && one.every(isNumber);
    return list.length > 0 && list.every(isList) ? list : this.fail(name, "lists of numbers");
  }

  /** A padding by name or for each side. */
  padding(): "valid" | "same" | "causal" | readonly (readonly [number, number])[] {
    const value = this.config.padding;
    if (value === "valid" || value === "same" || value === "causal") return value;
    return this.lists("padding").map(([before, after]) => [before, after]);
  }

  private fail(name: string, wanted: string): never {
    throw new AuricleError(
      "argument",
      `layer option ${name}: must be ${wanted}; got ${shownValue(this.config[name])}`,
    );
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** A number as Python writes it. */
export function python(value: number): string {
  if (value === Infinity) return 'float("inf")';
  if (value === -Infinity) return 'float("-inf")';
  return String(value);
}

/** A tuple, or the number that all are. */
export function tuple(values: readonly number[]): string {
  return values.every((value) => value === values[0]) && values.length > 0
    ? python(values[0])
    : `(${values.map(python).join(", ")}${values.length === 1 ? "," : ""})`;
}

/** The axis that PyTorch has for an axis here; the batch is axis 0, and a negative axis counts from the end. */
export function torchAxis(axis: number, rank: number): number {
  const own = axis < 0 ? axis + rank : axis;
  if (own === 0 || rank < 3) return own;
  return own === rank - 1 ? 1 : own + 1;
}

/** A weight in the order that it has here. */
export function asItIs(name: string, weight: string, shape: Shape): TorchTensorRule {
  return {
    name,
    shape,
    source: { kind: "weight", weight, split: shape, axes: shape.map((_, axis) => axis) },
  };
}

/** A layer without tensors. */
export function stateless(forward: TorchLayer["forward"], helpers: readonly string[] = []): TorchLayer {
  return { modules: [], helpers, forward };
}

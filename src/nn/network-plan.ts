/** @file A network's graph as plain data: stored in its config, and the plan that it is built from. */
import type { Shape } from "../tensor/shape.ts";
import type { Layer, Member } from "./layer.ts";

/** One input: its name, the shape of one example, what its axes mean. */
export interface InputConfig {
  readonly name: string;
  readonly shape: Shape;
  readonly axisNames?: readonly string[];
}

/** A use of a layer. Values are numbered: first the inputs, then one for each node. */
export interface NodeConfig {
  /** Number of the layer. */
  readonly layer: number;
  /** Numbers of the values it takes; smaller than its own. */
  readonly inputs: readonly number[];
}

/** A layer as a file stores it. */
export interface LayerConfig {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A value that a network gives, and its name. */
export interface OutputConfig {
  readonly name: string;
  readonly value: number;
}

/** Outputs of a model that was made with a list of them, or with names for them. */
export interface OutputsConfig {
  readonly form: "list" | "named";
  /** In the order in which they were given. */
  readonly values: readonly OutputConfig[];
}

interface NetworkShape<L> {
  readonly name: string;
  readonly seed: number;
  readonly inputs: readonly InputConfig[];
  readonly layers: readonly L[];
  readonly nodes: readonly NodeConfig[];
  /** The network's output: the number of a value, or several values. */
  readonly output: number | OutputsConfig;
}

/** A network as a file stores it: plain JSON, without the numbers of the weights. */
export type NetworkConfig = NetworkShape<LayerConfig>;

/** The plan that a network is built from. Layers have their final names. */
export type NetworkPlan = NetworkShape<{
  readonly name: string;
  readonly layer: Layer;
  /** The owner of the layer, where a whole network is used as a layer. */
  readonly member?: Member;
}>;

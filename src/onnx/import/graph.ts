/** @file The graph of an ONNX file, checked: names that are there, an order without cycles, functions written out. */
import type { Attributes } from "../../nn/operations/call.ts";
import type { ElementType, Value } from "../../nn/operations/value.ts";
import type { Shape } from "../../tensor/shape.ts";

export interface OnnxNode {
  /** As messages name it: its own name, or that of its first result. */
  readonly name: string;
  /** The operation; with its domain, where that is not ONNX's own. */
  readonly operation: string;
  /** Names of values; "" where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
  /** The reason for which it can be run by no operation: an attribute of a kind that there is not, or a subgraph. */
  readonly problem?: string;
  /** Graphs within it by attribute: the branches of a condition, the body of a loop. */
  readonly subgraphs?: Readonly<Record<string, OnnxSubgraph>>;
  /** The values that its subgraphs take from around it. */
  readonly captured?: readonly string[];
}

/** A graph within a node. Its constants are among those of the whole graph, and no name is one outside of it. */
export interface OnnxSubgraph {
  readonly outputs: readonly string[];
  /** In an order in which each comes after those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxInput {
  readonly name: string;
  readonly type: ElementType | undefined;
  /** For each axis its length, its name, or undefined; undefined where the file does not tell the number of axes. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}

export interface OnnxGraph {
  readonly name: string;
  readonly opset: number;
  readonly producer: string;
  /** Those that are no constants. */
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly string[];
  /** In an order in which each comes after those whose results it takes. */
  readonly nodes: readonly OnnxNode[];
  /** Constants by name. */
  readonly constants: ReadonlyMap<string, Value>;
  /** The names of constants that are weights of the file: its initializers. */
  readonly initializers: ReadonlySet<string>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An input of the network, batch left out. */
export interface ExampleInput {
  readonly name: string;
  readonly shape: Shape;
  /** The axes of it whose length the file leaves open, from 0. */
  readonly open: readonly number[];
}

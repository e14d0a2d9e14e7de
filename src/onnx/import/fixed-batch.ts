/** @file Graphs that were exported for a fixed batch, for any batch: shapes that state it take it from what they are given. */
import { knownValue, type Value } from "../../nn/operations/value.ts";
import type { OnnxGraph, OnnxNode, OnnxSubgraph } from "./graph.ts";

/** Where the file states its batch as the first of the lengths that a node asks for. */
const SHAPES: Readonly<Record<string, number>> = { Reshape: 1, Expand: 1 };

/** Returns the graph with the batch left open in the shapes that reshapes and expansions ask for. */
export function withOpenBatch(graph: OnnxGraph, batch: number): OnnxGraph {
  const constants = new Map(graph.constants);
  const open = (node: OnnxNode): OnnxNode => {
    const { subgraphs } = node;
    if (subgraphs) {
      const entries = Object.entries(subgraphs).map(([name, { outputs, nodes }]): [string, OnnxSubgraph] => [
        name,
        { outputs, nodes: nodes.map(open) },
      ]);
      return { ...node, subgraphs: Object.fromEntries(entries) };
    }
    const place = SHAPES[node.operation];
    const name = place === undefined ? undefined : node.inputs[place];
    const value = name === undefined ? undefined : graph.constants.get(name);
    const opened = value && openShape(node.operation, value, batch);
    if (!opened || name === undefined) return node;
    const own = `${name}::any batch`;
    constants.set(own, opened);
    return { ...node, inputs: node.inputs.map((input, i) => (i === place ? own : input)) };
  };
  return { ...graph, nodes: graph.nodes.map(open), constants };
}

function openShape(operation: string, { known, shape }: Value, batch: number): Value | undefined {
  if (!known || known.length < 2 || known[0] !== batch) return undefined;
  const lengths = [...known];
  // One length at most is computed from the others; 0 copies the batch.
  if (operation === "Reshape") lengths[0] = lengths.includes(-1) ? 0 : -1;
  else lengths[0] = 1;
  return knownValue(lengths, shape, "int64");
}

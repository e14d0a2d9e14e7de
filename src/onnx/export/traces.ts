/**
 * @file One graph from several traces of a function, each for another size of its input: which lengths follow the input's, and
 * which are fixed. Whatever else differs from trace to trace has no place in a graph for inputs of any size.
 */
import { AuricleError } from "../../errors.ts";
import { topologicalOrder } from "../../graph/gradient.ts";
import type { Graph } from "../../graph/graph.ts";
import { simplify } from "../../graph/simplify.ts";
import { describeTensor, type Tensor } from "../../graph/tensor.ts";
import { dimOf, type Dim } from "./dims.ts";

/** A tensor of the graph: the same one in every trace. */
export interface TracedNode {
  /** One for each trace. */
  readonly tensors: readonly Tensor[];
  readonly inputs: readonly TracedNode[];
  readonly consumers: TracedNode[];
  readonly dims: readonly Dim[];
  /** Whether it is one of the graph's outputs. */
  isOutput: boolean;
}

export interface TracedGraph {
  readonly inputs: readonly TracedNode[];
  readonly outputs: readonly TracedNode[];
  /** All nodes, each after its inputs. */
  readonly order: readonly TracedNode[];
}

/** Thrown for a computation that is another one for inputs of another length, not the same one with longer axes. */
export class LengthError extends AuricleError {
  constructor(problem: string) {
    super("unsupported", `export: ${problem}`);
    this.name = "LengthError";
  }
}

/** @throws LengthError where the traces are no traces of one graph. */
export function joinTraces(graphs: readonly Graph[]): TracedGraph {
  const simple = graphs.map((graph) => simplify(graph));
  const orders = simple.map(({ inputs, outputs }) => topologicalOrder([...inputs, ...outputs]));
  const places = orders.map((order) => new Map(order.map((tensor, i) => [tensor, i])));
  const [first] = orders;
  if (orders.some((order) => order.length !== first.length)) {
    throw new LengthError("the number of operations depends on the input's length");
  }
  const nodes: TracedNode[] = [];
  first.forEach((tensor, i) => {
    const tensors = orders.map((order) => order[i]);
    const placesOf = (one: Tensor, trace: number) => one.inputs.map((input) => places[trace].get(input));
    const expected = placesOf(tensor, 0).join();
    const isSame = tensors.every(
      (one, trace) =>
        one.operation.name === tensor.operation.name &&
        one.shape.length === tensor.shape.length &&
        placesOf(one, trace).join() === expected,
    );
    if (!isSame) throw new LengthError(`${describeTensor(tensor)} depends on the input's length`);
    const node: TracedNode = {
      tensors,
      inputs: placesOf(tensor, 0).map((place) => nodes[place ?? -1]),
      consumers: [],
      dims: tensor.shape.map((_, axis) => dimOf(tensors.map(({ shape }) => shape[axis]))),
      isOutput: false,
    };
    for (const input of new Set(node.inputs)) input.consumers.push(node);
    nodes.push(node);
  });
  const nodesOf = (tensors: readonly Tensor[]) => tensors.map((tensor) => nodes[places[0].get(tensor) ?? -1]);
  const outputs = nodesOf(simple[0].outputs);
  for (const output of outputs) output.isOutput = true;
  return { inputs: nodesOf(simple[0].inputs), outputs, order: nodes };
}

/** Whether an operation has equal parameters in every trace. */
export function hasFixedParameters({ tensors: [first, ...others] }: TracedNode): boolean {
  const { operation } = first;
  return others.every(
    (other) =>
      other.operation.parameters === operation.parameters ||
      samePart(first, other) ||
      other.operation.key === operation.key,
  );
}

/** Whether two tensors are the same part of a network's weights: each trace may have a network of its own. */
function samePart({ operation: { structure: a } }: Tensor, { operation: { structure: b } }: Tensor): boolean {
  return (
    a.kind === "variable" && b.kind === "variable" && a.slab.name === b.slab.name && a.offset === b.offset
  );
}

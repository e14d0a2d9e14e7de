/**
 * @file Reductions that share a kernel, so that a large tensor is read once for all of them: the two sums of a batch
 * normalisation's gradient, say.
 */
import { sameShape } from "../tensor/shape.ts";
import { groupMembers, isLargeBeside, kindOf, type GraphNode } from "./graph-node.ts";

/** Most results of a kernel: each takes registers for its sums. */
const MOST_RESULTS = 2;

/** Rule 5: makes the first of several reductions the owner of those that can be done at its turn. */
export function groupReductions(nodes: readonly GraphNode[]): void {
  const order = new Map(nodes.map((node, i) => [node, i]));
  const turn = (node: GraphNode): number => order.get(writerOf(node)) ?? Infinity;
  const results = new Map<GraphNode, number>();
  for (const node of nodes) {
    if (kindOf(node) !== "reduce") continue;
    const { leaves } = groupMembers(node);
    const first = [...results.keys()].find(
      (owner) =>
        (results.get(owner) ?? 0) < MOST_RESULTS &&
        reducesAlike(owner, node) &&
        [...leaves].every((leaf) => turn(leaf) < turn(owner)) &&
        [...groupMembers(owner).leaves].some(
          (leaf) => leaves.has(leaf) && isLargeBeside(leaf, node.inputs[0]),
        ),
    );
    if (first) node.owner = first;
    results.set(first ?? node, (results.get(first ?? node) ?? 0) + 1);
  }
}

/** The node at whose turn a tensor is written. */
function writerOf(node: GraphNode): GraphNode {
  if (kindOf(node) === "view") return writerOf(node.inputs[0]);
  return node.owner ? writerOf(node.owner) : node;
}

function reducesAlike(one: GraphNode, other: GraphNode): boolean {
  const [a, b] = [one.tensor.operation.structure, other.tensor.operation.structure];
  return (
    a.kind === "reduce" &&
    b.kind === "reduce" &&
    a.combine === b.combine &&
    sameShape(a.axes, b.axes) &&
    sameShape(one.inputs[0].tensor.shape, other.inputs[0].tensor.shape)
  );
}

/**
 * @file Tensors that are in memory, as some kernel needs them there, but that others compute again. The gradient of
 * an activation asks for the sign of its output; a kernel that also reads what the output was made of, as that of a
 * batch normalisation before it does, has one large tensor less to read.
 */
import {
  CHEAP_OPERATIONS,
  costOf,
  groupMembers,
  isLargeBeside,
  kindOf,
  type GraphNode,
} from "./graph-node.ts";

/** Rule 6 for the kernel that computes `ends`. */
export function recomputedIn(ends: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const read = new Set(ends.flatMap((end) => [...groupMembers(end).leaves]));
  const recomputed = new Set<GraphNode>();
  for (const leaf of read) {
    if (kindOf(leaf) !== "elementwise" || ends.includes(leaf)) continue;
    const { inlined, leaves } = groupMembers(leaf);
    const operations = [...inlined].reduce((sum, node) => sum + costOf(node), 0);
    const isReadAnyway = (node: GraphNode) => read.has(node) && !recomputed.has(node);
    const isAtHand = [...leaves].every(
      (node) => isInMemory(node) && (isReadAnyway(node) || !isLargeBeside(node, leaf)),
    );
    if (operations <= CHEAP_OPERATIONS && leaves.size > 0 && isAtHand) recomputed.add(leaf);
  }
  return recomputed;
}

/** The result of a kernel with an epilogue is never stored without it. */
function isInMemory(node: GraphNode): boolean {
  return !(kindOf(node) === "kernels" && node.owner);
}

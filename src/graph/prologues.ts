/**
 * @file Which elementwise tensors a kernel can compute in place of reading them: those that it needs one after the other, as it
 * needs the elements of a tensor in memory, and vectors that repeat along all axes but the last. So a pooling normalises as
 * it reads, and its input is in memory only as what it was before.
 */
import { kindOf, type GraphNode } from "./graph-node.ts";

/** Whether `consumer` can take an elementwise node as its prologue: its one input, whatever of it will be inlined. */
export function absorbsAsPrologue(consumer: GraphNode, node: GraphNode): boolean {
  if (consumer.fusion.fusesPrologue !== true) return false;
  return consumer.inputs.length === 1 && kindOf(node) === "elementwise" && isReadInPlace(node, new Set());
}

/** Whether nothing that a node is computed from, as far as it is elementwise, comes through other strides. */
function isReadInPlace(node: GraphNode, seen: Set<GraphNode>): boolean {
  if (seen.has(node)) return true;
  seen.add(node);
  const { structure } = node.tensor.operation;
  switch (structure.kind) {
    case "elementwise":
      return node.inputs.every((input) => isReadInPlace(input, seen));
    case "index":
      return false;
    case "strided":
      return isVector(structure);
    default:
      return true;
  }
}

/** The same vector for every place on the axes before the last, or the same number. */
function isVector({
  strides,
  offset,
  inner,
}: {
  strides: readonly number[];
  offset: number;
  inner?: object;
}): boolean {
  const last = strides.at(-1) ?? 0;
  return (
    !inner &&
    offset === 0 &&
    strides.slice(0, -1).every((stride) => stride === 0) &&
    (last === 0 || last === 1)
  );
}

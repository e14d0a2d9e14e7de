/** @file Checks the groups that fusion makes: each kernel can compute what its group asks for, and nothing is lost. */
import { formatShape, sameShape } from "../tensor/shape.ts";
import type { FusedGraph } from "./fusion.ts";
import { groupMembers, kindOf, type GraphNode } from "./graph-node.ts";
import { absorbsAsPrologue } from "./prologues.ts";
import { describeTensor, type Structure } from "./tensor.ts";

/**
 * @param fusion whether families share kernels
 * @throws RangeError that names the first tensor whose place among the kernels is wrong
 */
export function checkFused({ nodes }: Pick<FusedGraph, "nodes">, fusion: boolean): void {
  const all = new Set(nodes);
  const numbers = new Map<GraphNode, number>();
  const families = new Map<string, GraphNode>();
  const epilogues = new Set<GraphNode>();
  for (const node of nodes) {
    const problem =
      linkProblem(node, numbers) ??
      (node.inlined ? inlineProblem(node) : ownerProblem(node, all)) ??
      (fusion ? familyProblem(node, families, numbers) : undefined) ??
      epilogueProblem(node, epilogues);
    if (problem !== undefined) {
      throw new RangeError(`${describeTensor(node.tensor)} ${formatShape(node.tensor.shape)}: ${problem}`);
    }
    numbers.set(node, numbers.size);
  }
}

/** @param before the nodes before this one, numbered */
function linkProblem(node: GraphNode, before: ReadonlyMap<GraphNode, number>): string | undefined {
  if (!node.inputs.every((input) => before.has(input))) return "comes before one of its inputs";
  if (!node.inputs.every((input) => input.consumers.includes(node)))
    return "is missing among an input's consumers";
  const foreign = node.consumers.find((consumer) => !consumer.inputs.includes(node));
  return foreign && `has the consumer ${foreign.tensor.operation.name}, which does not read it`;
}

/** A tensor inside its consumers' kernels must be one that each of them can compute, and that nothing else needs. */
function inlineProblem(node: GraphNode): string | undefined {
  if (node.isRoot) return "is an output, and must not be computed inside other kernels only";
  if (node.owner) return "is computed inside other kernels, and must not be written by one";
  if (!["elementwise", "strided", "index", "constant"].includes(kindOf(node))) {
    return `must not be computed inside other kernels: it is of the kind "${kindOf(node)}"`;
  }
  const outside = node.consumers.find((consumer) => !isComputedIn(node, consumer));
  return outside && `cannot be computed inside ${outside.tensor.operation.name}`;
}

function isComputedIn(node: GraphNode, consumer: GraphNode): boolean {
  const kind = kindOf(consumer);
  if (kind === "elementwise" || kind === "reduce") return true;
  // One number is read through strides as the number.
  if (kind === "strided") return consumer.inlined && kindOf(node) === "constant";
  return absorbsAsPrologue(consumer, node);
}

function ownerProblem(
  { tensor, inputs, owner, isRoot, fusion }: GraphNode,
  all: ReadonlySet<GraphNode>,
): string | undefined {
  if (!owner) return undefined;
  if (!all.has(owner)) return `is written with ${owner.tensor.operation.name}, which is not in the graph`;
  if (owner.inlined || owner.owner) {
    return `is written with ${owner.tensor.operation.name}, which has no kernel of its own`;
  }
  const [structure, of] = [tensor.operation.structure, owner.tensor.operation.structure];
  if (structure.kind === "elementwise") {
    const fits = of.kind === "elementwise" && sameShape(tensor.shape, owner.tensor.shape);
    return fits ? undefined : "is written with a tensor of another shape";
  }
  if (structure.kind === "reduce") return reductionProblem(structure, of, inputs, owner);
  if (structure.kind !== "kernels")
    return `must not be written with others: it is of the kind "${structure.kind}"`;
  if (of.kind === "kernels") {
    return fusion.family && fusion.family.key === owner.fusion.family?.key
      ? undefined
      : `is of another family than ${owner.tensor.operation.name}`;
  }
  if (of.kind !== "elementwise" || fusion.fusesEpilogue === undefined || fusion.fusesEpilogue === false)
    return "cannot apply an epilogue";
  if (isRoot) return "is an output, and must not be stored with an epilogue only";
  return sameShape(tensor.shape, owner.tensor.shape) ? undefined : "its epilogue has another shape";
}

function reductionProblem(
  structure: Extract<Structure, { kind: "reduce" }>,
  of: Structure,
  inputs: readonly GraphNode[],
  owner: GraphNode,
): string | undefined {
  const isAlike =
    of.kind === "reduce" &&
    of.combine === structure.combine &&
    sameShape(of.axes, structure.axes) &&
    sameShape(inputs[0].tensor.shape, owner.inputs[0].tensor.shape);
  return isAlike ? undefined : `is not reduced as ${owner.tensor.operation.name}`;
}

/** All of a family with the same inputs must have one owner, the first. */
function familyProblem(
  node: GraphNode,
  families: Map<string, GraphNode>,
  numbers: ReadonlyMap<GraphNode, number>,
): string | undefined {
  const { family } = node.fusion;
  if (!family) return undefined;
  const key = [family.key, ...node.inputs.map((input) => numbers.get(input))].join("|");
  const first = families.get(key);
  families.set(key, first ?? node);
  if (node.owner === first) return undefined;
  return `must be written with ${(first ?? node).tensor.operation.name}, the first of its family`;
}

/** A kernel's epilogue must be all that its result goes to, and carry one kernel. */
function epilogueProblem(node: GraphNode, epilogues: Set<GraphNode>): string | undefined {
  const { owner } = node;
  if (!owner || kindOf(node) !== "kernels" || kindOf(owner) !== "elementwise") return undefined;
  if (epilogues.has(owner)) return "shares its epilogue with another kernel";
  epilogues.add(owner);
  const { inlined } = groupMembers(owner);
  const other = node.consumers.find((consumer) => !inlined.has(consumer));
  return other && `goes to ${other.tensor.operation.name} too, beyond its epilogue`;
}

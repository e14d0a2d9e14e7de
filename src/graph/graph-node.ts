/** @file A tensor's place among the kernels of a graph: what fusion decides, and what it asks. */
import type { KernelCall } from "./kernel-call.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { TaskFusion } from "./task-library.ts";
import type { InnerAxes, Tensor } from "./tensor.ts";

/** A tensor of the graph after equal ones have been merged. */
export interface GraphNode {
  readonly tensor: Tensor;
  readonly inputs: readonly GraphNode[];
  readonly consumers: GraphNode[];
  /** The parts of the graph that the target's kernels compute besides its task; none without a task. */
  readonly fusion: TaskFusion;
  /** An output or the value of an assignment: must be in memory. */
  isRoot: boolean;
  /** Computed inside its consumers' kernels. */
  inlined: boolean;
  /** The longest way, in nodes, from here to the node at the end of the kernels that it is inlined into; else 0. */
  depth: number;
  /** The node whose kernel writes this one too (rules 2 and 5), or whose expression is this kernel's epilogue (rule 3). */
  owner: GraphNode | undefined;
}

export function kindOf(node: GraphNode): Tensor["operation"]["structure"]["kind"] {
  return node.tensor.operation.structure.kind;
}

/** Most simple operations that are done again in each of several consumers. */
export const CHEAP_OPERATIONS = 12;

export function costOf(node: GraphNode): number {
  const { structure } = node.tensor.operation;
  return structure.kind === "elementwise" ? structure.function.cost : 0;
}

/** Tensors this many times as small as another are small beside it. */
const SMALL_BESIDE = 16;

/** Whether reading a tensor takes time that counts where another one is computed. */
export function isLargeBeside(read: GraphNode, computed: GraphNode): boolean {
  return sizeOf(inMemory(read).tensor.shape) * SMALL_BESIDE > sizeOf(computed.tensor.shape);
}

/** Returns the node whose memory is read for a node: a tensor that repeats another one is read as that one. */
export function inMemory(node: GraphNode): GraphNode {
  return kindOf(node) === "strided" ? node.inputs[0] : node;
}

/** How a node that reads through strides takes axes apart, if it does. */
export function innerAxesOf(node: GraphNode): InnerAxes | undefined {
  const { structure } = node.tensor.operation;
  return structure.kind === "strided" || structure.kind === "index" ? structure.inner : undefined;
}

/** The nodes in memory that a group reads, each with the inlined nodes between. */
export function groupMembers(root: GraphNode): { inlined: Set<GraphNode>; leaves: Set<GraphNode> } {
  const inlined = new Set<GraphNode>([root]);
  const leaves = new Set<GraphNode>();
  const visit = (node: GraphNode) => {
    for (const input of node.inputs) {
      if (!input.inlined) leaves.add(input);
      else if (!inlined.has(input)) {
        inlined.add(input);
        visit(input);
      }
    }
  };
  visit(root);
  return { inlined, leaves };
}

/** Names what a kernel computes, by nodes that end with the first one computed: "convolution + add + relu in conv2d_1". */
export function namesOf(nodes: readonly GraphNode[]): Pick<KernelCall, "label" | "scopes"> {
  const names = nodes.map((node) => node.tensor.operation.name).reverse();
  const scopes = nodes.map((node) => node.tensor.scope).filter((scope) => scope !== "");
  const label = [...new Set(names)].join(" + ") + (scopes.length > 0 ? ` in ${scopes[0]}` : "");
  return { label, scopes: [...new Set(scopes.reverse())] };
}

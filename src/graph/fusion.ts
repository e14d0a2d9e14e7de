/**
 * @file Which tensors get memory of their own, and which are computed inside the kernel of a consumer.
 *
 * Seven rules, all read from an operation's structure and from what the target's library says of its task:
 *   1. Elementwise, strided and index tensors are inlined into elementwise and reducing consumers, and into kernels that
 *      compute as they read (prologues.ts); with several consumers only while computing them again is cheaper than writing
 *      and reading them.
 *   2. An elementwise tensor that must be in memory joins the group of its elementwise consumers as one more output.
 *   3. A group whose operand is the result of a kernel that can apply an epilogue becomes that kernel's epilogue.
 *   4. Equal operations on equal inputs are done once.
 *   5. Reductions of the same tensors over the same axes share a kernel: reduction-groups.ts.
 *   6. A kernel that reads a tensor, and also all the large ones that it was made of, computes it again: recomputed.ts.
 *   7. Operations of one family with the same inputs, such as a pooling's maxima and where they are, share a kernel.
 */
import { sizeOf } from "../tensor/shape.ts";
import { topologicalOrder } from "./gradient.ts";
import {
  CHEAP_OPERATIONS,
  costOf,
  groupMembers,
  inMemory,
  innerAxesOf,
  kindOf,
  type GraphNode,
} from "./graph-node.ts";
import { absorbsAsPrologue } from "./prologues.ts";
import { recomputedIn } from "./recomputed.ts";
import { groupReductions } from "./reduction-groups.ts";
import { canRefineTogether } from "./refine-axes.ts";
import { machineLibrary, type TaskLibrary } from "./task-library.ts";
import type { InnerAxes, Tensor } from "./tensor.ts";

export interface FusedGraph {
  /** In an order in which each node comes after its inputs. */
  readonly nodes: readonly GraphNode[];
  nodeOf(tensor: Tensor): GraphNode;
  /** Tensors in memory that a kernel which computes `ends` does not read but compute again (rule 6). */
  recomputedIn(ends: readonly GraphNode[]): ReadonlySet<GraphNode>;
}

/** @param library that of the targets that the graph is lowered for */
export function fuse(roots: readonly Tensor[], enabled = true, library = machineLibrary): FusedGraph {
  const { nodes, nodeOf } = mergeEqual(roots, library);
  for (const root of roots) nodeOf(root).isRoot = true;
  const backwards = [...nodes].reverse();
  const apart = enabled ? incompatibleAxes(nodes) : new Set();
  for (const node of backwards) {
    node.inlined = isFree(node) || (enabled && !apart.has(node) && shouldInline(node));
    if (node.inlined) node.depth = depthBelow(node);
  }
  if (enabled) {
    groupFamilies(nodes);
    for (const node of nodes) node.owner ??= epilogueOwner(node);
    const results = new Map<GraphNode, number>();
    for (const node of backwards) {
      if (node.owner) continue;
      const owner = groupOwner(node);
      const count = owner ? (results.get(owner) ?? 1) + 1 : 0;
      if (!owner || count > MOST_RESULTS) continue;
      node.owner = owner;
      results.set(owner, count);
    }
    groupReductions(nodes);
  }
  return { nodes, nodeOf, recomputedIn: enabled ? recomputedIn : () => new Set() };
}

function mergeEqual(roots: readonly Tensor[], library: TaskLibrary): Omit<FusedGraph, "recomputedIn"> {
  const nodes: GraphNode[] = [];
  const byTensor = new Map<Tensor, GraphNode>();
  const byKey = new Map<string, GraphNode>();
  const numbers = new Map<GraphNode, number>();
  for (const tensor of topologicalOrder(roots)) {
    const inputs = tensor.inputs.map((input) => requireNode(byTensor, input));
    const { name, key, structure } = tensor.operation;
    // Inputs of the graph are no more equal than their arguments.
    const own = structure.kind === "input" ? nodes.length : key;
    const identity = [name, own, tensor.dtype, tensor.shape, ...inputs.map((node) => numbers.get(node))].join(
      "|",
    );
    let node = byKey.get(identity);
    if (!node) {
      const fusion = structure.kind === "kernels" ? library.fusionOf(structure.task) : {};
      const undecided = { isRoot: false, inlined: false, depth: 0, owner: undefined };
      node = { tensor, inputs, consumers: [], fusion, ...undecided };
      for (const input of new Set(inputs)) input.consumers.push(node);
      numbers.set(node, nodes.length);
      byKey.set(identity, node);
      nodes.push(node);
    }
    byTensor.set(tensor, node);
  }
  return { nodes, nodeOf: (tensor) => requireNode(byTensor, tensor) };
}

function requireNode(nodes: ReadonlyMap<Tensor, GraphNode>, tensor: Tensor): GraphNode {
  const node = nodes.get(tensor);
  if (!node) throw new RangeError(`the graph has no ${tensor.operation.name}: not reachable from its roots`);
  return node;
}

/** Those whose axes cannot be taken apart together with those of an earlier tensor of the same shape. */
function incompatibleAxes(nodes: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const accepted = new Map<string, InnerAxes[]>();
  const apart = new Set<GraphNode>();
  for (const node of nodes) {
    const inner = innerAxesOf(node);
    if (!inner) continue;
    const others = getOrInsert(accepted, node.tensor.shape.join(","), []);
    if (others.every((other) => canRefineTogether(inner, other))) others.push(inner);
    else apart.add(node);
  }
  return apart;
}

/** Rule 7: makes the first of a family the owner of the others. */
function groupFamilies(nodes: readonly GraphNode[]): void {
  const owners = new Map<string, GraphNode>();
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  for (const node of nodes) {
    const { family } = node.fusion;
    if (!family) continue;
    const key = [family.key, ...node.inputs.map((input) => numbers.get(input))].join("|");
    const owner = getOrInsert(owners, key, node);
    if (owner !== node) node.owner = owner;
  }
}

function getOrInsert<K, V>(map: Map<K, V>, key: K, value: V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, value);
  return value;
}

/** Evaluates its inputs' expressions in its own kernel. */
function absorbs(node: GraphNode): boolean {
  const kind = kindOf(node);
  return kind === "elementwise" || kind === "reduce";
}

/** Needs no memory and no work, wherever it is used in an expression: an index, a number, a number repeated. */
function isFree(node: GraphNode): boolean {
  const free = isWholeIndex(node) || isNumber(node) || isRepeatedNumber(node);
  return free && !node.isRoot && node.consumers.every((consumer) => absorbs(consumer) || isFree(consumer));
}

/** One whose axes are taken apart belongs into kernels whose axes can be: rule 1. */
function isWholeIndex(node: GraphNode): boolean {
  return kindOf(node) === "index" && innerAxesOf(node) === undefined;
}

function isNumber(node: GraphNode): boolean {
  const { structure } = node.tensor.operation;
  return structure.kind === "constant" && structure.data.length === 1;
}

function isRepeatedNumber(node: GraphNode): boolean {
  return kindOf(node) === "strided" && isNumber(node.inputs[0]);
}

/**
 * Most that is read again in each of several consumers, in tensors as large as the one that is not written; writing one and
 * reading it twice costs three. A number for each channel, or the maxima of a pooling, are a fraction of one.
 */
const CHEAP_READS = 2.25;
/** Most nodes in a row that are computed in one kernel, and most results of one: larger ones compile slowly. */
const DEEPEST = 100;
const MOST_RESULTS = 16;
/** Tensors this small are computed again without a thought: a kernel call costs more. */
const SMALL = 64;

function depthBelow(node: GraphNode): number {
  return 1 + node.consumers.reduce((most, consumer) => Math.max(most, consumer.depth), 0);
}

function shouldInline(node: GraphNode): boolean {
  const kind = kindOf(node);
  if (node.isRoot || node.consumers.length === 0) return false;
  if (!node.consumers.every((consumer) => absorbs(consumer) || absorbsAsPrologue(consumer, node)))
    return false;
  if (kind === "strided" || kind === "index") return true;
  if (kind !== "elementwise" || depthBelow(node) > DEEPEST) return false;
  if (node.consumers.length === 1) return true;
  const { operations, operands } = recomputation(node);
  const size = sizeOf(node.tensor.shape);
  const read = [...operands].reduce((sum, operand) => sum + sizeOf(inMemory(operand).tensor.shape), 0);
  return operations <= CHEAP_OPERATIONS && (read <= CHEAP_READS * size || size <= SMALL);
}

/**
 * The cost of computing a node again. Consumers are decided before their inputs, so whether an input will be
 * in memory is a guess: it will be if some consumer needs it there, or if it is expensive and has several.
 */
function recomputation(node: GraphNode): { operations: number; operands: Set<GraphNode> } {
  const operands = new Set<GraphNode>();
  let operations = 0;
  const visit = (current: GraphNode) => {
    const cost = costOf(current);
    const inMemory =
      current.isRoot ||
      !current.consumers.every(absorbs) ||
      (current.consumers.length > 1 && cost > CHEAP_OPERATIONS);
    if (cost === 0 || (current !== node && inMemory)) {
      if (!isFree(current) && kindOf(current) !== "index") operands.add(current);
      return;
    }
    operations += cost;
    if (operations <= CHEAP_OPERATIONS) current.inputs.forEach(visit);
  };
  visit(node);
  return { operations, operands };
}

/** Rule 3: the elementwise group that this kernel's result goes to and nowhere else. */
function epilogueOwner(node: GraphNode): GraphNode | undefined {
  const { fusesEpilogue = false } = node.fusion;
  if (fusesEpilogue === false || node.isRoot) return undefined;
  const root = onlyGroup(node);
  if (!root) return undefined;
  const { leaves, inlined } = groupMembers(root);
  const isAligned = fusesEpilogue === "aligned";
  const isRefused = (member: GraphNode) =>
    kindOf(member) === "index" ||
    innerAxesOf(member) !== undefined ||
    (isAligned && kindOf(member) === "strided" && !repeatsOneNumber(member));
  if ([...inlined].some(isRefused)) return undefined;
  // One kernel can carry one epilogue; the first of several takes it.
  return [...leaves].some((leaf) => leaf.owner === root) ? undefined : root;
}

/** Rule 2: the one elementwise group that reads this elementwise node, element for element. */
function groupOwner(node: GraphNode): GraphNode | undefined {
  if (kindOf(node) !== "elementwise" || node.inlined || depthBelow(node) > DEEPEST) return undefined;
  const root = onlyGroup(node);
  if (!root || carriesEpilogue(node) || carriesEpilogue(root)) return undefined;
  return root.owner ?? root;
}

function repeatsOneNumber(node: GraphNode): boolean {
  const { structure } = node.tensor.operation;
  return structure.kind === "strided" && structure.strides.every((stride) => stride === 0);
}

function carriesEpilogue(root: GraphNode): boolean {
  return [...groupMembers(root).leaves].some((leaf) => leaf.owner === root && kindOf(leaf) === "kernels");
}

/**
 * The end of the one elementwise group in which all consumers of a node are. The group has the node's shape, and nothing
 * else that it reads depends on the node: every way from the node leads through the group's end.
 */
function onlyGroup(node: GraphNode): GraphNode | undefined {
  const roots = new Set<GraphNode>();
  const visit = (consumer: GraphNode): boolean => {
    if (kindOf(consumer) !== "elementwise") return false;
    if (!consumer.inlined) {
      roots.add(consumer);
      return true;
    }
    return consumer.consumers.every(visit);
  };
  if (node.consumers.length === 0 || !node.consumers.every(visit) || roots.size !== 1) return undefined;
  return [...roots][0];
}

import { describe, expect, it } from "vitest";
import { add, exp, gradients, matmul, maxPool2d, multiply, reshape, sum, tanh } from "../ops/index.ts";
import { checkFused } from "./check-fused.ts";
import { fuse } from "./fusion.ts";
import type { GraphNode } from "./graph-node.ts";
import { simplify } from "./simplify.ts";
import { inputTensor } from "./sources.ts";
import type { Tensor } from "./tensor.ts";

const x = inputTensor([8, 8], "float32");
const w = inputTensor([8, 8], "float32");

const product = matmul(x, w);
const biased = add(product, inputTensor([8], "float32"));
const activated = tanh(biased);
/** A product with an epilogue, which is an output, and a chain of it that ends in a view. */
const chain = exp(multiply(activated, 0.5));
const view = reshape(chain, [64]);

const image = inputTensor([2, 8, 8, 16], "float32");
const pooled = maxPool2d(image, { poolSize: 2 });
const [poolGradient] = simplify({
  inputs: [],
  outputs: gradients(sum(multiply(pooled, pooled)), [image]),
  assignments: [],
}).outputs;

/** Two sums in one kernel. */
const large = inputTensor([64, 32], "float32");
const sums = [sum(large, 0), sum(multiply(large, large), 0)];
const rowSums = sum(large, 1);
const powers = exp(large);

/** A product that goes to two kernels, and two products in one group, of which one kernel takes it as its epilogue. */
const shared = matmul(x, x);
const sharedActivated = tanh(shared);
const others = [matmul(w, w), matmul(w, x)];
const added = add(others[0], others[1]);

type Nodes = (tensor: Tensor) => GraphNode;

const DAMAGES: readonly (readonly [string, (node: Nodes, all: GraphNode[]) => void, string])[] = [
  ["a tensor before its input", (_, all) => all.reverse(), "comes before one of its inputs"],
  [
    "a consumer that is not listed",
    (node) => node(chain).consumers.pop(),
    "missing among an input's consumers",
  ],
  [
    "a consumer that reads something else",
    (node) => node(view).consumers.push(node(chain)),
    "does not read it",
  ],
  ["an output inside other kernels", (node) => (node(powers).inlined = true), "is an output"],
  [
    "a matrix product inside other kernels",
    (node) => inlineOnly(node(product)),
    "must not be computed inside",
  ],
  ["arithmetic inside a view", (node) => inlineOnly(node(chain)), "cannot be computed inside reshape"],
  ["an owner that is gone", (node, all) => all.splice(all.indexOf(node(sums[0])), 1), "not in the graph"],
  ["an owner inside other kernels", (node) => (node(product).owner = node(biased)), "no kernel of its own"],
  ["arithmetic written with another shape", (node) => (node(chain).owner = node(sums[0])), "another shape"],
  ["an epilogue of another shape", (node) => (node(product).owner = node(pooled)), "another family"],
  ["a view with an owner", (node) => (node(view).owner = node(chain)), 'of the kind "view"'],
  ["a family that is torn", (node) => forget(node, "maxPoolWinner"), "the first of its family"],
  ["sums over other axes", (node) => (node(sums[1]).owner = node(rowSums)), "is not reduced as"],
  [
    "a kernel with an epilogue that is an output",
    (node) => (node(product).isRoot = true),
    "stored with an epilogue",
  ],
  [
    "a kernel whose result goes elsewhere too",
    (node) => giveTo(node(sharedActivated), node(shared)),
    "beyond its epilogue",
  ],
  ["an epilogue of two kernels", (node) => giveTo(node(added), ...others.map(node)), "shares its epilogue"],
];

function giveTo(owner: GraphNode, ...nodes: GraphNode[]): void {
  for (const node of nodes) node.owner = owner;
}

function inlineOnly(node: GraphNode): void {
  node.inlined = true;
  node.owner = undefined;
}

function forget(node: Nodes, name: string): void {
  const found = [node(pooled), ...node(image).consumers].find(({ tensor }) => tensor.operation.name === name);
  if (found) found.owner = undefined;
}

function fused() {
  return fuse([
    activated,
    view,
    pooled,
    poolGradient,
    ...sums,
    rowSums,
    powers,
    sharedActivated,
    sum(shared),
    added,
  ]);
}

describe("the check of fused graphs", () => {
  it("accepts what fusion makes", () => {
    const { nodes, nodeOf } = fused();
    expect(() => checkFused({ nodes }, true)).not.toThrow();
    // The graph has what the damages need.
    expect(nodeOf(product).owner).toBe(nodeOf(activated));
    expect(nodeOf(sums[1]).owner).toBe(nodeOf(sums[0]));
  });

  it.each(DAMAGES)("finds %s", (_, damage, message) => {
    const { nodes, nodeOf } = fused();
    const all = [...nodes];
    damage(nodeOf, all);
    expect(() => checkFused({ nodes: all }, true)).toThrow(message);
  });
});

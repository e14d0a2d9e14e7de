/** @file Seeded random graphs whose values stay small, for comparing what compilers make of them. */
import { conv2d } from "../../ops/convolution.ts";
import {
  abs,
  add,
  broadcastTo,
  concat,
  divide,
  gradients,
  less,
  max,
  mean,
  multiply,
  negative,
  pad,
  relu,
  reshape,
  slice,
  softmax,
  subtract,
  sum,
  tanh,
  toFloat,
  transpose,
  where,
} from "../../ops/index.ts";
import { matmul } from "../../ops/matmul.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { floatArray, intArray } from "../../tensor/array.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Graph } from "../graph.ts";
import { Slab } from "../slab.ts";
import {
  assign,
  collectAssignments,
  constantTensor,
  indexTensor,
  inputTensor,
  variableTensor,
} from "../sources.ts";
import type { Tensor } from "../tensor.ts";

const LENGTHS = [1, 2, 3, 4, 5, 8, 13];
const SLAB_WORDS = 400;

type Step = (g: Generator, pick: (fits?: (tensor: Tensor) => boolean) => Tensor) => Tensor;

function someLength(g: Generator): number {
  return LENGTHS[g.integer(LENGTHS.length)];
}

export function someShape(g: Generator): number[] {
  return Array.from({ length: g.integer(4) + 1 }, () => someLength(g));
}

function someAxes(g: Generator, rank: number): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(() => g.integer(2) === 0);
  return axes.length > 0 ? axes : [g.integer(rank)];
}

/** A second operand: any tensor that has or broadcasts to the shape, or a number. */
function partner(
  g: Generator,
  a: Tensor,
  pick: (fits: (tensor: Tensor) => boolean) => Tensor,
): Tensor | number {
  if (g.integer(6) === 0) return g.normal();
  const offset = (b: Tensor) => a.shape.length - b.shape.length;
  return pick(
    (b) =>
      offset(b) >= 0 && b.shape.every((length, axis) => length === 1 || length === a.shape[axis + offset(b)]),
  );
}

const rankOf = (rank: number) => (tensor: Tensor) => tensor.shape.length === rank;

/** Each gives values of magnitude about 1 if it is given such. */
const STEPS: readonly Step[] = [
  (_, pick) => tanh(pick()),
  (_, pick) => relu(pick()),
  (_, pick) => negative(pick()),
  (_, pick) => softmax(pick((tensor) => tensor.shape.length > 0)),
  (g, pick) => {
    const a = pick();
    return multiply(add(a, partner(g, a, pick)), 0.7);
  },
  (g, pick) => {
    const a = pick();
    return subtract(multiply(a, 0.5), partner(g, a, pick));
  },
  (g, pick) => {
    const a = pick();
    const b = partner(g, a, pick);
    return multiply(a, typeof b === "number" ? b / 4 : tanh(b));
  },
  (g, pick) => {
    const a = pick();
    return divide(a, add(abs(partner(g, a, pick)), 1));
  },
  (g, pick) => {
    const a = pick();
    return where(less(a, partner(g, a, pick)), a, 0.25);
  },
  (g, pick) => {
    const a = pick((tensor) => tensor.shape.length > 0);
    const axes = someAxes(g, a.shape.length);
    const scale = 1 / Math.sqrt(axes.reduce((product, axis) => product * a.shape[axis], 1));
    return multiply(sum(a, axes, g.integer(2) === 0), scale);
  },
  (g, pick) => {
    const a = pick((tensor) => tensor.shape.length > 0);
    return max(a, someAxes(g, a.shape.length), g.integer(2) === 0);
  },
  (g, pick) => {
    const a = pick();
    const size = sizeOf(a.shape);
    return reshape(a, size % 2 === 0 && g.integer(2) === 0 ? [2, size / 2] : [size]);
  },
  (g, pick) => {
    const a = pick();
    const axes = g.shuffle(a.shape.map((_, axis) => axis));
    return transpose(a, axes);
  },
  (g, pick) => {
    const a = pick();
    const begin = a.shape.map((length) => g.integer(length));
    return slice(
      a,
      begin,
      a.shape.map((length, axis) => 1 + g.integer(length - begin[axis])),
    );
  },
  (g, pick) => {
    const a = pick((tensor) => sizeOf(tensor.shape) < 2000);
    return pad(
      a,
      a.shape.map(() => [g.integer(3), g.integer(2)]),
      0.5,
    );
  },
  (g, pick) => {
    const a = pick((tensor) => tensor.shape.length > 0 && sizeOf(tensor.shape) < 2000);
    const axis = g.integer(a.shape.length);
    return concat([a, negative(a), a], axis);
  },
  (g, pick) => {
    const a = pick((tensor) => tensor.shape.length < 4 && sizeOf(tensor.shape) < 500);
    return broadcastTo(a, [someLength(g), ...a.shape]);
  },
  (g, pick) => {
    const a = matrix(pick(rankOf(2)));
    const b = pick((tensor) => rankOf(2)(tensor) && tensor.shape.includes(a.shape[1]));
    const scale = 1 / Math.sqrt(a.shape[1]);
    if (b.shape.length === 2 && b.shape[0] === a.shape[1]) return multiply(matmul(a, b), scale);
    if (b.shape.length === 2 && b.shape[1] === a.shape[1])
      return multiply(matmul(a, b, { transposeB: true }), scale);
    return add(matmul(a, constantFilter(g, [a.shape[1], 5])), constantFilter(g, [5]));
  },
  (g, pick) => {
    const a = pick(rankOf(4));
    if (a.shape.length !== 4) return a;
    const filter = constantFilter(g, [3, 2, a.shape[3], 1 + g.integer(6)]);
    const y = conv2d(a, filter, { padding: "same" });
    return g.integer(2) === 0 ? y : relu(add(y, constantFilter(g, [filter.shape[3]])));
  },
  (g, pick) => {
    const a = pick();
    const strides = a.shape.map(() => g.integer(3) - 1);
    return tanh(multiply(add(a, toFloat(indexTensor(a.shape, strides))), 0.1));
  },
  (g, pick) => multiply(pick(), toFloat(constantTensor(intArray([g.integer(3) - 1], [])))),
  (_, pick) => {
    // A gradient brings reductions, transposed products and many consumers of one value.
    const x = pick((tensor) => sizeOf(tensor.shape) < 300);
    const y = tanh(multiply(x, x));
    return tanh(gradients(mean(multiply(y, x)), [x])[0]);
  },
];

/** The tensor itself if it has two axes. */
function matrix(tensor: Tensor): Tensor {
  return tensor.shape.length === 2 ? tensor : reshape(tensor, [1, sizeOf(tensor.shape)]);
}

function constantFilter(g: Generator, shape: Shape): Tensor {
  const scale = 1 / Math.sqrt(sizeOf(shape));
  return constantTensor(
    floatArray(
      Float32Array.from({ length: sizeOf(shape) }, () => g.normal() * scale),
      shape,
    ),
  );
}

export interface RandomGraph {
  readonly graph: Graph;
  readonly slab: Slab;
}

/** The same seed gives the same graph, each time with tensors and a slab of its own. */
export function randomGraph(seed: number): RandomGraph {
  const g = new Generator(deriveKey("random graph", seed));
  const slab = new Slab(
    `slab of graph ${seed}`,
    Float32Array.from({ length: SLAB_WORDS }, () => g.normal()),
  );
  const inputs = Array.from({ length: 1 + g.integer(3) }, () => inputTensor(someShape(g), "float32"));
  const variables = Array.from({ length: 1 + g.integer(5) }, () => someVariable(g, slab));
  const made: Tensor[] = [...inputs, ...variables];
  const pick = (fits: (tensor: Tensor) => boolean = () => true): Tensor => {
    const fitting = made.filter(fits);
    // Late ones more often: deep graphs rather than wide ones.
    return fitting.length === 0
      ? made[0]
      : fitting[Math.max(g.integer(fitting.length), g.integer(fitting.length))];
  };
  const { result, assignments } = collectAssignments(() => {
    const count = 5 + g.integer(36);
    while (made.length < count) {
      const tensor = STEPS[g.integer(STEPS.length)](g, pick);
      if (sizeOf(tensor.shape) <= 6000) made.push(tensor);
    }
    for (const variable of variables) {
      if (g.integer(4) > 0) assign(variable, valueFor(g, variable, made));
    }
    return Array.from({ length: 1 + g.integer(4) }, () => pick());
  });
  return { graph: { inputs, outputs: result, assignments }, slab };
}

/** Some variables overlap, some coincide. */
function someVariable(g: Generator, slab: Slab): Tensor {
  const shape = g.integer(2) === 0 ? [64] : someShape(g).slice(0, 2);
  return variableTensor(slab, (g.integer(5) * 32) % (SLAB_WORDS - sizeOf(shape)), shape);
}

/** A tensor of the variable's size: another variable, an update of it, or part of something else. */
function valueFor(g: Generator, variable: Tensor, made: readonly Tensor[]): Tensor {
  const size = sizeOf(variable.shape);
  const large = made.filter((tensor) => sizeOf(tensor.shape) >= size);
  const from = large[g.integer(large.length)];
  const part = reshape(slice(reshape(from, [sizeOf(from.shape)]), [0], [size]), variable.shape);
  const same = reshape(from, [sizeOf(from.shape)]);
  const whole = sizeOf(from.shape) === size ? reshape(same, variable.shape) : part;
  return g.integer(2) === 0 ? whole : add(multiply(variable, 0.5), tanh(whole));
}

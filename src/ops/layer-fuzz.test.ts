/**
 * @file Dense layers, normalisations, activations, reductions and chains of layers on random shapes: kernels on every
 * target against the reference loops, values and gradients. `window-fuzz.test.ts` has convolutions and pooling alone.
 */
import { describe, it } from "vitest";
import type { Tensor } from "../graph/tensor.ts";
import type { Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { testValues } from "../testing/values.ts";
import {
  add,
  averagePool2d,
  batchNormTraining,
  conv2d,
  elu,
  exp,
  gelu,
  groupNorm,
  hardSilu,
  layerNorm,
  log,
  logSoftmax,
  matmul,
  max,
  maxPool2d,
  mean,
  min,
  mish,
  multiply,
  relu,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  sum,
  tanh,
  variance,
} from "./index.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";

/** Relative to the largest number in a result: sums of some hundred terms of both signs, and functions of them. */
const RELATIVE = 1e-5;
/** The same after several layers, in whose gradients large terms cancel. */
const CHAIN_RELATIVE = 5e-5;
const SIZES = [1, 2, 3, 5, 7, 8, 10, 15, 16, 17, 24, 31, 33, 40, 64, 65];
const CHANNELS = [1, 2, 3, 4, 6, 8, 15, 16, 17, 32, 33];

const ACTIVATIONS = {
  none: (x: Tensor) => x,
  relu: (x: Tensor) => relu(x),
  tanh,
  sigmoid: (x: Tensor) => sigmoid(x),
  elu: (x: Tensor) => elu(x),
  silu: (x: Tensor) => silu(x),
  gelu: (x: Tensor) => gelu(x),
  softplus: (x: Tensor) => softplus(x),
  mish: (x: Tensor) => mish(x),
  selu: (x: Tensor) => selu(x),
  softsign,
  hardSilu: (x: Tensor) => hardSilu(x),
};
type Activation = keyof typeof ACTIVATIONS;
const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as Activation[];

const FUNCTIONS = {
  ...ACTIVATIONS,
  exp,
  softmax: (x: Tensor) => softmax(x),
  logSoftmax: (x: Tensor) => logSoftmax(x),
};
type FunctionName = keyof typeof FUNCTIONS;
const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

const REDUCTIONS = { sum, mean, variance, max, min };
type Reduction = keyof typeof REDUCTIONS;
const REDUCTION_NAMES = Object.keys(REDUCTIONS) as Reduction[];

function normal(...shapes: Shape[]): NumericArray[] {
  return shapes.map((shape, i) => testValues("normal", shape, sizeOf(shape) + i));
}

/** One to four axes with at most some thousand elements. */
function randomShape(generator: Generator): number[] {
  const shape = Array.from({ length: 1 + generator.integer(4) }, () => pick(generator, SIZES));
  while (sizeOf(shape) > 4000) shape[shape.indexOf(Math.max(...shape))] = 1 + generator.integer(4);
  return shape;
}

describe(`dense layers of random sizes equal the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    batch: pick(generator, SIZES),
    inputs: pick(generator, SIZES),
    outputs: pick(generator, SIZES),
    activation: pick(generator, ACTIVATION_NAMES),
  });
  it.each(cases("dense", 60, draw))("%s", (_, { batch, inputs, outputs, activation }) => {
    checkTargets(
      (x, weights, bias) => ACTIVATIONS[activation](add(matmul(x, weights), bias)),
      normal([batch, inputs], [inputs, outputs], [outputs]),
      RELATIVE,
    );
  });
});

describe(`activations of random shapes equal the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    shape: randomShape(generator),
    name: pick(generator, FUNCTION_NAMES),
    isScaled: generator.integer(2) === 0,
  });
  it.each(cases("activations", 80, draw))("%s", (_, { shape, name, isScaled }) => {
    // One factor for each element of the last axis, or of all. The gradient of a single factor would be one sum over all
    // elements: where it cancels, its size says nothing about the rounding of its terms.
    const factors = isScaled ? shape.slice(-1) : shape;
    checkTargets((x, factor) => FUNCTIONS[name](multiply(x, factor)), normal(shape, factors), RELATIVE);
  });

  const positive = (generator: Generator) => ({ shape: randomShape(generator) });
  it.each(cases("logarithms", 10, positive))("log %s", (_, { shape }) => {
    checkTargets((x) => log(x), [testValues("positive", shape, 1)], RELATIVE);
  });
});

describe(`reductions over random axes equal the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => {
    const shape = randomShape(generator);
    const axes = shape.map((_, axis) => axis).filter(() => generator.integer(2) === 0);
    return { shape, axes, name: pick(generator, REDUCTION_NAMES), keepDims: generator.integer(2) === 0 };
  };
  it.each(cases("reductions", 80, draw))("%s", (_, { shape, axes, name, keepDims }) => {
    // Sums of positive numbers do not cancel; no two are so near that rounding could change which is the largest.
    const values = name === "max" || name === "min" ? "separated" : "positive";
    checkTargets(
      (x) => REDUCTIONS[name](x, axes.length > 0 ? axes : undefined, keepDims),
      [testValues(values, shape, sizeOf(shape))],
      RELATIVE,
    );
  });
});

describe(`normalisations of random shapes equal the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => {
    const shape = [
      2 + generator.integer(3),
      ...randomShape(generator).slice(0, 2),
      pick(generator, CHANNELS),
    ];
    return {
      shape,
      kind: pick(generator, ["batch", "layer", "group"] as const),
      // The axis of channels or features; of the groups, which divides them.
      axis: pick(generator, [-1, -1, 1]),
      isSplit: generator.integer(2) === 0,
      activation: pick(generator, ACTIVATION_NAMES),
    };
  };
  it.each(cases("normalisations", 60, draw))("%s", (_, { shape, kind, axis, isSplit, activation }) => {
    const channels = shape.slice(axis, axis === -1 ? undefined : axis + 1);
    const groups = isSplit ? channels[0] : 1;
    checkTargets(
      (x, gamma, beta) => {
        const options = { gamma, beta, axis };
        const result =
          kind === "batch"
            ? batchNormTraining(x, options).output
            : kind === "layer"
              ? layerNorm(x, options)
              : groupNorm(x, { groups, ...options });
        // With x added, since the squares of normalised numbers alone have hardly a gradient.
        return ACTIVATIONS[activation](add(result, x));
      },
      normal(shape, channels, channels),
      RELATIVE,
    );
  });
});

describe(`chains of random layers equal the reference loops within ${CHAIN_RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    shape: [
      1 + generator.integer(3),
      6 + generator.integer(8),
      6 + generator.integer(8),
      pick(generator, CHANNELS),
    ],
    filters: pick(generator, CHANNELS),
    size: 1 + generator.integer(3),
    strides: 1 + generator.integer(2),
    padding: pick(generator, ["same", "valid"] as const),
    isNormalised: generator.integer(2) === 0,
    activation: pick(generator, ACTIVATION_NAMES),
    pooling: pick(generator, ["none", "max", "average"] as const),
  });
  it.each(cases("chains", 80, draw))("%s", (_, one) => {
    const { shape, filters, size, strides, padding, isNormalised, activation, pooling } = one;
    checkTargets(
      (x, filter, bias) => {
        const convolved = add(conv2d(x, filter, { strides, padding }), bias);
        const normalised = isNormalised ? add(batchNormTraining(convolved).output, convolved) : convolved;
        const active = ACTIVATIONS[activation](normalised);
        if (pooling === "none") return active;
        return (pooling === "max" ? maxPool2d : averagePool2d)(active, { poolSize: 2, padding: "same" });
      },
      normal(shape, [size, size, shape[3], filters], [filters]),
      CHAIN_RELATIVE,
      // Normalised numbers lie on both sides of 0, where an odd activation's gradients cancel in a bias's: what is left is rounding.
      isNormalised ? 2 : 3,
    );
  });
});

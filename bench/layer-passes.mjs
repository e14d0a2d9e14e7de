/**
 * @file A workload's layers one by one: for each pass (forward, input gradient, filter gradient) a function of
 * tensors to be compiled as a program of its own, its operations and the bytes that it has to move.
 */
import * as ops from "../dist/ops/index.js";

/**
 * Operations for an element in the textbook's formulas, forward and backward. Batch normalisation: mean (1), variance (3),
 * (x - mean)·scale + beta (3); backward two sums (4) and scale·dy + slope·(x - mean) + shift (5).
 */
const OPERATIONS = {
  batchNorm: [7, 9],
  relu: [1, 1],
  tanh: [1, 3],
  maxPool: [1, 1],
  avgPool: [1, 1],
  globalAvgPool: [1, 1],
};

/**
 * A layer, or several that the compiler makes one pass over memory of. `apply` gives the output from [x, …weights].
 * @typedef {object} LayerStage
 * @property {string} name
 * @property {string} [parts] the layers of a block
 * @property {readonly number[]} inputShape
 * @property {readonly (readonly number[])[]} weightShapes
 * @property {boolean} multiplies whether its work is multiply-adds, that is, a convolution or a matrix product
 * @property {boolean} first whether nothing before it has weights: then it has no input gradient
 * @property {[number, number]} operations of an element of the input, forward and backward, if it does not multiply
 * @property {(inputs: readonly object[]) => object} apply
 */

/** @param {object} x @param {object} layer */
function elementwise(x, layer) {
  const axes = x.shape.length - 2;
  const { poolSize, padding } = layer;
  switch (layer.layer) {
    case "relu":
      return ops.relu(x);
    case "tanh":
      return ops.tanh(x);
    case "maxPool":
      return ops[`maxPool${axes}d`](x, { poolSize, padding });
    case "avgPool":
      return ops[`averagePool${axes}d`](x, { poolSize, padding });
    case "globalAvgPool":
      return ops.globalAveragePool(x);
    default:
      throw new Error(`layers: no layer for "${layer.layer}"`);
  }
}

/** Batch normalisation takes gamma and beta from the weights. */
function applyBlock(layers, [x, ...weights]) {
  let next = 0;
  return layers.reduce((y, layer) => {
    if (layer.layer !== "batchNorm") return elementwise(y, layer);
    const [gamma, beta] = [weights[next++], weights[next++]];
    return ops.batchNormTraining(y, { gamma, beta }).output;
  }, x);
}

/** @returns {Omit<LayerStage, "first">} */
function blockStage(layers, number, inputShape) {
  const channels = inputShape.at(-1);
  const normalises = layers.filter(({ layer }) => layer === "batchNorm").length;
  const sumOf = (pass) => layers.reduce((sum, { layer }) => sum + OPERATIONS[layer][pass], 0);
  return {
    name: `block ${number}`,
    parts: layers.map(({ layer }) => layer).join(", "),
    inputShape,
    weightShapes: Array.from({ length: 2 * normalises }, () => [channels]),
    multiplies: false,
    operations: [sumOf(0), sumOf(1)],
    apply: (inputs) => applyBlock(layers, inputs),
  };
}

/** @returns {Omit<LayerStage, "first">} */
function convolutionStage({ filters, kernelSize, strides, padding }, number, inputShape) {
  const convolve = ops[`conv${kernelSize.length}d`];
  return {
    name: `conv ${number}`,
    inputShape,
    weightShapes: [[...kernelSize, inputShape.at(-1), filters], [filters]],
    multiplies: true,
    operations: [0, 0],
    apply: ([x, filter, bias]) => ops.add(convolve(x, filter, { strides, padding }), bias),
  };
}

/** @returns {Omit<LayerStage, "first">} */
function denseStage({ units }, number, [batch, ...rest]) {
  const features = rest.reduce((product, length) => product * length, 1);
  return {
    name: `dense ${number}`,
    inputShape: [batch, features],
    weightShapes: [[features, units], [units]],
    multiplies: true,
    operations: [0, 0],
    apply: ([x, weights, bias]) => ops.add(ops.matmul(x, weights), bias),
  };
}

/**
 * The stages of a model of the first table. Dropout, which has little to do, is left out.
 * @param {{ batch: number, input: number[], layers: object[] }} workload
 * @param {(stage: object) => readonly number[]} outputShapeOf
 * @returns {LayerStage[]}
 */
export function stagesOf({ batch, input, layers }, outputShapeOf) {
  const stages = [];
  const counts = { conv: 0, dense: 0, block: 0 };
  let shape = [batch, ...input];
  let block = [];
  const push = (stage) => {
    stages.push({ ...stage, first: stages.length === 0 });
    shape = outputShapeOf(stage);
  };
  const endBlock = () => {
    if (block.length > 0) push(blockStage(block, ++counts.block, shape));
    block = [];
  };
  for (const layer of layers) {
    if (layer.layer in OPERATIONS) {
      block.push(layer);
      continue;
    }
    endBlock();
    if (layer.layer === "conv") push(convolutionStage(layer, ++counts.conv, shape));
    else if (layer.layer === "dense") push(denseStage(layer, ++counts.dense, shape));
  }
  endBlock();
  return stages;
}

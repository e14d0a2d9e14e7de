/** @file The blocks of the zoo's networks. Paddings are the same on both sides, as PyTorch's layers have them. */
import {
  activation,
  add,
  batchNormalization,
  concatenate,
  conv1d,
  conv2d,
  depthwiseConv2d,
  multiply,
  reLU,
} from "../../dist/nn/layers/index.js";

/** @import { SymbolicTensor, Layer } from "../../dist/nn/layer.js" */

/** @param {SymbolicTensor} tensor @param {...(Layer | ((tensor: SymbolicTensor) => SymbolicTensor))} layers */
export const chain = (tensor, ...layers) =>
  layers.reduce(
    (before, layer) => (typeof layer === "function" ? layer(before) : layer.apply(before)),
    tensor,
  );

/** @param {number | readonly number[]} kernelSize odd */
const around = (kernelSize) => [kernelSize].flat().map((length) => (length - 1) / 2);

const norm = () => batchNormalization({ momentum: 0.9 });

/** A convolution, batch normalisation and ReLU. @param {number} filters @param {number | number[]} kernelSize @param {object} [options] */
export const convUnit = (filters, kernelSize, options) => [
  bare(filters, kernelSize, options),
  norm(),
  reLU(),
];

/** A convolution without bias. @param {number} filters @param {number | number[]} kernelSize @param {object} [options] */
function bare(filters, kernelSize, options) {
  const sides = around(kernelSize);
  const padding = sides.length === 1 ? sides[0] : sides;
  return conv2d({ filters, kernelSize, padding, useBias: false, kernelInitializer: "heNormal", ...options });
}

/** A convolution with bias, and ReLU. @param {number} filters @param {number | number[]} kernelSize @param {object} [options] */
export const convRelu = (filters, kernelSize, options) => [
  bare(filters, kernelSize, { useBias: true, ...options }),
  reLU(),
];

/** @param {number} strides */
const depthwise = (strides) =>
  depthwiseConv2d({ kernelSize: 3, strides, padding: 1, useBias: false, depthwiseInitializer: "heNormal" });

/** A depthwise and a 1×1 convolution (Howard et al. 2017). @param {number} filters @param {number} strides */
export const separableUnit = (filters, strides) => [
  depthwise(strides),
  norm(),
  reLU(),
  ...convUnit(filters, 1),
];

/** Two 3×3 convolutions beside a shortcut (He et al. 2015). @param {number} filters @param {number} strides */
export function basicBlock(filters, strides) {
  return (/** @type {SymbolicTensor} */ tensor) => {
    const branch = chain(tensor, ...convUnit(filters, 3, { strides }), bare(filters, 3), norm());
    return chain(add().apply([branch, shortcut(tensor, filters, strides)]), reLU());
  };
}

/** 1×1, grouped 3×3 and 1×1 beside a shortcut (Xie et al. 2016). @param {number} filters @param {number} strides @param {number} groups */
export function groupedBlock(filters, strides, groups) {
  return (/** @type {SymbolicTensor} */ tensor) => {
    const inner = [...convUnit(filters / 2, 1), ...convUnit(filters / 2, 3, { strides, groups })];
    const branch = chain(tensor, ...inner, bare(filters, 1), norm());
    return chain(add().apply([branch, shortcut(tensor, filters, strides)]), reLU());
  };
}

/** @param {SymbolicTensor} tensor @param {number} filters @param {number} strides */
function shortcut(tensor, filters, strides) {
  if (strides === 1 && tensor.shape.at(-1) === filters) return tensor;
  return chain(tensor, bare(filters, 1, { strides }), norm());
}

/** MobileNetV2's (Sandler et al. 2018). @param {number} filters @param {number} strides @param {number} expansion */
export function invertedResidual(filters, strides, expansion) {
  return (/** @type {SymbolicTensor} */ tensor) => {
    const channels = tensor.shape.at(-1) ?? 0;
    const relu6 = () => reLU({ maxValue: 6 });
    const wider = expansion === 1 ? [] : [bare(expansion * channels, 1), norm(), relu6()];
    const branch = chain(tensor, ...wider, depthwise(strides), norm(), relu6(), bare(filters, 1), norm());
    return strides === 1 && channels === filters ? add().apply([branch, tensor]) : branch;
  };
}

/** SqueezeNet's (Iandola et al. 2016). @param {number} squeezed @param {number} expanded in each of two branches */
export function fire(squeezed, expanded) {
  return (/** @type {SymbolicTensor} */ tensor) => {
    const narrow = chain(tensor, ...convRelu(squeezed, 1));
    return concatenate().apply([1, 3].map((size) => chain(narrow, ...convRelu(expanded, size))));
  };
}

/** DenseNet's layers with bottlenecks (Huang et al. 2016), each with all that came before. @param {number} layers @param {number} growth */
export function denseBlock(layers, growth) {
  const one = (/** @type {SymbolicTensor} */ tensor) => {
    const grown = chain(tensor, norm(), reLU(), ...convUnit(4 * growth, 1), bare(growth, 3));
    return concatenate().apply([tensor, grown]);
  };
  return (/** @type {SymbolicTensor} */ tensor) =>
    chain(tensor, ...Array.from({ length: layers }, () => one));
}

/** WaveNet's gated layer (van den Oord et al. 2016): the residual and the skip. @param {SymbolicTensor} tensor @param {number} dilationRate */
export function gatedLayer(tensor, dilationRate) {
  const filters = tensor.shape.at(-1) ?? 0;
  const causal = () => conv1d({ filters, kernelSize: 2, padding: "causal", dilationRate });
  const [signal, gate] = ["tanh", "sigmoid"].map((name) =>
    chain(tensor, causal(), activation({ activation: name })),
  );
  const gated = multiply().apply([signal, gate]);
  const point = () => conv1d({ filters, kernelSize: 1 }).apply(gated);
  return { next: add().apply([tensor, point()]), skip: point() };
}

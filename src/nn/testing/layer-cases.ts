/** @file Layers of every class of the registry, for tests. Parameters are counted in the comments. */
import * as layers from "../layers/index.ts";
import type { LayerClassName } from "../layers/index.ts";
import { image, shared, wave, type LayerCase } from "./layer-case.ts";
import { WINDOW_LAYER_CASES } from "./window-layer-cases.ts";

const pair = [
  [4, 3, 2],
  [4, 3, 2],
];

/** By class. */
export const LAYER_CASES: Readonly<Record<LayerClassName, readonly LayerCase[]>> = {
  ...WINDOW_LAYER_CASES,
  Activation: [
    {
      make: () => layers.activation({ activation: "gelu" }),
      input: image,
      outputShape: [6, 5, 4],
      ...shared,
    },
    { make: () => layers.activation({ activation: "softmax" }), input: [[7]], outputShape: [7], ...shared },
  ],
  Add: [{ make: () => layers.add(), input: pair, outputShape: [4, 3, 2], ...shared }],
  // 1 + floor(200 / 20) frames of 64 / 2 + 1 bins
  AudioFrontEnd: [
    {
      make: () =>
        layers.audioFrontEnd({
          frontEnd: { kind: "spectrogram", sampleRate: 8000, fftSize: 64, hopLength: 20, power: 2 },
        }),
      input: [[200, 1]],
      outputShape: [11, 33, 1],
      ...shared,
    },
    {
      make: () => layers.audioFrontEnd({ frontEnd: { kind: "waveform" } }),
      input: [[50, 1]],
      outputShape: [50, 1],
      ...shared,
    },
  ],
  AlphaDropout: [
    {
      make: () => layers.alphaDropout({ rate: 0.25 }),
      input: image,
      outputShape: [6, 5, 4],
      training: "different",
      ...shared,
    },
  ],
  Average: [{ make: () => layers.average(), input: [...pair, [4, 3, 2]], outputShape: [4, 3, 2], ...shared }],
  // gamma and beta; movingMean and movingVariance
  BatchNormalization: [
    {
      make: () => layers.batchNormalization(),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 8,
      statistics: 8,
      training: "different",
    },
    {
      make: () =>
        layers.batchNormalization({ center: false, momentum: 0.9, gammaInitializer: "randomUniform" }),
      input: [[5]],
      outputShape: [5],
      parameters: 5,
      statistics: 10,
      training: "different",
    },
    // One number for each of 5 columns.
    {
      make: () => layers.batchNormalization({ axis: 2, gammaRegularizer: "l2" }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 10,
      statistics: 10,
      training: "different",
    },
  ],
  Concatenate: [
    {
      make: () => layers.concatenate(),
      input: [
        [4, 3, 2],
        [4, 3, 5],
      ],
      outputShape: [4, 3, 7],
      ...shared,
    },
    { make: () => layers.concatenate({ axis: 1 }), input: pair, outputShape: [8, 3, 2], ...shared },
  ],
  // 7·5 + 5
  Dense: [
    {
      make: () => layers.dense({ units: 5, activation: "sigmoid", biasInitializer: "randomNormal" }),
      input: [[7]],
      outputShape: [5],
      parameters: 40,
    },
    // 3·5 + 5, at each of 12 steps
    {
      make: () => layers.dense({ units: 5, activation: "mish", kernelConstraint: "unitNorm" }),
      input: wave,
      outputShape: [12, 5],
      parameters: 20,
    },
    // 4·2, at each of 6·5 pixels
    {
      make: () => layers.dense({ units: 2, useBias: false }),
      input: image,
      outputShape: [6, 5, 2],
      parameters: 8,
    },
  ],
  Dropout: [
    {
      make: () => layers.dropout({ rate: 0.5 }),
      input: image,
      outputShape: [6, 5, 4],
      training: "different",
      ...shared,
    },
  ],
  ELU: [{ make: () => layers.elu({ alpha: 0.5 }), input: image, outputShape: [6, 5, 4], ...shared }],
  ExampleNormalization: [
    { make: () => layers.exampleNormalization(), input: image, outputShape: [6, 5, 4], ...shared },
    {
      make: () => layers.exampleNormalization({ perChannel: true }),
      input: wave,
      outputShape: [12, 3],
      ...shared,
    },
  ],
  Flatten: [{ make: () => layers.flatten(), input: image, outputShape: [120], ...shared }],
  GaussianDropout: [
    {
      make: () => layers.gaussianDropout({ rate: 0.5 }),
      input: image,
      outputShape: [6, 5, 4],
      training: "different",
      ...shared,
    },
  ],
  GaussianNoise: [
    {
      make: () => layers.gaussianNoise({ stddev: 0.5 }),
      input: image,
      outputShape: [6, 5, 4],
      training: "different",
      ...shared,
    },
  ],
  // gamma and beta
  GroupNormalization: [
    {
      make: () => layers.groupNormalization({ groups: 2 }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 8,
    },
    {
      make: () => layers.groupNormalization({ groups: -1, scale: false }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 4,
    },
    {
      make: () => layers.groupNormalization({ groups: 3, axis: 1, epsilon: 1e-5 }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 12,
    },
  ],
  LayerNormalization: [
    { make: () => layers.layerNormalization(), input: image, outputShape: [6, 5, 4], parameters: 8 },
    // 5 columns and 4 channels
    {
      make: () => layers.layerNormalization({ axis: [3, 2], betaConstraint: "nonNeg" }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 40,
    },
  ],
  LeakyReLU: [{ make: () => layers.leakyReLU(), input: image, outputShape: [6, 5, 4], ...shared }],
  Maximum: [{ make: () => layers.maximum(), input: pair, outputShape: [4, 3, 2], ...shared }],
  Minimum: [{ make: () => layers.minimum(), input: pair, outputShape: [4, 3, 2], ...shared }],
  Multiply: [
    {
      make: () => layers.multiply(),
      input: [
        [4, 3, 2],
        [1, 1, 2],
      ],
      outputShape: [4, 3, 2],
      ...shared,
    },
  ],
  // mean and variance: of each channel, of each of 5 columns and 4 channels, of all
  Normalization: [
    {
      make: () => layers.normalization({ mean: 0.5, variance: [1, 4, 9, 0.25] }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 0,
      statistics: 8,
    },
    {
      make: () => layers.normalization({ axis: [2, 3], variance: 4 }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 0,
      statistics: 40,
    },
    {
      make: () => layers.normalization({ axis: [], mean: -40, variance: 225 }),
      input: wave,
      outputShape: [12, 3],
      parameters: 0,
      statistics: 2,
    },
  ],
  // A slope for each number, or for each channel.
  // A weight of 4 numbers that is trained; 3 that are not.
  Operations: [
    {
      make: () =>
        layers.operations({
          operands: [{ shape: [4], trainable: true }],
          steps: [
            { operation: "Add", attributes: {}, inputs: [0, 1] },
            { operation: "ReduceMean", attributes: { axes: [1, 2], keepdims: 0 }, inputs: [2] },
          ],
        }),
      input: image,
      outputShape: [4],
      parameters: 4,
    },
    {
      make: () =>
        layers.operations({
          inputs: 2,
          operands: [
            { type: "int64", shape: [2], values: [0, -1] },
            { shape: [2], trainable: false },
          ],
          steps: [
            { operation: "Concat", attributes: { axis: -1 }, inputs: [0, 1] },
            { operation: "Split", attributes: { axis: 3, num_outputs: 2 }, inputs: [4], results: 2 },
            { operation: "Add", attributes: {}, inputs: [5, 3] },
            { operation: "Add", attributes: {}, inputs: [7, 6] },
            { operation: "Reshape", attributes: {}, inputs: [8, 2] },
          ],
        }),
      input: pair,
      outputShape: [24],
      parameters: 0,
      statistics: 2,
    },
    // Rows of the batch are mixed with other axes, so each example is computed by itself.
    {
      make: () =>
        layers.operations({
          each: true,
          operands: [
            { type: "int64", shape: [2], values: [-1, 3] },
            { type: "int64", shape: [3], values: [1, 3, 12] },
          ],
          steps: [
            { operation: "Reshape", attributes: {}, inputs: [0, 1] },
            { operation: "Transpose", attributes: { perm: [1, 0] }, inputs: [3] },
            { operation: "Reshape", attributes: {}, inputs: [4, 2] },
          ],
        }),
      input: wave,
      outputShape: [3, 12],
      parameters: 0,
    },
  ],
  PReLU: [
    {
      make: () => layers.prelu({ alphaInitializer: "randomUniform", alphaRegularizer: "l1" }),
      input: wave,
      outputShape: [12, 3],
      parameters: 36,
    },
    {
      make: () => layers.prelu({ sharedAxes: [1, 2] }),
      input: image,
      outputShape: [6, 5, 4],
      parameters: 4,
    },
  ],
  Permute: [
    { make: () => layers.permute({ dims: [3, 1, 2] }), input: image, outputShape: [4, 6, 5], ...shared },
  ],
  RadialBasis: [
    {
      make: () =>
        layers.radialBasis({
          centers: [
            [1, -1, 1],
            [-1, -1, 1],
          ],
        }),
      input: [[3]],
      outputShape: [2],
      ...shared,
    },
  ],
  ReLU: [
    { make: () => layers.reLU(), input: image, outputShape: [6, 5, 4], ...shared },
    {
      make: () => layers.reLU({ maxValue: 1.1, negativeSlope: 0.1, threshold: 0.3 }),
      input: image,
      outputShape: [6, 5, 4],
      ...shared,
    },
  ],
  Rescaling: [
    {
      make: () => layers.rescaling({ scale: 0.5, offset: -1 }),
      input: image,
      outputShape: [6, 5, 4],
      ...shared,
    },
  ],
  Reshape: [
    { make: () => layers.reshape({ targetShape: [10, -1] }), input: image, outputShape: [10, 12], ...shared },
  ],
  Softmax: [
    { make: () => layers.softmax(), input: [[7]], outputShape: [7], ...shared },
    { make: () => layers.softmax({ axis: [1, 2] }), input: image, outputShape: [6, 5, 4], ...shared },
  ],
  SpatialDropout1D: [
    {
      make: () => layers.spatialDropout1d({ rate: 0.5 }),
      input: wave,
      outputShape: [12, 3],
      training: "different",
      ...shared,
    },
  ],
  SpatialDropout2D: [
    {
      make: () => layers.spatialDropout2d({ rate: 0.5 }),
      input: image,
      outputShape: [6, 5, 4],
      training: "different",
      ...shared,
    },
  ],
  Subtract: [{ make: () => layers.subtract(), input: pair, outputShape: [4, 3, 2], ...shared }],
};

/** @file Layers of every class of the registry, for tests. Parameters are counted in the comments. */
import type { LayerExpectation } from "../../testing/check-layer.ts";
import type { Layer } from "../layer.ts";
import * as layers from "../layers/index.ts";
import type { LayerClassName } from "../layers/index.ts";

/** A layer with options of every kind, and what it must give. */
export interface LayerCase extends Omit<LayerExpectation, "inputShapes"> {
  readonly make: () => Layer;
  readonly input: LayerExpectation["inputShapes"];
}

const shared = { parameters: 0 };
const image = [[6, 5, 4]];
const wave = [[12, 3]];
const pair = [
  [4, 3, 2],
  [4, 3, 2],
];

/** By class. */
export const LAYER_CASES: Readonly<Record<LayerClassName, readonly LayerCase[]>> = {
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
  Average: [{ make: () => layers.average(), input: [...pair, [4, 3, 2]], outputShape: [4, 3, 2], ...shared }],
  // floor((12 - 3) / 2) + 1 = 5
  AveragePooling1D: [
    {
      make: () => layers.averagePooling1d({ poolSize: 3, strides: 2 }),
      input: wave,
      outputShape: [5, 3],
      ...shared,
    },
  ],
  AveragePooling2D: [
    {
      make: () => layers.averagePooling2d({ padding: "same" }),
      input: image,
      outputShape: [3, 3, 4],
      ...shared,
    },
  ],
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
  // 5·3·4 + 4; causal keeps the length: ceil(12 / 2) outputs with stride 2
  Conv1D: [
    {
      make: () =>
        layers.conv1d({ filters: 4, kernelSize: 5, strides: 2, padding: "causal", activation: "relu" }),
      input: wave,
      outputShape: [6, 4],
      parameters: 64,
    },
  ],
  // 2·(4 - 1) + max(3 - 2, 0) + … : 12·2 + max(3 - 2, 0) = 25; 3·4·3 + 4
  Conv1DTranspose: [
    {
      make: () => layers.conv1dTranspose({ filters: 4, kernelSize: 3, strides: 2 }),
      input: wave,
      outputShape: [25, 4],
      parameters: 40,
    },
  ],
  // 3·2·4·8 + 8; no bias: 3·3·(4 / 2)·6
  Conv2D: [
    {
      make: () => layers.conv2d({ filters: 8, kernelSize: [3, 2], activation: "tanh" }),
      input: image,
      outputShape: [4, 4, 8],
      parameters: 200,
    },
    {
      make: () =>
        layers.conv2d({
          filters: 6,
          kernelSize: 3,
          padding: "same",
          dilationRate: 2,
          groups: 2,
          useBias: false,
          kernelInitializer: "heNormal",
        }),
      input: image,
      outputShape: [6, 5, 6],
      parameters: 108,
    },
  ],
  // 2·2·3·4 + 3
  Conv2DTranspose: [
    {
      make: () => layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2, padding: "same" }),
      input: image,
      outputShape: [12, 10, 3],
      parameters: 51,
    },
  ],
  Cropping1D: [
    { make: () => layers.cropping1d({ cropping: [1, 2] }), input: wave, outputShape: [9, 3], ...shared },
  ],
  Cropping2D: [
    {
      make: () => layers.cropping2d({ cropping: [1, [0, 2]] }),
      input: image,
      outputShape: [4, 3, 4],
      ...shared,
    },
  ],
  // 7·5 + 5
  Dense: [
    {
      make: () => layers.dense({ units: 5, activation: "sigmoid", biasInitializer: "randomNormal" }),
      input: [[7]],
      outputShape: [5],
      parameters: 40,
    },
    {
      make: () => layers.dense({ units: 5, activation: "tanh" }),
      input: [[3, 4, 7]],
      outputShape: [3, 4, 5],
      parameters: 40,
    },
  ],
  // 3·3·2 + 6
  DepthwiseConv1D: [
    {
      make: () => layers.depthwiseConv1d({ kernelSize: 3, depthMultiplier: 2 }),
      input: wave,
      outputShape: [10, 6],
      parameters: 24,
    },
  ],
  // 3·3·4 + 4
  DepthwiseConv2D: [
    {
      make: () => layers.depthwiseConv2d({ kernelSize: 3, padding: "same", strides: 2, activation: "relu" }),
      input: image,
      outputShape: [3, 3, 4],
      parameters: 40,
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
  GlobalAveragePooling1D: [
    { make: () => layers.globalAveragePooling1d(), input: wave, outputShape: [3], ...shared },
  ],
  GlobalAveragePooling2D: [
    { make: () => layers.globalAveragePooling2d(), input: image, outputShape: [4], ...shared },
  ],
  GlobalMaxPooling1D: [{ make: () => layers.globalMaxPooling1d(), input: wave, outputShape: [3], ...shared }],
  GlobalMaxPooling2D: [
    { make: () => layers.globalMaxPooling2d(), input: image, outputShape: [4], ...shared },
  ],
  LayerNormalization: [
    { make: () => layers.layerNormalization(), input: image, outputShape: [6, 5, 4], parameters: 8 },
  ],
  LeakyReLU: [{ make: () => layers.leakyReLU(), input: image, outputShape: [6, 5, 4], ...shared }],
  MaxPooling1D: [
    { make: () => layers.maxPooling1d({ poolSize: 4 }), input: wave, outputShape: [3, 3], ...shared },
  ],
  MaxPooling2D: [
    {
      make: () => layers.maxPooling2d({ poolSize: [2, 3], strides: 1, padding: "valid" }),
      input: image,
      outputShape: [5, 3, 4],
      ...shared,
    },
  ],
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
  // 3·3·(3 + 1) + 2
  PartialConv2D: [
    {
      make: () =>
        layers.partialConv2d({ connections: [[0, 2, 3], [1]], kernelSize: 3, activation: "scaledTanh" }),
      input: image,
      outputShape: [4, 3, 2],
      parameters: 38,
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
  ReLU: [{ make: () => layers.reLU(), input: image, outputShape: [6, 5, 4], ...shared }],
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
  // 3·3·2 + 6·5 + 5
  SeparableConv1D: [
    {
      make: () => layers.separableConv1d({ filters: 5, kernelSize: 3, depthMultiplier: 2 }),
      input: wave,
      outputShape: [10, 5],
      parameters: 53,
    },
  ],
  // 3·3·4 + 4·5 + 5
  SeparableConv2D: [
    {
      make: () => layers.separableConv2d({ filters: 5, kernelSize: 3, padding: "same" }),
      input: image,
      outputShape: [6, 5, 5],
      parameters: 61,
    },
  ],
  Softmax: [{ make: () => layers.softmax(), input: [[7]], outputShape: [7], ...shared }],
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
  // coefficient and bias
  Subsampling2D: [
    {
      make: () => layers.subsampling2d({ activation: "scaledTanh" }),
      input: [[6, 4, 5]],
      outputShape: [3, 2, 5],
      parameters: 10,
    },
  ],
  Subtract: [{ make: () => layers.subtract(), input: pair, outputShape: [4, 3, 2], ...shared }],
  UpSampling1D: [
    { make: () => layers.upSampling1d({ size: 3 }), input: wave, outputShape: [36, 3], ...shared },
  ],
  UpSampling2D: [
    { make: () => layers.upSampling2d({ size: [2, 1] }), input: image, outputShape: [12, 5, 4], ...shared },
  ],
  ZeroPadding1D: [{ make: () => layers.zeroPadding1d(), input: wave, outputShape: [14, 3], ...shared }],
  ZeroPadding2D: [
    {
      make: () => layers.zeroPadding2d({ padding: [[0, 1], 2] }),
      input: image,
      outputShape: [7, 9, 4],
      ...shared,
    },
  ],
};

/** @file Layers that look at windows or borders of images and sequences, for tests. Parameters are counted in the comments. */
import * as constraints from "../constraints.ts";
import * as layers from "../layers/index.ts";
import type { LayerClassName } from "../layers/index.ts";
import * as regularizers from "../regularizers.ts";
import { image, shared, wave, type LayerCase } from "./layer-case.ts";

/** By class. */
export const WINDOW_LAYER_CASES = {
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
    // ceil((6 + 1 - 3) / 2) + 1 = 3 and ceil((5 + 2 - 3) / 2) + 1 = 3
    {
      make: () =>
        layers.averagePooling2d({
          poolSize: 3,
          strides: 2,
          padding: [[1, 0], 1],
          ceil: true,
          countIncludePad: true,
        }),
      input: image,
      outputShape: [3, 3, 4],
      ...shared,
    },
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
    // (12 - 1)·2 + (3 - 1)·2 + 1 - 1 - 2 + 1 = 25; 3·(6 / 3)·3 + 6
    {
      make: () =>
        layers.conv1dTranspose({
          filters: 6,
          kernelSize: 3,
          strides: 2,
          dilationRate: 2,
          groups: 3,
          padding: [1, 2],
          outputPadding: 1,
        }),
      input: wave,
      outputShape: [25, 6],
      parameters: 24,
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
    // 3·3·4·2 + 2
    {
      make: () =>
        layers.conv2d({
          filters: 2,
          kernelSize: 3,
          kernelRegularizer: regularizers.l1l2({ l1: 0.1, l2: 0.2 }),
          biasRegularizer: "l1",
          activityRegularizer: "l2",
          kernelConstraint: constraints.maxNorm({ maxValue: 1, axis: [0, 1, 2] }),
          biasConstraint: "nonNeg",
        }),
      input: image,
      outputShape: [4, 3, 2],
      parameters: 74,
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
    // 6 + 2 - 5 + 1 = 4 and floor((5 + 2 - 3) / 2) + 1 = 3
    {
      make: () => layers.maxPooling2d({ poolSize: [3, 2], strides: [1, 2], dilationRate: 2, padding: 1 }),
      input: image,
      outputShape: [4, 3, 4],
      ...shared,
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
  ReflectionPadding1D: [
    {
      make: () => layers.reflectionPadding1d({ padding: [0, 3] }),
      input: wave,
      outputShape: [15, 3],
      ...shared,
    },
  ],
  ReflectionPadding2D: [
    { make: () => layers.reflectionPadding2d(), input: image, outputShape: [8, 7, 4], ...shared },
  ],
  Resizing: [
    {
      make: () => layers.resizing({ height: 4, width: 9 }),
      input: image,
      outputShape: [4, 9, 4],
      ...shared,
    },
    {
      make: () => layers.resizing({ height: 3, width: 2, antialias: true }),
      input: image,
      outputShape: [3, 2, 4],
      ...shared,
    },
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
  // coefficient and bias
  Subsampling2D: [
    {
      make: () => layers.subsampling2d({ activation: "scaledTanh" }),
      input: [[6, 4, 5]],
      outputShape: [3, 2, 5],
      parameters: 10,
    },
  ],
  UpSampling1D: [
    { make: () => layers.upSampling1d({ size: 3 }), input: wave, outputShape: [36, 3], ...shared },
  ],
  UpSampling2D: [
    { make: () => layers.upSampling2d({ size: [2, 1] }), input: image, outputShape: [12, 5, 4], ...shared },
    {
      make: () => layers.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
      input: image,
      outputShape: [12, 15, 4],
      ...shared,
    },
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
} satisfies Partial<Record<LayerClassName, readonly LayerCase[]>>;

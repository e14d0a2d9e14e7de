/** @file All layers, and the names that stand for activations. */
export { ACTIVATION_NAMES, type ActivationName } from "./activations.ts";
export {
  activation,
  reLU,
  leakyReLU,
  elu,
  softmax,
  type ActivationOptions,
  type ELUOptions,
  type LeakyReLUOptions,
  type ReLUOptions,
  type SoftmaxOptions,
} from "./activation.ts";
export { audioFrontEnd, type AudioFrontEndOptions } from "./front-end.ts";
export { batchNormalization, type BatchNormalizationOptions } from "./batch-normalization.ts";
export {
  cropping1d,
  cropping2d,
  reflectionPadding1d,
  reflectionPadding2d,
  zeroPadding1d,
  zeroPadding2d,
  type CroppingOptions,
  type ReflectionPaddingOptions,
  type ZeroPaddingOptions,
} from "./borders.ts";
export { conv1d, conv2d, type Conv1dOptions, type Conv2dOptions } from "./convolution.ts";
export { dense, type DenseOptions } from "./dense.ts";
export {
  depthwiseConv1d,
  depthwiseConv2d,
  separableConv1d,
  separableConv2d,
  type DepthwiseConvOptions,
  type SeparableConvOptions,
} from "./depthwise-convolution.ts";
export { dropout, spatialDropout1d, spatialDropout2d, type DropoutLayerOptions } from "./dropout.ts";
export { exampleNormalization, type ExampleNormalizationOptions } from "./example-normalization.ts";
export { flatten } from "./flatten.ts";
export {
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
} from "./global-pooling.ts";
export { groupNormalization, type GroupNormalizationOptions } from "./group-normalization.ts";
export { layerNormalization, type LayerNormalizationOptions } from "./layer-normalization.ts";
export {
  add,
  average,
  concatenate,
  maximum,
  minimum,
  multiply,
  subtract,
  type ConcatenateOptions,
} from "./merge.ts";
export { alphaDropout, gaussianDropout, gaussianNoise, type GaussianNoiseOptions } from "./noise.ts";
export { normalization, type NormalizationOptions } from "./normalization.ts";
export { operations, type OperationsOptions } from "./operations.ts";
export type { Operand, Step } from "./operation-steps.ts";
export { partialConv2d, type PartialConvOptions } from "./partial-convolution.ts";
export {
  averagePooling1d,
  averagePooling2d,
  maxPooling1d,
  maxPooling2d,
  type AveragePoolingOptions,
  type PoolingOptions,
} from "./pooling.ts";
export { prelu, type PReLUOptions } from "./prelu.ts";
export { radialBasis, type RadialBasisOptions } from "./radial-basis.ts";
export { radialBasisLoss } from "../losses/radial-basis.ts";
export { rescaling, type RescalingOptions } from "./rescaling.ts";
export { permute, reshape, type PermuteOptions, type ReshapeOptions } from "./reshape.ts";
export { resizing, type ResizingOptions } from "./resizing.ts";
export type { PaddingOption, Sides } from "./sides.ts";
export { subsampling2d, type SubsamplingOptions } from "./subsampling.ts";
export { conv1dTranspose, conv2dTranspose, type ConvTransposeOptions } from "./transposed-convolution.ts";
export {
  upSampling1d,
  upSampling2d,
  type UpSampling2dOptions,
  type UpSamplingOptions,
} from "./up-sampling.ts";
export type { InitializerOption, LayerOptions } from "./options.ts";
export { LAYER_CLASS_NAMES, layerFromConfig, type LayerClassName } from "./registry.ts";

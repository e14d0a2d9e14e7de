/** @file Operations on symbolic tensors, for use inside a function given to `compile`. */
export {
  elu,
  leakyRelu,
  logSigmoid,
  prelu,
  relu,
  scaledTanh,
  selu,
  sigmoid,
  softplus,
  softsign,
} from "./activation.ts";
export type { EluOptions, LeakyReluOptions } from "./activation.ts";
export {
  add,
  divide,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  multiply,
  negative,
  subtract,
} from "./arithmetic.ts";
export { batchNorm } from "./batch-norm.ts";
export type { BatchNormInferenceOptions, BatchNormOptions } from "./batch-norm.ts";
export { batchNormTraining, type BatchNormTraining } from "./batch-norm-training.ts";
export { oneHot, toFloat, toInt } from "./cast.ts";
export { clippedRelu, hardSigmoid, hardSilu, hardTanh, relu6 } from "./clipped-activation.ts";
export { concat, stack } from "./concat.ts";
export { conv1d, conv2d } from "./convolution.ts";
export type { ConvolutionOptions } from "./convolution.ts";
export { cumulativeSum, type CumulativeSumOptions } from "./cumulative-sum.ts";
export { depthwiseConv1d, depthwiseConv2d } from "./depthwise.ts";
export { alphaDropout, dropout, spatialDropout } from "./dropout.ts";
export type { DropoutOptions } from "./dropout.ts";
export { erf } from "./error-function.ts";
export { exp, expm1, log, log1p, sqrt, tanh } from "./exponential.ts";
export { argMax, argMin } from "./extreme-index.ts";
export { FilterBank, filterBank } from "./filter-bank.ts";
export { gelu, mish, silu } from "./gated-activation.ts";
export type { GeluOptions } from "./gated-activation.ts";
export { gather, takeAlongAxis } from "./gather.ts";
export { gradients, valueAndGrad } from "./gradients.ts";
export { withGradient } from "../graph/tensor.ts";
export { groupNorm } from "./group-norm.ts";
export type { GroupNormOptions } from "./group-norm.ts";
export { layerNorm } from "./layer-norm.ts";
export type { LayerNormOptions } from "./layer-norm.ts";
export { logSumExp } from "./log-sum-exp.ts";
export { matmul, type MatmulOptions } from "./matmul.ts";
export { pad, type PadMode } from "./pad.ts";
export {
  averagePool1d,
  averagePool2d,
  globalAveragePool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
} from "./pooling.ts";
export type { AveragePoolingOptions, PoolingOptions } from "./pooling.ts";
export { power, square } from "./power.ts";
export { product } from "./product.ts";
export { randomBits, randomNormal, randomUniform } from "./random.ts";
export { max, mean, min } from "./reduce.ts";
export { repeat } from "./repeat.ts";
export { expandDims, squeeze } from "./reshape-axes.ts";
export { flatten, reshape } from "./reshape.ts";
export { resize } from "./resize.ts";
export type { Interpolation, ResizeOptions } from "./resize.ts";
export { reverse } from "./reverse.ts";
export { ceil, floor, round } from "./rounding.ts";
export { abs, clip, maximum, minimum, sign, where, whereEqual } from "./select.ts";
export { slice, split } from "./slice-and-pad.ts";
export { logSoftmax, softmax } from "./softmax.ts";
export { spectrogram } from "./spectrogram.ts";
export type { SpectrogramOptions } from "./spectrogram.ts";
export { stridedSlice, type SliceBounds } from "./strided-slice.ts";
export { broadcastTo, sum } from "./sum.ts";
export { tile } from "./tile.ts";
export { topK, type TopK } from "./top-k.ts";
export { transpose } from "./transpose.ts";
export { conv1dTranspose, conv2dTranspose } from "./transposed-convolution.ts";
export type { TransposedOptions } from "./transposed-convolution.ts";
export { cos, sin } from "./trigonometric.ts";
export { moments, variance } from "./variance.ts";
export type { Moments } from "./variance.ts";

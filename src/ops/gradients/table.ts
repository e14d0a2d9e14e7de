/** @file The gradient of every primitive operation. Programs that only compute forward carry none of it. */
import type { Primitive } from "../../graph/define.ts";
import type { OperationName, PRIMITIVES } from "../primitives.ts";
import {
  eluGradient,
  leakyReluGradient,
  positiveOnlyGradient,
  reluGradient,
  sigmoidGradient,
  softplusGradient,
} from "./activation.ts";
import {
  addGradient,
  divideGradient,
  multiplyGradient,
  negativeGradient,
  subtractGradient,
} from "./arithmetic.ts";
import { axisFilterBankGradient } from "./axis-filter-bank.ts";
import { batchedMatmulGradient } from "./batched-matmul.ts";
import { channelMeanGradient, channelVarianceGradient } from "./channel-moments.ts";
import { clippedReluGradient } from "./clipped-activation.ts";
import { concatGradient } from "./concat.ts";
import { cumulativeSumGradient } from "./cumulative-sum.ts";
import { erfGradient } from "./error-function.ts";
import {
  expGradient,
  expm1Gradient,
  log1pGradient,
  logGradient,
  sqrtGradient,
  tanhGradient,
} from "./exponential.ts";
import { filterBankGradient } from "./filter-bank.ts";
import { filterFramesGradient } from "./frame-filters.ts";
import {
  geluDerivativeGradient,
  geluGradient,
  geluTanhDerivativeGradient,
  geluTanhGradient,
  mishDerivativeGradient,
  mishGradient,
  siluDerivativeGradient,
  siluGradient,
} from "./gated-activation.ts";
import { gatherGradient, scatterAddGradient } from "./gather.ts";
import { matmulGradient, transposedMatmulGradient } from "./matmul.ts";
import {
  averagePoolGradient,
  averagePoolGradientGradient,
  maxPoolGradient,
  maxPoolGradientGradient,
  maxPoolSelectionGradient,
} from "./pooling.ts";
import { powerGradient, wholePowerGradient } from "./power.ts";
import { extremumGradient } from "./reduce.ts";
import { repeatGradient, tileGradient } from "./repetition.ts";
import { reshapeGradient } from "./reshape.ts";
import { reverseGradient } from "./reverse.ts";
import {
  absGradient,
  clipGradient,
  maximumGradient,
  minimumGradient,
  whereEqualGradient,
  whereGradient,
} from "./select.ts";
import { padGradient, sliceGradient } from "./slice-and-pad.ts";
import { framesGradient, overlapAddGradient } from "./spectrogram-frames.ts";
import { spectrogramGradient } from "./spectrogram.ts";
import { stridedSliceGradient } from "./strided-slice.ts";
import { broadcastGradient, sumGradient } from "./sum.ts";
import { transposeGradient } from "./transpose.ts";
import { cosGradient, sinGradient } from "./trigonometric.ts";
import { CONVOLUTION_GRADIENTS, DEPTHWISE_GRADIENTS } from "./windowed-products.ts";
import type { OperationGradient } from "./operation-gradient.ts";

type ParametersOf<T> = T extends Primitive<infer P> ? P : never;

/** By operation; undefined for those that stop gradients. */
export const GRADIENTS: {
  readonly [Name in OperationName]: OperationGradient<ParametersOf<(typeof PRIMITIVES)[Name]>> | undefined;
} = {
  relu: reluGradient,
  positiveOnly: positiveOnlyGradient,
  leakyRelu: leakyReluGradient,
  elu: eluGradient,
  sigmoid: sigmoidGradient,
  softplus: softplusGradient,
  add: addGradient,
  subtract: subtractGradient,
  multiply: multiplyGradient,
  divide: divideGradient,
  negative: negativeGradient,
  equal: undefined,
  less: undefined,
  lessEqual: undefined,
  axisFilterBank: axisFilterBankGradient,
  batchedMatmul: batchedMatmulGradient,
  toFloat: undefined,
  toInt: undefined,
  channelMean: channelMeanGradient,
  channelVariance: channelVarianceGradient,
  clippedRelu: clippedReluGradient,
  concat: concatGradient,
  convolution: CONVOLUTION_GRADIENTS.products,
  transposedConvolution: CONVOLUTION_GRADIENTS.transposed,
  convolutionFilterGradient: CONVOLUTION_GRADIENTS.filterGradient,
  cumulativeSum: cumulativeSumGradient,
  depthwise: DEPTHWISE_GRADIENTS.products,
  depthwiseTransposed: DEPTHWISE_GRADIENTS.transposed,
  depthwiseFilterGradient: DEPTHWISE_GRADIENTS.filterGradient,
  erf: erfGradient,
  exp: expGradient,
  log: logGradient,
  expm1: expm1Gradient,
  log1p: log1pGradient,
  sqrt: sqrtGradient,
  tanh: tanhGradient,
  filterBank: filterBankGradient,
  filterFrames: filterFramesGradient,
  silu: siluGradient,
  siluDerivative: siluDerivativeGradient,
  mish: mishGradient,
  mishDerivative: mishDerivativeGradient,
  geluTanh: geluTanhGradient,
  geluTanhDerivative: geluTanhDerivativeGradient,
  gelu: geluGradient,
  geluDerivative: geluDerivativeGradient,
  gather: gatherGradient,
  scatterAdd: scatterAddGradient,
  matmul: matmulGradient,
  transposedMatmul: transposedMatmulGradient,
  maxPoolWinner: undefined,
  maxPool: maxPoolGradient,
  maxPoolGradient: maxPoolGradientGradient,
  maxPoolSelection: maxPoolSelectionGradient,
  averagePool: averagePoolGradient,
  averagePoolGradient: averagePoolGradientGradient,
  wholePower: wholePowerGradient,
  power: powerGradient,
  mixKey: undefined,
  randomBits: undefined,
  unitInterval: undefined,
  standardNormal: undefined,
  max: extremumGradient,
  min: extremumGradient,
  repeat: repeatGradient,
  reshape: reshapeGradient,
  reverse: reverseGradient,
  floor: undefined,
  ceil: undefined,
  round: undefined,
  where: whereGradient,
  whereEqual: whereEqualGradient,
  maximum: maximumGradient,
  minimum: minimumGradient,
  clip: clipGradient,
  abs: absGradient,
  slice: sliceGradient,
  pad: padGradient,
  frames: framesGradient,
  overlapAdd: overlapAddGradient,
  spectrogram: spectrogramGradient,
  stridedSlice: stridedSliceGradient,
  sum: sumGradient,
  broadcastTo: broadcastGradient,
  tile: tileGradient,
  topIndices: undefined,
  transpose: transposeGradient,
  sin: sinGradient,
  cos: cosGradient,
};

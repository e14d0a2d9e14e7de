/** @file Every primitive operation by its name. All others are functions of these. */
import type { AnyPrimitive } from "../graph/define.ts";
import {
  reluPrimitive,
  positiveOnlyPrimitive,
  leakyReluPrimitive,
  eluPrimitive,
  sigmoidPrimitive,
  softplusPrimitive,
} from "./activation.ts";
import {
  addPrimitive,
  subtractPrimitive,
  multiplyPrimitive,
  dividePrimitive,
  negativePrimitive,
  equalPrimitive,
  lessPrimitive,
  lessEqualPrimitive,
} from "./arithmetic.ts";
import { axisFilterBankPrimitive } from "./axis-filter-bank.ts";
import { batchedMatmulPrimitive } from "./batched-matmul.ts";
import { toFloatPrimitive, toIntPrimitive } from "./cast.ts";
import { channelMeanPrimitive, channelVariancePrimitive } from "./channel-moments.ts";
import { clippedReluPrimitive } from "./clipped-activation.ts";
import { concatPrimitive } from "./concat.ts";
import { convolutionFilterGradientPrimitive } from "./convolution-filter-gradient.ts";
import { transposedConvolutionPrimitive } from "./convolution-input-gradient.ts";
import { convolutionPrimitive } from "./convolution.ts";
import { cumulativeSumPrimitive } from "./cumulative-sum.ts";
import { depthwiseFilterGradientPrimitive } from "./depthwise-filter-gradient.ts";
import { depthwiseTransposedPrimitive } from "./depthwise-input-gradient.ts";
import { depthwisePrimitive } from "./depthwise.ts";
import { erfPrimitive } from "./error-function.ts";
import {
  expPrimitive,
  logPrimitive,
  expm1Primitive,
  log1pPrimitive,
  sqrtPrimitive,
  tanhPrimitive,
} from "./exponential.ts";
import { filterBankPrimitive } from "./filter-bank.ts";
import { filterFramesPrimitive } from "./frame-filters.ts";
import { siluPrimitive, mishPrimitive, geluTanhPrimitive, geluPrimitive } from "./gated-activation.ts";
import {
  siluDerivativePrimitive,
  mishDerivativePrimitive,
  geluTanhDerivativePrimitive,
  geluDerivativePrimitive,
} from "./gated-derivatives.ts";
import { gatherPrimitive, scatterAddPrimitive } from "./gather.ts";
import { matmulPrimitive } from "./matrix-product.ts";
import {
  maxPoolGradientPrimitive,
  maxPoolSelectionPrimitive,
  averagePoolGradientPrimitive,
} from "./pooling-gradient.ts";
import { maxPoolWinnerPrimitive } from "./pooling-winner.ts";
import { maxPoolPrimitive, averagePoolPrimitive } from "./pooling.ts";
import { wholePowerPrimitive, powerPrimitive } from "./power.ts";
import {
  mixKeyPrimitive,
  randomBitsPrimitive,
  unitIntervalPrimitive,
  standardNormalPrimitive,
} from "./random.ts";
import { maxPrimitive, minPrimitive } from "./reduce.ts";
import { repeatPrimitive } from "./repeat.ts";
import { reshapePrimitive } from "./reshape.ts";
import { reversePrimitive } from "./reverse.ts";
import { floorPrimitive, ceilPrimitive, roundPrimitive } from "./rounding.ts";
import {
  wherePrimitive,
  whereEqualPrimitive,
  maximumPrimitive,
  minimumPrimitive,
  clipPrimitive,
  absPrimitive,
} from "./select.ts";
import { slicePrimitive, padPrimitive } from "./slice-and-pad.ts";
import { framesPrimitive, overlapAddPrimitive } from "./spectrogram-frames.ts";
import { spectrogramPrimitive } from "./spectrogram.ts";
import { stridedSlicePrimitive } from "./strided-slice.ts";
import { sumPrimitive, broadcastPrimitive } from "./sum.ts";
import { tilePrimitive } from "./tile.ts";
import { topIndicesPrimitive } from "./top-k.ts";
import { transposedMatmulPrimitive } from "./transposed-matrix-product.ts";
import { transposePrimitive } from "./transpose.ts";
import { sinPrimitive, cosPrimitive } from "./trigonometric.ts";

export const PRIMITIVES = {
  relu: reluPrimitive,
  positiveOnly: positiveOnlyPrimitive,
  leakyRelu: leakyReluPrimitive,
  elu: eluPrimitive,
  sigmoid: sigmoidPrimitive,
  softplus: softplusPrimitive,
  add: addPrimitive,
  subtract: subtractPrimitive,
  multiply: multiplyPrimitive,
  divide: dividePrimitive,
  negative: negativePrimitive,
  equal: equalPrimitive,
  less: lessPrimitive,
  lessEqual: lessEqualPrimitive,
  axisFilterBank: axisFilterBankPrimitive,
  batchedMatmul: batchedMatmulPrimitive,
  toFloat: toFloatPrimitive,
  toInt: toIntPrimitive,
  channelMean: channelMeanPrimitive,
  channelVariance: channelVariancePrimitive,
  clippedRelu: clippedReluPrimitive,
  concat: concatPrimitive,
  convolution: convolutionPrimitive,
  transposedConvolution: transposedConvolutionPrimitive,
  convolutionFilterGradient: convolutionFilterGradientPrimitive,
  cumulativeSum: cumulativeSumPrimitive,
  depthwise: depthwisePrimitive,
  depthwiseTransposed: depthwiseTransposedPrimitive,
  depthwiseFilterGradient: depthwiseFilterGradientPrimitive,
  erf: erfPrimitive,
  exp: expPrimitive,
  log: logPrimitive,
  expm1: expm1Primitive,
  log1p: log1pPrimitive,
  sqrt: sqrtPrimitive,
  tanh: tanhPrimitive,
  filterBank: filterBankPrimitive,
  filterFrames: filterFramesPrimitive,
  silu: siluPrimitive,
  siluDerivative: siluDerivativePrimitive,
  mish: mishPrimitive,
  mishDerivative: mishDerivativePrimitive,
  geluTanh: geluTanhPrimitive,
  geluTanhDerivative: geluTanhDerivativePrimitive,
  gelu: geluPrimitive,
  geluDerivative: geluDerivativePrimitive,
  gather: gatherPrimitive,
  scatterAdd: scatterAddPrimitive,
  matmul: matmulPrimitive,
  transposedMatmul: transposedMatmulPrimitive,
  maxPoolWinner: maxPoolWinnerPrimitive,
  maxPool: maxPoolPrimitive,
  maxPoolGradient: maxPoolGradientPrimitive,
  maxPoolSelection: maxPoolSelectionPrimitive,
  averagePool: averagePoolPrimitive,
  averagePoolGradient: averagePoolGradientPrimitive,
  wholePower: wholePowerPrimitive,
  power: powerPrimitive,
  mixKey: mixKeyPrimitive,
  randomBits: randomBitsPrimitive,
  unitInterval: unitIntervalPrimitive,
  standardNormal: standardNormalPrimitive,
  max: maxPrimitive,
  min: minPrimitive,
  repeat: repeatPrimitive,
  reshape: reshapePrimitive,
  reverse: reversePrimitive,
  floor: floorPrimitive,
  ceil: ceilPrimitive,
  round: roundPrimitive,
  where: wherePrimitive,
  whereEqual: whereEqualPrimitive,
  maximum: maximumPrimitive,
  minimum: minimumPrimitive,
  clip: clipPrimitive,
  abs: absPrimitive,
  slice: slicePrimitive,
  pad: padPrimitive,
  frames: framesPrimitive,
  overlapAdd: overlapAddPrimitive,
  spectrogram: spectrogramPrimitive,
  stridedSlice: stridedSlicePrimitive,
  sum: sumPrimitive,
  broadcastTo: broadcastPrimitive,
  tile: tilePrimitive,
  topIndices: topIndicesPrimitive,
  transpose: transposePrimitive,
  sin: sinPrimitive,
  cos: cosPrimitive,
} satisfies Readonly<Record<string, AnyPrimitive>>;

/** The name of a primitive operation, as `Operation.name` has it. */
export type OperationName = keyof typeof PRIMITIVES;

/** @file The test cases of every primitive operation. */
import type { Cases, InputValues } from "../../graph/case.ts";
import type { Primitive } from "../../graph/define.ts";
import { parametersKey } from "../../graph/parameters-key.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { DType } from "../../tensor/array.ts";
import { formatShape, type Shape } from "../../tensor/shape.ts";
import { PRIMITIVES, type OperationName } from "../primitives.ts";
import {
  reluCases,
  positiveOnlyCases,
  leakyReluCases,
  eluCases,
  sigmoidCases,
  softplusCases,
} from "../activation.ts";
import {
  addCases,
  subtractCases,
  multiplyCases,
  divideCases,
  negativeCases,
  equalCases,
  lessCases,
  lessEqualCases,
} from "../arithmetic.ts";
import { axisFilterBankCases } from "../axis-filter-bank.ts";
import { batchedMatmulCases } from "../batched-matmul.ts";
import { toFloatCases, toIntCases } from "../cast.ts";
import { channelMeanCases, channelVarianceCases } from "../channel-moments.ts";
import { clippedReluCases } from "../clipped-activation.ts";
import { concatCases } from "../concat.ts";
import { convolutionCases, transposedCases, filterGradientCases } from "./convolution-cases.ts";
import { cumulativeSumCases } from "../cumulative-sum.ts";
import { depthwiseCases, depthwiseTransposedCases, depthwiseFilterCases } from "./depthwise-cases.ts";
import { erfCases } from "../error-function.ts";
import { expCases, logCases, expm1Cases, log1pCases, sqrtCases, tanhCases } from "../exponential.ts";
import { filterBankCases } from "../filter-bank.ts";
import { filterFramesCases } from "../frame-filters.ts";
import { siluCases, mishCases, geluTanhCases, geluCases } from "../gated-activation.ts";
import {
  siluDerivativeCases,
  mishDerivativeCases,
  geluTanhDerivativeCases,
  geluDerivativeCases,
} from "../gated-derivatives.ts";
import { gatherCases, scatterAddCases } from "../gather.ts";
import { matmulCases } from "../matrix-product.ts";
import {
  maxWinnerCases,
  maxPoolCases,
  maxGradientCases,
  maxSelectionCases,
  averagePoolCases,
  averageGradientCases,
} from "./pooling-cases.ts";
import { wholePowerCases, powerCases } from "../power.ts";
import { mixKeyCases, randomBitsCases, unitIntervalCases, standardNormalCases } from "../random.ts";
import { reduceCases, broadcastCases } from "../sum.ts";
import { repetitionCases } from "../repetition.ts";
import { reshapeCases } from "../reshape.ts";
import { reverseCases } from "../reverse.ts";
import { floorCases, ceilCases, roundCases } from "../rounding.ts";
import { whereCases, whereEqualCases, maximumCases, minimumCases, clipCases, absCases } from "../select.ts";
import { sliceCases, padCases } from "../slice-and-pad.ts";
import { framesCases, overlapAddCases } from "../spectrogram-frames.ts";
import { spectrogramCases } from "./spectrogram-cases.ts";
import { stridedSliceCases } from "../strided-slice.ts";
import { topIndicesCases } from "../top-k.ts";
import { transposedMatmulCases } from "../transposed-matrix-product.ts";
import { transposeCases } from "../transpose.ts";
import { sinCases, cosCases } from "../trigonometric.ts";

/** A case with its parameters bound, so that operations of all kinds can be tested alike. */
export interface BoundCase {
  readonly title: string;
  readonly inputs: readonly { readonly shape: Shape; readonly dtype: DType; readonly values: InputValues }[];
  readonly withoutGradient: string | undefined;
  apply(inputs: readonly Tensor[]): Tensor;
}

function bind<P extends object>(primitive: Primitive<P>, cases: Cases<P>): readonly BoundCase[] {
  return cases().map(({ shapes, parameters, values = [], withoutGradient }) => ({
    title: `${shapes.map(formatShape).join(" ")} ${parametersKey(parameters)}`,
    inputs: shapes.map((shape, i) => {
      const kind = values[i] ?? "normal";
      return { shape, dtype: kind === "indices" || kind === "bits" ? "int32" : "float32", values: kind };
    }),
    withoutGradient,
    apply: (inputs) => primitive(inputs, parameters),
  }));
}

/** By operation. They stand beside it, or in a file of this folder where they are many. */
const CASES: Readonly<Record<OperationName, readonly BoundCase[]>> = {
  relu: bind(PRIMITIVES.relu, reluCases),
  positiveOnly: bind(PRIMITIVES.positiveOnly, positiveOnlyCases),
  leakyRelu: bind(PRIMITIVES.leakyRelu, leakyReluCases),
  elu: bind(PRIMITIVES.elu, eluCases),
  sigmoid: bind(PRIMITIVES.sigmoid, sigmoidCases),
  softplus: bind(PRIMITIVES.softplus, softplusCases),
  add: bind(PRIMITIVES.add, addCases),
  subtract: bind(PRIMITIVES.subtract, subtractCases),
  multiply: bind(PRIMITIVES.multiply, multiplyCases),
  divide: bind(PRIMITIVES.divide, divideCases),
  negative: bind(PRIMITIVES.negative, negativeCases),
  equal: bind(PRIMITIVES.equal, equalCases),
  less: bind(PRIMITIVES.less, lessCases),
  lessEqual: bind(PRIMITIVES.lessEqual, lessEqualCases),
  axisFilterBank: bind(PRIMITIVES.axisFilterBank, axisFilterBankCases),
  batchedMatmul: bind(PRIMITIVES.batchedMatmul, batchedMatmulCases),
  toFloat: bind(PRIMITIVES.toFloat, toFloatCases),
  toInt: bind(PRIMITIVES.toInt, toIntCases),
  channelMean: bind(PRIMITIVES.channelMean, channelMeanCases),
  channelVariance: bind(PRIMITIVES.channelVariance, channelVarianceCases),
  clippedRelu: bind(PRIMITIVES.clippedRelu, clippedReluCases),
  concat: bind(PRIMITIVES.concat, concatCases),
  convolution: bind(PRIMITIVES.convolution, convolutionCases),
  transposedConvolution: bind(PRIMITIVES.transposedConvolution, transposedCases),
  convolutionFilterGradient: bind(PRIMITIVES.convolutionFilterGradient, filterGradientCases),
  cumulativeSum: bind(PRIMITIVES.cumulativeSum, cumulativeSumCases),
  depthwise: bind(PRIMITIVES.depthwise, depthwiseCases),
  depthwiseTransposed: bind(PRIMITIVES.depthwiseTransposed, depthwiseTransposedCases),
  depthwiseFilterGradient: bind(PRIMITIVES.depthwiseFilterGradient, depthwiseFilterCases),
  erf: bind(PRIMITIVES.erf, erfCases),
  exp: bind(PRIMITIVES.exp, expCases),
  log: bind(PRIMITIVES.log, logCases),
  expm1: bind(PRIMITIVES.expm1, expm1Cases),
  log1p: bind(PRIMITIVES.log1p, log1pCases),
  sqrt: bind(PRIMITIVES.sqrt, sqrtCases),
  tanh: bind(PRIMITIVES.tanh, tanhCases),
  filterBank: bind(PRIMITIVES.filterBank, filterBankCases),
  filterFrames: bind(PRIMITIVES.filterFrames, filterFramesCases),
  silu: bind(PRIMITIVES.silu, siluCases),
  siluDerivative: bind(PRIMITIVES.siluDerivative, siluDerivativeCases),
  mish: bind(PRIMITIVES.mish, mishCases),
  mishDerivative: bind(PRIMITIVES.mishDerivative, mishDerivativeCases),
  geluTanh: bind(PRIMITIVES.geluTanh, geluTanhCases),
  geluTanhDerivative: bind(PRIMITIVES.geluTanhDerivative, geluTanhDerivativeCases),
  gelu: bind(PRIMITIVES.gelu, geluCases),
  geluDerivative: bind(PRIMITIVES.geluDerivative, geluDerivativeCases),
  gather: bind(PRIMITIVES.gather, gatherCases),
  scatterAdd: bind(PRIMITIVES.scatterAdd, scatterAddCases),
  matmul: bind(PRIMITIVES.matmul, matmulCases),
  transposedMatmul: bind(PRIMITIVES.transposedMatmul, transposedMatmulCases),
  maxPoolWinner: bind(PRIMITIVES.maxPoolWinner, maxWinnerCases),
  maxPool: bind(PRIMITIVES.maxPool, maxPoolCases),
  maxPoolGradient: bind(PRIMITIVES.maxPoolGradient, maxGradientCases),
  maxPoolSelection: bind(PRIMITIVES.maxPoolSelection, maxSelectionCases),
  averagePool: bind(PRIMITIVES.averagePool, averagePoolCases),
  averagePoolGradient: bind(PRIMITIVES.averagePoolGradient, averageGradientCases),
  wholePower: bind(PRIMITIVES.wholePower, wholePowerCases),
  power: bind(PRIMITIVES.power, powerCases),
  mixKey: bind(PRIMITIVES.mixKey, mixKeyCases),
  randomBits: bind(PRIMITIVES.randomBits, randomBitsCases),
  unitInterval: bind(PRIMITIVES.unitInterval, unitIntervalCases),
  standardNormal: bind(PRIMITIVES.standardNormal, standardNormalCases),
  max: bind(PRIMITIVES.max, reduceCases),
  min: bind(PRIMITIVES.min, reduceCases),
  repeat: bind(PRIMITIVES.repeat, repetitionCases),
  reshape: bind(PRIMITIVES.reshape, reshapeCases),
  reverse: bind(PRIMITIVES.reverse, reverseCases),
  floor: bind(PRIMITIVES.floor, floorCases),
  ceil: bind(PRIMITIVES.ceil, ceilCases),
  round: bind(PRIMITIVES.round, roundCases),
  where: bind(PRIMITIVES.where, whereCases),
  whereEqual: bind(PRIMITIVES.whereEqual, whereEqualCases),
  maximum: bind(PRIMITIVES.maximum, maximumCases),
  minimum: bind(PRIMITIVES.minimum, minimumCases),
  clip: bind(PRIMITIVES.clip, clipCases),
  abs: bind(PRIMITIVES.abs, absCases),
  slice: bind(PRIMITIVES.slice, sliceCases),
  pad: bind(PRIMITIVES.pad, padCases),
  frames: bind(PRIMITIVES.frames, framesCases),
  overlapAdd: bind(PRIMITIVES.overlapAdd, overlapAddCases),
  spectrogram: bind(PRIMITIVES.spectrogram, spectrogramCases),
  stridedSlice: bind(PRIMITIVES.stridedSlice, stridedSliceCases),
  sum: bind(PRIMITIVES.sum, reduceCases),
  broadcastTo: bind(PRIMITIVES.broadcastTo, broadcastCases),
  tile: bind(PRIMITIVES.tile, repetitionCases),
  topIndices: bind(PRIMITIVES.topIndices, topIndicesCases),
  transpose: bind(PRIMITIVES.transpose, transposeCases),
  sin: bind(PRIMITIVES.sin, sinCases),
  cos: bind(PRIMITIVES.cos, cosCases),
};

/** Every primitive operation with its cases. */
export const TESTED_OPERATIONS = Object.entries(CASES).map(([name, cases]) => ({ name, cases }));

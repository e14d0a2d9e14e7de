/** @file The one table from the library's primitive operations to ONNX: a rule for each, or the reason that it has none. */
import type { Primitive } from "../../../graph/define.ts";
import type { OperationName, PRIMITIVES } from "../../../ops/primitives.ts";
import * as axes from "./axes.ts";
import { arithmetic, elementwise, FORMULAS, toInt } from "./elementwise.ts";
import * as frames from "./frames.ts";
import { gather } from "./indices.ts";
import * as products from "./products.ts";
import * as reductions from "./reductions.ts";
import type { Rule } from "./site.ts";
import * as windows from "./windows.ts";

/** Handled before any rule is asked for: these only view a tensor otherwise, and make no node of their own. */
export const VIEWS = ["reshape", "broadcastTo", "transpose"] as const;

type ParametersOf<Name extends OperationName> =
  (typeof PRIMITIVES)[Name] extends Primitive<infer P> ? P : never;

/** A reason that an operation has no rule. */
export type Refusal = "random numbers" | "gradients";

type Table = {
  readonly [Name in Exclude<OperationName, (typeof VIEWS)[number]>]: Rule<ParametersOf<Name>> | Refusal;
};

export const RULES: Table = {
  relu: elementwise(FORMULAS.relu),
  positiveOnly: elementwise(FORMULAS.positiveOnly),
  leakyRelu: elementwise(FORMULAS.leakyRelu),
  elu: elementwise(FORMULAS.elu),
  sigmoid: elementwise(FORMULAS.sigmoid),
  softplus: elementwise(FORMULAS.softplus),
  add: arithmetic("add"),
  subtract: arithmetic("subtract"),
  multiply: arithmetic("multiply"),
  divide: reductions.divide,
  negative: elementwise(FORMULAS.negative),
  equal: elementwise(FORMULAS.equal),
  less: elementwise(FORMULAS.less),
  lessEqual: elementwise(FORMULAS.lessEqual),
  axisFilterBank: frames.axisFilterBank,
  batchedMatmul: products.batchedMatmul,
  toFloat: elementwise(FORMULAS.toFloat),
  toInt,
  channelMean: reductions.channelMean,
  channelVariance: reductions.channelVariance,
  clippedRelu: elementwise(FORMULAS.clippedRelu),
  concat: axes.concat,
  convolution: windows.convolution,
  transposedConvolution: windows.transposedConvolution,
  convolutionFilterGradient: "gradients",
  cumulativeSum: reductions.cumulativeSum,
  depthwise: windows.depthwise,
  depthwiseTransposed: windows.depthwiseTransposed,
  depthwiseFilterGradient: "gradients",
  erf: elementwise(FORMULAS.erf),
  exp: elementwise(FORMULAS.exp),
  log: elementwise(FORMULAS.log),
  expm1: elementwise(FORMULAS.expm1),
  log1p: elementwise(FORMULAS.log1p),
  sqrt: elementwise(FORMULAS.sqrt),
  tanh: elementwise(FORMULAS.tanh),
  filterBank: frames.filterBank,
  filterFrames: frames.filterFrames,
  silu: elementwise(FORMULAS.silu),
  siluDerivative: "gradients",
  mish: elementwise(FORMULAS.mish),
  mishDerivative: "gradients",
  geluTanh: elementwise(FORMULAS.geluTanh),
  geluTanhDerivative: "gradients",
  gelu: elementwise(FORMULAS.gelu),
  geluDerivative: "gradients",
  gather,
  scatterAdd: "gradients",
  matmul: products.matmul,
  transposedMatmul: products.transposedMatmul,
  maxPoolWinner: "gradients",
  maxPool: windows.maxPool,
  maxPoolGradient: "gradients",
  maxPoolSelection: "gradients",
  averagePool: windows.averagePool,
  averagePoolGradient: "gradients",
  wholePower: elementwise(FORMULAS.wholePower),
  power: elementwise(FORMULAS.power),
  mixKey: "random numbers",
  randomBits: "random numbers",
  unitInterval: "random numbers",
  standardNormal: "random numbers",
  max: reductions.max,
  min: reductions.min,
  repeat: axes.repeat,
  reverse: axes.reverse,
  floor: elementwise(FORMULAS.floor),
  ceil: elementwise(FORMULAS.ceil),
  round: elementwise(FORMULAS.round),
  where: elementwise(FORMULAS.where),
  whereEqual: elementwise(FORMULAS.whereEqual),
  maximum: elementwise(FORMULAS.maximum),
  minimum: elementwise(FORMULAS.minimum),
  clip: elementwise(FORMULAS.clip),
  abs: elementwise(FORMULAS.abs),
  slice: axes.slice,
  pad: axes.pad,
  frames: frames.frames,
  overlapAdd: frames.overlapAdd,
  spectrogram: frames.spectrogram,
  stridedSlice: axes.stridedSlice,
  sum: reductions.sum,
  tile: axes.tile,
  topIndices: reductions.topIndices,
  sin: elementwise(FORMULAS.sin),
  cos: elementwise(FORMULAS.cos),
};

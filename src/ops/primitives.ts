/** @file Every primitive operation, for tests and documentation: one line each. */
import type { AnyPrimitive } from "../graph/define.ts";
import * as activation from "./activation.ts";
import * as arithmetic from "./arithmetic.ts";
import { axisFilterBankPrimitive } from "./axis-filter-bank.ts";
import { batchedMatmulPrimitive } from "./batched-matmul.ts";
import { toIntPrimitive } from "./cast.ts";
import { channelMeanPrimitive, channelVariancePrimitive } from "./channel-moments.ts";
import { clippedReluPrimitive } from "./clipped-activation.ts";
import { concatPrimitive } from "./concat.ts";
import * as convolution from "./convolution.ts";
import { cumulativeSumPrimitive } from "./cumulative-sum.ts";
import * as depthwise from "./depthwise.ts";
import { erfPrimitive } from "./error-function.ts";
import * as exponential from "./exponential.ts";
import { filterBankPrimitive } from "./filter-bank.ts";
import { filterFramesPrimitive } from "./frame-filters.ts";
import * as gatedActivation from "./gated-activation.ts";
import { gatherPrimitive, scatterAddPrimitive } from "./gather.ts";
import { matmulPrimitive } from "./matmul.ts";
import * as pooling from "./pooling.ts";
import { maxPoolWinnerPrimitive } from "./pooling-winner.ts";
import * as power from "./power.ts";
import * as reduce from "./reduce.ts";
import { repeatPrimitive } from "./repeat.ts";
import { reshapePrimitive } from "./reshape.ts";
import { reversePrimitive } from "./reverse.ts";
import * as rounding from "./rounding.ts";
import * as select from "./select.ts";
import { padPrimitive, slicePrimitive } from "./slice-and-pad.ts";
import { framesPrimitive, overlapAddPrimitive } from "./spectrogram-frames.ts";
import { spectrogramPrimitive } from "./spectrogram.ts";
import { stridedSlicePrimitive } from "./strided-slice.ts";
import { broadcastPrimitive, sumPrimitive } from "./sum.ts";
import { tilePrimitive } from "./tile.ts";
import { topIndicesPrimitive } from "./top-k.ts";
import * as trigonometric from "./trigonometric.ts";
import { transposePrimitive } from "./transpose.ts";

function isPrimitive(value: object): value is AnyPrimitive {
  return "operationName" in value;
}

const exported: readonly object[] = [
  ...Object.values(activation),
  ...Object.values(arithmetic),
  axisFilterBankPrimitive,
  batchedMatmulPrimitive,
  toIntPrimitive,
  channelMeanPrimitive,
  channelVariancePrimitive,
  clippedReluPrimitive,
  concatPrimitive,
  ...Object.values(convolution),
  cumulativeSumPrimitive,
  ...Object.values(depthwise),
  erfPrimitive,
  ...Object.values(exponential),
  filterBankPrimitive,
  filterFramesPrimitive,
  ...Object.values(gatedActivation),
  gatherPrimitive,
  scatterAddPrimitive,
  matmulPrimitive,
  ...Object.values(pooling),
  maxPoolWinnerPrimitive,
  ...Object.values(power),
  ...Object.values(reduce),
  repeatPrimitive,
  reshapePrimitive,
  reversePrimitive,
  ...Object.values(rounding),
  ...Object.values(select),
  padPrimitive,
  slicePrimitive,
  framesPrimitive,
  overlapAddPrimitive,
  spectrogramPrimitive,
  stridedSlicePrimitive,
  broadcastPrimitive,
  sumPrimitive,
  tilePrimitive,
  topIndicesPrimitive,
  ...Object.values(trigonometric),
  transposePrimitive,
];

export const PRIMITIVES: readonly AnyPrimitive[] = exported.filter(isPrimitive);

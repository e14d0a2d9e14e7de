/** @file Direct convolution of operands that are rounded to bfloat16: src/kernels/convolution/pairs.ts. */
import type { ConvolutionTask } from "../../graph/tasks.ts";
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { packedWords } from "../../kernels/convolution/pack.ts";
import {
  PACK_FILTER_PAIRS,
  PACK_PAIRS,
  pairedGeometry,
  pairedView,
} from "../../kernels/convolution/pairs.ts";
import { inputWords, type ConvolutionAlgorithm } from "./algorithm.ts";
import { callConvolution, direct, packFilter } from "./direct.ts";

/** Fewer input channels leave little to gain, and bfloat16's rounding costs the same. */
const FEWEST_CHANNELS = 16;

/** Whether a convolution is computed with pairs of channels where that is allowed. */
export function prefersPairs({ inputChannels, groups }: ConvolutionGeometry): boolean {
  const channels = inputChannels / groups;
  return channels % 2 === 0 && channels >= FEWEST_CHANNELS;
}

/** Takes the place of direct convolution where operands may be rounded. */
export const directOfPairs: ConvolutionAlgorithm<ConvolutionTask> = {
  ...direct,
  // Products of pairs are instructions of the widest vectors.
  vectorAxis: () => Infinity,
  lower: (lowering, { geometry, view }) => {
    const { machine } = lowering;
    const floats = packFilter(lowering, view);
    const filterWords = packedWords(pairedView(view), machine);
    const filter = lowering.temporary(filterWords);
    lowering.call({ kind: PACK_FILTER_PAIRS, words: filterWords }, [floats], [filter]);
    const words = inputWords(geometry) / 2;
    const input = lowering.temporary(words);
    lowering.call({ kind: PACK_PAIRS, words }, [lowering.inputs[0]], [input]);
    callConvolution(lowering, pairedGeometry(geometry), [input, filter], true);
  },
};

/** The time of direct convolution of pairs, of that of floats. */
const PAIRS_TIME = 0.5;

/** The same algorithm with its time beside direct convolution of pairs, whose own is given as that of floats. */
export function besidePairs(
  algorithm: ConvolutionAlgorithm<ConvolutionTask>,
): ConvolutionAlgorithm<ConvolutionTask> {
  return {
    ...algorithm,
    time: (geometry, machine) => (algorithm.time?.(geometry, machine) ?? Infinity) / PAIRS_TIME,
  };
}

/**
 * @file Algorithms where operands may be rounded to bfloat16, among them direct convolution of pairs: src/kernels/convolution/pairs.ts.
 * Node.js only, as its native targets alone multiply pairs; `pairs-browser.ts` has none.
 */
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
import { planar } from "./planar.ts";
import { scatterAlongColumns, scatterAlongRows } from "./scatter.ts";
import { prefersWinograd, winograd } from "./winograd.ts";
import { savedProducts } from "./winograd-savings.ts";

/** Fewer input channels leave little to gain, and bfloat16's rounding costs the same. */
const FEWEST_CHANNELS = 16;

/** Whether a convolution is computed with pairs of channels where that is allowed. */
function prefersPairs({ inputChannels, groups }: ConvolutionGeometry): boolean {
  const channels = inputChannels / groups;
  return channels % 2 === 0 && channels >= FEWEST_CHANNELS;
}

/** Takes the place of direct convolution where operands may be rounded. */
const directOfPairs: ConvolutionAlgorithm<ConvolutionTask> = {
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
    callConvolution(lowering, pairedGeometry(geometry), [input, filter], { pairs: true });
  },
};

/** The time of direct convolution of pairs, of that of floats. */
const PAIRS_TIME = 0.5;

/** The same algorithm with its time beside direct convolution of pairs, whose own is given as that of floats. */
function besidePairs(
  algorithm: ConvolutionAlgorithm<ConvolutionTask>,
): ConvolutionAlgorithm<ConvolutionTask> {
  return {
    ...algorithm,
    time: (geometry, machine) => (algorithm.time?.(geometry, machine) ?? Infinity) / PAIRS_TIME,
  };
}

/** Products saved from which Winograd's algorithm is faster than the direct one on pairs, which does two at once. */
const SAVED_BY_PAIRS = 2.5;

/** Stays before pairs where it is both faster and more exact in float32. */
const winogradBesidePairs: ConvolutionAlgorithm<ConvolutionTask> = {
  ...winograd,
  isFastest: (geometry) => prefersWinograd(geometry) && savedProducts(geometry) >= SAVED_BY_PAIRS,
};

const ALGORITHMS: readonly ConvolutionAlgorithm<ConvolutionTask>[] = [
  winogradBesidePairs,
  besidePairs(scatterAlongRows),
  besidePairs(scatterAlongColumns),
  planar,
  directOfPairs,
];

/** The algorithms for a convolution whose operands may be rounded; undefined where it is not worth it. */
export function algorithmsOfPairs(
  geometry: ConvolutionGeometry,
): readonly ConvolutionAlgorithm<ConvolutionTask>[] | undefined {
  return prefersPairs(geometry) ? ALGORITHMS : undefined;
}

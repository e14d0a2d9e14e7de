/** @file The algorithms for convolutions, which compute input gradients too (docs/decisions/0008-winograd.md has measurements). */
import { DIRECT } from "../../graph/algorithms.ts";
import type { Lowering } from "../../graph/lowering.ts";
import type { Buffer } from "../../graph/buffer.ts";
import { machineLowering } from "../../graph/task-library.ts";
import { exchanged, isOneColumn, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { exchangedView, packedWords, packFilterRequests } from "../../kernels/convolution/pack.ts";
import {
  PACK_PAIRS,
  PACK_FILTER_PAIRS,
  pairedGeometry,
  pairedView,
  prefersPairs,
} from "../../kernels/convolution/pairs.ts";
import {
  isWinogradPossible,
  prefersWinograd,
  prefersWinogradToPairs,
  transformedFilterWords,
} from "../../kernels/convolution/winograd/geometry.ts";
import {
  gatherTime,
  planarSupports,
  prefersPlanarConvolution,
} from "../../kernels/convolution/planar/choose.ts";
import type { Epilogue } from "../../kernels/epilogue.ts";
import {
  always,
  chooseAmong,
  inputWords,
  outputWords,
  type ConvolutionAlgorithm,
  type GeometryTest,
} from "./choose.ts";
import { lowerPlanarConvolution } from "./planar.ts";
import { CONVOLUTION } from "../../kernels/convolution/forward.ts";
import { WINOGRAD_FILTERS } from "../../kernels/convolution/winograd/filters.ts";
import { WINOGRAD } from "../../kernels/convolution/winograd/forward.ts";
import { scatterSupports, scatterTime } from "../../kernels/convolution/scatter/frame.ts";
import { SCATTER } from "../../kernels/convolution/scatter/forward.ts";
import { packScatterWeights, scatterWords } from "../../kernels/convolution/scatter/weights.ts";
import { ELEMENTWISE } from "../../kernels/elementwise.ts";
import type { FilterView, RunAxis } from "../../kernels/requests.ts";

/** An algorithm for convolutions with a filter as `view` has it. */
type WithFilter = Omit<ConvolutionAlgorithm, "lower"> & {
  lower(lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView): void;
};

/** The filter's floats in blocks. */
function packFilter(lowering: Lowering, view: FilterView): Buffer {
  const { machine } = lowering;
  const packed = lowering.temporary(packedWords(view, machine));
  for (const pack of packFilterRequests(view, machine)) {
    const reads = pack.operands.length > 0 ? [lowering.inputs[1]] : [];
    lowering.call({ kind: ELEMENTWISE, ...pack }, reads, [packed]);
  }
  return packed;
}

function callConvolution(
  lowering: Lowering,
  geometry: ConvolutionGeometry,
  operands: readonly [input: Buffer, packed: Buffer],
  pairs: boolean,
): void {
  const epilogue = fourAxes(lowering.epilogue);
  const reads = [...operands, ...lowering.epilogueBuffers];
  lowering.call({ kind: CONVOLUTION, geometry, epilogue, pairs }, reads, [lowering.output], true);
}

const direct: WithFilter = {
  name: DIRECT,
  isPossible: always,
  isPreferred: always,
  /** Packs the filter into blocks, then runs the convolution kernel over them. */
  lower: (lowering, geometry, view) => {
    const packed = packFilter(lowering, view);
    callConvolution(lowering, geometry, [lowering.inputs[0], packed], false);
  },
};

const winograd: WithFilter = {
  name: "winograd",
  isPossible: isWinogradPossible,
  isPreferred: prefersWinograd,
  lower: (lowering, geometry, view) => {
    const { machine } = lowering;
    const [input, filter] = lowering.inputs;
    const transformed = lowering.temporary(transformedFilterWords(view, machine));
    lowering.call({ kind: WINOGRAD_FILTERS, view }, [filter], [transformed]);
    const epilogue = fourAxes(lowering.epilogue);
    const reads = [input, transformed, ...lowering.epilogueBuffers];
    lowering.call({ kind: WINOGRAD, geometry, epilogue }, reads, [lowering.output], true);
  },
};

/** Direct convolution of operands that are rounded to bfloat16. */
function lowerPairs(lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView): void {
  const { machine } = lowering;
  const floats = packFilter(lowering, view);
  const filterWords = packedWords(pairedView(view), machine);
  const filter = lowering.temporary(filterWords);
  lowering.call({ kind: PACK_FILTER_PAIRS, words: filterWords }, [floats], [filter]);
  const words = inputWords(geometry) / 2;
  const input = lowering.temporary(words);
  lowering.call({ kind: PACK_PAIRS, words }, [lowering.inputs[0]], [input]);
  callConvolution(lowering, pairedGeometry(geometry), [input, filter], true);
}

/** Takes the place of direct convolution where operands may be rounded. */
const directOfPairs: WithFilter = { ...direct, lower: lowerPairs };

/** Stays before it where it is both faster and more exact in float32. */
const winogradBesidePairs: WithFilter = { ...winograd, isPreferred: prefersWinogradToPairs };

const planar: WithFilter = {
  name: "planar",
  isPossible: planarSupports,
  isPreferred: prefersPlanarConvolution,
  lower: (lowering, geometry, view) => {
    lowerPlanarConvolution(lowering, { geometry, epilogue: fourAxes(lowering.epilogue) }, view);
  },
};

/**
 * Whether scattering along one axis of the filter is faster than gathering, and than scattering along the other.
 * @param share the part of the time of gathering that it may take
 */
const prefersScatter =
  (run: RunAxis, share: number): GeometryTest =>
  (geometry, machine) => {
    const timeAlong = (axis: RunAxis) =>
      scatterSupports(geometry, machine, axis) ? scatterTime(geometry, machine, axis) : Infinity;
    const time = timeAlong(run);
    return (
      time <= timeAlong(run === "rows" ? "columns" : "rows") && time < share * gatherTime(geometry, machine)
    );
  };

/** Times are estimates: one that is so much shorter is believed. */
const CLEARLY = 0.85;
/** The time of gathering pairs, of that of gathering floats. */
const PAIRS_TIME = 0.5;

/*@__NO_SIDE_EFFECTS__*/
function scatter(name: string, run: RunAxis, share: number): WithFilter {
  return {
    name,
    isPossible: (geometry, machine) => scatterSupports(geometry, machine, run),
    isPreferred: prefersScatter(run, share),
    lower: (lowering, geometry, view) => {
      const { machine } = lowering;
      const [input, filter] = lowering.inputs;
      const packed = lowering.temporary(scatterWords(view, machine, run));
      for (const pack of packScatterWeights(view, machine, run)) {
        const reads = pack.operands.length > 0 ? [filter] : [];
        lowering.call({ kind: ELEMENTWISE, ...pack }, reads, [packed]);
      }
      const epilogue = fourAxes(lowering.epilogue);
      const reads = [input, packed, ...lowering.epilogueBuffers];
      lowering.call({ kind: SCATTER, geometry, epilogue, run }, reads, [lowering.output], true);
    },
  };
}

/** The fixed rule takes the first that is preferred. */
const ALGORITHMS: readonly WithFilter[] = [
  winograd,
  scatter("scatter", "columns", CLEARLY),
  scatter("scatter rows", "rows", CLEARLY),
  planar,
  direct,
];
const ALGORITHMS_OF_PAIRS: readonly WithFilter[] = [
  winogradBesidePairs,
  scatter("scatter", "columns", CLEARLY * PAIRS_TIME),
  scatter("scatter rows", "rows", CLEARLY * PAIRS_TIME),
  planar,
  directOfPairs,
];

/** An epilogue's operand strides over [batch, row, column, channel], whatever the rank of the result. */
function fourAxes(epilogue: Epilogue | undefined): Epilogue | undefined {
  return (
    epilogue && {
      ...epilogue,
      operands: epilogue.operands.map((operand) => {
        // A matrix product's rows are the pixels of one image of height 1.
        const [batch, ...rest] = operand.strides.length === 2 ? [0, ...operand.strides] : operand.strides;
        return { ...operand, strides: rest.length === 3 ? operand.strides : [batch, 0, ...rest] };
      }),
    }
  );
}

/** An epilogue over [batch, row, column, channel] where rows are columns. */
function exchangedEpilogue(epilogue: Epilogue | undefined): Epilogue | undefined {
  return (
    epilogue && {
      ...epilogue,
      operands: epilogue.operands.map((operand) => {
        const [batch, row, column, channel] = operand.strides;
        return { ...operand, strides: [batch, column, row, channel] };
      }),
    }
  );
}

export const CONVOLUTION_TASK = machineLowering("convolution", {
  fusion: () => ({ fusesEpilogue: true }),
  lower: ({ geometry, view }, lowering) => lowerConvolution(lowering, geometry, view),
});

/** @param view the filter as the convolution sees it */
function lowerConvolution(lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView): void {
  if (isOneColumn(geometry)) {
    const epilogue = exchangedEpilogue(lowering.epilogue);
    lowerConvolution({ ...lowering, epilogue }, exchanged(geometry), exchangedView(view));
    return;
  }
  const { groups, rows, columns, inputs, outputs } = view;
  const filterWords = groups * rows * columns * inputs * outputs;
  const rounds = lowering.precision === "bfloat16" && prefersPairs(geometry);
  const known = rounds ? ALGORITHMS_OF_PAIRS : ALGORITHMS;
  chooseAmong(lowering, rounds ? "convolution of pairs" : "convolution", geometry, {
    algorithms: known.map((one) => ({
      ...one,
      lower: (into: Lowering, sizes: ConvolutionGeometry) => one.lower(into, sizes, view),
    })),
    words: (sizes) => ({ inputs: [inputWords(sizes), filterWords], output: outputWords(sizes) }),
  });
}

/**
 * @file The algorithms for convolutions and their gradients, and the rule by which one is chosen where several can do it
 * (docs/decisions/0008-winograd.md has the measurements behind it).
 */
import { DIRECT } from "../graph/algorithms.ts";
import type { Algorithm, Lowering } from "../graph/lowering.ts";
import type { Buffer } from "../graph/buffer.ts";
import { planFilterGradient } from "../kernels/convolution/filter-gradient-plan.ts";
import { filterGradientKernel, filterGradientKey } from "../kernels/convolution/filter-gradient.ts";
import { convolutionKernel, convolutionKey } from "../kernels/convolution/forward.ts";
import { geometryKey, multiplyAddsOf, type ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import { packedWords, packKernels, type FilterView } from "../kernels/convolution/pack.ts";
import {
  packFilterPairsKernel,
  packFilterPairsKey,
  packPairsKernel,
  packPairsKey,
  pairedGeometry,
  pairedView,
  prefersPairs,
} from "../kernels/convolution/pairs.ts";
import {
  packScatterWeights,
  scatterKernel,
  scatterKey,
  scatterSupports,
  scatterTime,
  scatterWords,
} from "../kernels/convolution/scatter.ts";
import {
  planWinogradFilterGradient,
  winogradFilterGradientKernel,
  winogradFilterGradientKey,
} from "../kernels/convolution/winograd/filter-gradient.ts";
import { filterTransformKernel, filterTransformKey } from "../kernels/convolution/winograd/filters.ts";
import { winogradKernel, winogradKey } from "../kernels/convolution/winograd/forward.ts";
import {
  isWinogradPossible,
  prefersWinograd,
  transformedFilterWords,
} from "../kernels/convolution/winograd/geometry.ts";
import { elementwiseKernel, elementwiseKey } from "../kernels/elementwise.ts";
import {
  gatherTime,
  planarSupports,
  prefersPlanarConvolution,
  prefersPlanarFilterGradient,
} from "../kernels/convolution/planar/choose.ts";
import type { Epilogue } from "../kernels/epilogue.ts";
import type { MachineTraits } from "../machine/ir.ts";
import { lowerPartialSums } from "./partial-sums.ts";
import { lowerPlanarConvolution, lowerPlanarFilterGradient } from "./planar-convolution.ts";

type Operation = "convolution" | "filter gradient";

type GeometryTest = (geometry: ConvolutionGeometry, machine: MachineTraits) => boolean;

const always: GeometryTest = () => true;

/** One algorithm for convolutions of some geometries. */
interface ConvolutionAlgorithm {
  readonly name: string;
  readonly isPossible: GeometryTest;
  /** Whether the fixed rule takes it, of those that are possible, for a convolution or for the gradient of its filters. */
  readonly isPreferred: Record<Operation, GeometryTest>;
  readonly lowerConvolution: (lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView) => void;
  /** undefined: it computes convolutions only. */
  readonly lowerFilterGradient?: (lowering: Lowering, geometry: ConvolutionGeometry) => void;
}

/** The filter's floats in blocks. */
function packFilter(lowering: Lowering, view: FilterView): Buffer {
  const { machine } = lowering;
  const packed = lowering.temporary(packedWords(view, machine));
  for (const { key, build, readsFilter } of packKernels(view, machine)) {
    lowering.call(key, build, readsFilter ? [lowering.inputs[1]] : [], [packed]);
  }
  return packed;
}

function callConvolution(
  lowering: Lowering,
  geometry: ConvolutionGeometry,
  operands: readonly [input: Buffer, packed: Buffer],
  pairs: boolean,
): void {
  const request = { geometry, epilogue: fourAxes(lowering.epilogue), pairs };
  const reads = [...operands, ...lowering.epilogueBuffers];
  const build = () => convolutionKernel(request, lowering.machine);
  lowering.call(convolutionKey(request), build, reads, [lowering.output], true);
}

const direct: ConvolutionAlgorithm = {
  name: DIRECT,
  isPossible: always,
  isPreferred: { convolution: always, "filter gradient": always },
  /** Packs the filter into blocks, then runs the convolution kernel over them. */
  lowerConvolution: (lowering, geometry, view) => {
    const packed = packFilter(lowering, view);
    callConvolution(lowering, geometry, [lowering.inputs[0], packed], false);
  },
  lowerFilterGradient: (lowering, geometry) => {
    const { shares } = planFilterGradient(geometry);
    lowerPartialSums(lowering, shares, filterGradientKey(geometry), (machine) =>
      filterGradientKernel(geometry, machine),
    );
  },
};

const winograd: ConvolutionAlgorithm = {
  name: "winograd",
  isPossible: isWinogradPossible,
  isPreferred: { convolution: prefersWinograd, "filter gradient": prefersWinograd },
  lowerConvolution: (lowering, geometry, view) => {
    const { machine } = lowering;
    const [input, filter] = lowering.inputs;
    const transformed = lowering.temporary(transformedFilterWords(view, machine));
    const transform = () => filterTransformKernel(view, machine);
    lowering.call(filterTransformKey(view), transform, [filter], [transformed]);
    const request = { geometry, epilogue: fourAxes(lowering.epilogue) };
    const reads = [input, transformed, ...lowering.epilogueBuffers];
    const build = () => winogradKernel(request, machine);
    lowering.call(winogradKey(request), build, reads, [lowering.output], true);
  },
  lowerFilterGradient: (lowering, geometry) => {
    const { shares } = planWinogradFilterGradient(geometry, lowering.machine);
    lowerPartialSums(lowering, shares, winogradFilterGradientKey(geometry), (machine) =>
      winogradFilterGradientKernel(geometry, machine),
    );
  },
};

/** Direct convolution of operands that are rounded to bfloat16. */
function lowerPairs(lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView): void {
  const { machine } = lowering;
  const floats = packFilter(lowering, view);
  const filterWords = packedWords(pairedView(view), machine);
  const filter = lowering.temporary(filterWords);
  lowering.call(
    packFilterPairsKey(filterWords),
    () => packFilterPairsKernel(filterWords, machine),
    [floats],
    [filter],
  );
  const words = inputWords(geometry) / 2;
  const input = lowering.temporary(words);
  lowering.call(packPairsKey(words), () => packPairsKernel(words, machine), [lowering.inputs[0]], [input]);
  callConvolution(lowering, pairedGeometry(geometry), [input, filter], true);
}

/**
 * Takes the place of direct convolution where operands may be rounded. Winograd's stays before it: in float32 it is both faster
 * and more exact.
 */
const directOfPairs: ConvolutionAlgorithm = { ...direct, lowerConvolution: lowerPairs };

const planar: ConvolutionAlgorithm = {
  name: "planar",
  isPossible: planarSupports,
  isPreferred: { convolution: prefersPlanarConvolution, "filter gradient": prefersPlanarFilterGradient },
  lowerConvolution: (lowering, geometry, view) => {
    lowerPlanarConvolution(lowering, { geometry, epilogue: fourAxes(lowering.epilogue) }, view);
  },
  lowerFilterGradient: lowerPlanarFilterGradient,
};

const prefersScatter: GeometryTest = (geometry, machine) =>
  scatterSupports(geometry, machine) &&
  scatterTime(geometry, machine) < CLEARLY * gatherTime(geometry, machine);

/** Times are estimates: one that is so much shorter is believed. */
const CLEARLY = 0.85;

const scatter: ConvolutionAlgorithm = {
  name: "scatter",
  isPossible: scatterSupports,
  isPreferred: { convolution: prefersScatter, "filter gradient": () => false },
  lowerConvolution: (lowering, geometry, view) => {
    const { machine } = lowering;
    const [input, filter] = lowering.inputs;
    const packed = lowering.temporary(scatterWords(view, machine));
    for (const pack of packScatterWeights(view, machine)) {
      const reads = pack.operands.length > 0 ? [filter] : [];
      lowering.call(elementwiseKey(pack), (target) => elementwiseKernel(pack, target), reads, [packed]);
    }
    const request = { geometry, epilogue: fourAxes(lowering.epilogue) };
    const reads = [input, packed, ...lowering.epilogueBuffers];
    lowering.call(scatterKey(request), () => scatterKernel(request, machine), reads, [lowering.output], true);
  },
};

/** The fixed rule takes the first that is preferred. */
const ALGORITHMS: readonly ConvolutionAlgorithm[] = [winograd, scatter, planar, direct];

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

/** @param view the filter as the convolution sees it */
export function lowerConvolution(lowering: Lowering, geometry: ConvolutionGeometry, view: FilterView): void {
  const { groups, rows, columns, inputs, outputs } = view;
  const filterWords = groups * rows * columns * inputs * outputs;
  chooseAmong(lowering, "convolution", geometry, {
    lower: (algorithm, sizes) => (into) => algorithm.lowerConvolution(into, sizes, view),
    words: (sizes) => ({ inputs: [inputWords(sizes), filterWords], output: outputWords(sizes) }),
  });
}

export function lowerFilterGradient(lowering: Lowering, geometry: ConvolutionGeometry): void {
  const { filterHeight, filterWidth, inputChannels, outputChannels, groups } = geometry;
  const output = (filterHeight * filterWidth * inputChannels * outputChannels) / groups;
  chooseAmong(lowering, "filter gradient", geometry, {
    lower: (algorithm, sizes) => (into) => algorithm.lowerFilterGradient?.(into, sizes),
    words: (sizes) => ({ inputs: [inputWords(sizes), outputWords(sizes)], output }),
  });
}

function inputWords({ batch, inputHeight, inputWidth, inputChannels }: ConvolutionGeometry): number {
  return batch * inputHeight * inputWidth * inputChannels;
}

function outputWords({ batch, outputHeight, outputWidth, outputChannels }: ConvolutionGeometry): number {
  return batch * outputHeight * outputWidth * outputChannels;
}

/** Multiply-adds that a measurement should do at least, if there are enough images: one or two milliseconds of work. */
const SAMPLE_MULTIPLY_ADDS = 5e7;

function sampleGeometry(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const perImage = multiplyAddsOf({ ...geometry, batch: 1 });
  return { ...geometry, batch: Math.min(geometry.batch, Math.ceil(SAMPLE_MULTIPLY_ADDS / perImage)) };
}

function chooseAmong(
  lowering: Lowering,
  what: Operation,
  geometry: ConvolutionGeometry,
  operation: {
    lower: (algorithm: ConvolutionAlgorithm, geometry: ConvolutionGeometry) => Algorithm["lower"];
    words: (geometry: ConvolutionGeometry) => { inputs: readonly number[]; output: number };
  },
): void {
  const { machine } = lowering;
  const rounds = lowering.precision === "bfloat16" && what === "convolution" && prefersPairs(geometry);
  const known = rounds ? ALGORITHMS.map((one) => (one === direct ? directOfPairs : one)) : ALGORITHMS;
  const possible = known.filter(
    ({ isPossible, lowerFilterGradient }) =>
      (what === "convolution" || lowerFilterGradient !== undefined) && isPossible(geometry, machine),
  );
  const preferred = possible.find((algorithm) => algorithm.isPreferred[what](geometry, machine));
  possible.sort((a, b) => Number(b === preferred) - Number(a === preferred));
  const algorithmsFor = (sizes: ConvolutionGeometry): Algorithm[] =>
    possible.map((algorithm) => ({ name: algorithm.name, lower: operation.lower(algorithm, sizes) }));
  const chosen = lowering.choose({
    key: `${what} ${rounds ? "of pairs " : ""}${geometryKey(geometry)}`,
    algorithms: algorithmsFor(geometry),
    sample: () => {
      const sizes = sampleGeometry(geometry);
      return { algorithms: algorithmsFor(sizes), ...operation.words(sizes) };
    },
  });
  chosen.lower(lowering);
}

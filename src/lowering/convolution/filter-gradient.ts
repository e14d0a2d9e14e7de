/** @file The algorithms for filter gradients of convolutions (docs/decisions/0008-winograd.md has measurements). */
import { DIRECT } from "../../graph/algorithms.ts";
import type { Lowering } from "../../graph/lowering.ts";
import { machineLowering } from "../../graph/task-library.ts";
import { planFilterGradient } from "../../kernels/convolution/filter-gradient-plan.ts";
import { exchanged, isOneColumn, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { planarSupports, prefersPlanarFilterGradient } from "../../kernels/convolution/planar/choose.ts";
import {
  PLANAR_FILTER_GRADIENT,
  planarFilterGradientShares,
} from "../../kernels/convolution/planar/filter-gradient.ts";
import {
  SMALL_IMAGES_FILTER_GRADIENT,
  prefersSmallImages,
  smallImagesSupport,
} from "../../kernels/convolution/small-images.ts";
import {
  WINOGRAD_FILTER_GRADIENT,
  planWinogradFilterGradient,
} from "../../kernels/convolution/winograd/filter-gradient.ts";
import {
  isWinogradPossible,
  prefersWinogradFilterGradient,
} from "../../kernels/convolution/winograd/geometry.ts";
import { always, chooseAmong, inputWords, outputWords, type ConvolutionAlgorithm } from "./choose.ts";
import { lowerPartialSums } from "../partial-sums.ts";
import { FILTER_GRADIENT } from "../../kernels/convolution/filter-gradient.ts";

const direct: ConvolutionAlgorithm = {
  name: DIRECT,
  isPossible: always,
  isPreferred: always,
  lower: (lowering, geometry) => {
    const { shares } = planFilterGradient(geometry);
    lowerPartialSums(lowering, shares, { kind: FILTER_GRADIENT, geometry });
  },
};

const winograd: ConvolutionAlgorithm = {
  name: "winograd",
  isPossible: isWinogradPossible,
  isPreferred: prefersWinogradFilterGradient,
  lower: (lowering, geometry) => {
    const { shares } = planWinogradFilterGradient(geometry, lowering.machine);
    lowerPartialSums(lowering, shares, { kind: WINOGRAD_FILTER_GRADIENT, geometry });
  },
};

const planar: ConvolutionAlgorithm = {
  name: "planar",
  isPossible: planarSupports,
  isPreferred: prefersPlanarFilterGradient,
  lower: (lowering, geometry) => {
    const shares = planarFilterGradientShares(geometry, lowering.machine);
    lowerPartialSums(lowering, shares, { kind: PLANAR_FILTER_GRADIENT, geometry });
  },
};

const smallImages: ConvolutionAlgorithm = {
  name: "small images",
  isPossible: smallImagesSupport,
  isPreferred: prefersSmallImages,
  lower: ({ call, inputs, output }, geometry) =>
    call({ kind: SMALL_IMAGES_FILTER_GRADIENT, geometry }, inputs, [output], true),
};

/** The fixed rule takes the first that is preferred. */
const ALGORITHMS: readonly ConvolutionAlgorithm[] = [winograd, planar, smallImages, direct];

export const FILTER_GRADIENT_TASK = machineLowering("filterGradient", {
  lower: ({ geometry }, lowering) => lowerFilterGradient(lowering, geometry),
});

function lowerFilterGradient(lowering: Lowering, geometry: ConvolutionGeometry): void {
  if (isOneColumn(geometry)) {
    lowerFilterGradient(lowering, exchanged(geometry));
    return;
  }
  const { filterHeight, filterWidth, inputChannels, outputChannels, groups } = geometry;
  const output = (filterHeight * filterWidth * inputChannels * outputChannels) / groups;
  chooseAmong(lowering, "filter gradient", geometry, {
    algorithms: ALGORITHMS,
    words: (sizes) => ({ inputs: [inputWords(sizes), outputWords(sizes)], output }),
  });
}

/** @file The kernels of the vector machine, for all targets that it emits code for. */
import { axisFilterBankKernel } from "./axis-filter-bank.ts";
import { batchedProductKernel } from "./batched-product.ts";
import { filterGradientKernel } from "./convolution/filter-gradient.ts";
import { convolutionKernel } from "./convolution/forward.ts";
import { packFilterPairsKernel, packPairsKernel } from "./convolution/pairs.ts";
import { planarFilterGradientKernel } from "./convolution/planar/filter-gradient.ts";
import { planarConvolutionKernel } from "./convolution/planar/forward.ts";
import { scatterKernel } from "./convolution/scatter.ts";
import { smallImagesKernel } from "./convolution/small-images.ts";
import { winogradFilterGradientKernel } from "./convolution/winograd/filter-gradient.ts";
import { filterTransformKernel } from "./convolution/winograd/filters.ts";
import { winogradKernel } from "./convolution/winograd/forward.ts";
import { cumulativeSumKernel } from "./cumulative-sum.ts";
import { depthwiseFilterGradientKernel } from "./depthwise/filter-gradient.ts";
import { depthwiseKernel } from "./depthwise/forward.ts";
import { elementwiseKernel } from "./elementwise.ts";
import { filterBankKernel } from "./fourier/filter-bank.ts";
import { frameFiltersKernel } from "./fourier/frame-filters.ts";
import { overlapAddKernel } from "./fourier/overlap-add.ts";
import { spectrogramKernel } from "./fourier/spectrogram.ts";
import { gatherKernel, scatterAddKernel } from "./gather.ts";
import { joinMomentsKernel, partialMomentsKernel } from "./moments.ts";
import { poolingKernel } from "./pooling/forward.ts";
import { poolingGradientKernel } from "./pooling/gradient.ts";
import { poolingSelectionKernel } from "./pooling/selection.ts";
import { reduceKernel } from "./reduce.ts";
import type { KernelLibrary } from "./requests.ts";
import { topIndicesKernel } from "./top-indices.ts";

export const MACHINE_KERNELS: KernelLibrary = {
  elementwise: elementwiseKernel,
  reduce: reduceKernel,
  partialMoments: partialMomentsKernel,
  joinMoments: joinMomentsKernel,
  cumulativeSum: cumulativeSumKernel,
  topIndices: topIndicesKernel,
  gather: gatherKernel,
  scatterAdd: scatterAddKernel,
  batchedProduct: batchedProductKernel,
  convolution: convolutionKernel,
  winograd: winogradKernel,
  winogradFilters: ({ view }, machine) => filterTransformKernel(view, machine),
  scatter: scatterKernel,
  planarConvolution: planarConvolutionKernel,
  packPairs: ({ words }, machine) => packPairsKernel(words, machine),
  packFilterPairs: ({ words }, machine) => packFilterPairsKernel(words, machine),
  filterGradient: ({ geometry }, machine) => filterGradientKernel(geometry, machine),
  winogradFilterGradient: ({ geometry }, machine) => winogradFilterGradientKernel(geometry, machine),
  planarFilterGradient: ({ geometry }, machine) => planarFilterGradientKernel(geometry, machine),
  smallImagesFilterGradient: ({ geometry }, machine) => smallImagesKernel(geometry, machine),
  depthwise: depthwiseKernel,
  depthwiseFilterGradient: ({ geometry }, machine) => depthwiseFilterGradientKernel(geometry, machine),
  pooling: poolingKernel,
  poolingGradient: poolingGradientKernel,
  poolingSelection: ({ geometry }, machine) => poolingSelectionKernel(geometry, machine),
  spectrogram: spectrogramKernel,
  frameFilters: frameFiltersKernel,
  overlapAdd: overlapAddKernel,
  filterBank: filterBankKernel,
  axisFilterBank: axisFilterBankKernel,
};

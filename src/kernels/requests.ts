/** @file All kernels that operations ask for, as data: a target's library says how each is computed. */
import type { AxisFilterBankRequest } from "./axis-filter-bank.ts";
import type { BatchedProductRequest } from "./batched-product.ts";
import type { ConvolutionRequest } from "./convolution/forward.ts";
import type { ConvolutionGeometry } from "./convolution/geometry.ts";
import type { FilterView } from "./convolution/pack.ts";
import type { CumulativeSumRequest } from "./cumulative-sum.ts";
import type { DepthwiseRequest } from "./depthwise/forward.ts";
import type { DepthwiseGeometry } from "./depthwise/geometry.ts";
import type { ElementwiseRequest } from "./elementwise.ts";
import type { FilterBankRequest } from "./fourier/filter-bank.ts";
import type { FrameFiltersRequest } from "./fourier/frame-filters.ts";
import type { OverlapAddRequest } from "./fourier/overlap-add.ts";
import type { SpectrogramRequest } from "./fourier/spectrogram.ts";
import type { GatherRequest, PickRequest } from "./gather.ts";
import type { Kernel } from "./kernel.ts";
import type { MomentsRequest } from "./moments.ts";
import type { PoolingRequest } from "./pooling/forward.ts";
import type { PoolingGeometry } from "./pooling/geometry.ts";
import type { PoolingGradientRequest } from "./pooling/gradient.ts";
import type { ReduceRequest } from "./reduce.ts";
import type { TopIndicesRequest } from "./top-indices.ts";
import type { MachineTraits } from "../machine/ir.ts";

/** The data of each kind of kernel. The pointers that it takes are documented where its kernel is. */
export interface KernelRequests {
  readonly elementwise: ElementwiseRequest;
  readonly reduce: ReduceRequest;
  readonly partialMoments: MomentsRequest;
  readonly joinMoments: MomentsRequest;
  readonly cumulativeSum: CumulativeSumRequest;
  readonly topIndices: TopIndicesRequest;
  readonly gather: GatherRequest;
  readonly scatterAdd: PickRequest;
  readonly batchedProduct: BatchedProductRequest;
  readonly convolution: ConvolutionRequest;
  readonly winograd: ConvolutionRequest;
  readonly winogradFilters: { readonly view: FilterView };
  readonly scatter: ConvolutionRequest;
  readonly planarConvolution: ConvolutionRequest;
  readonly packPairs: { readonly words: number };
  readonly packFilterPairs: { readonly words: number };
  readonly filterGradient: { readonly geometry: ConvolutionGeometry };
  readonly winogradFilterGradient: { readonly geometry: ConvolutionGeometry };
  readonly planarFilterGradient: { readonly geometry: ConvolutionGeometry };
  readonly smallImagesFilterGradient: { readonly geometry: ConvolutionGeometry };
  readonly depthwise: DepthwiseRequest;
  readonly depthwiseFilterGradient: { readonly geometry: DepthwiseGeometry };
  readonly pooling: PoolingRequest;
  readonly poolingGradient: PoolingGradientRequest;
  readonly poolingSelection: { readonly geometry: PoolingGeometry };
  readonly spectrogram: SpectrogramRequest;
  readonly frameFilters: FrameFiltersRequest;
  readonly overlapAdd: OverlapAddRequest;
  readonly filterBank: FilterBankRequest;
  readonly axisFilterBank: AxisFilterBankRequest;
}

export type KernelKind = keyof KernelRequests;

/** A request of one of some kinds: its kind, and that kind's data. */
export type KernelRequest<K extends KernelKind = KernelKind> = {
  [Kind in K]: { readonly kind: Kind } & KernelRequests[Kind];
}[K];

/** The way in which a family of targets computes each kind of kernel: {@link machineKernel} has the vector machine's. */
export type KernelLibrary = {
  readonly [Kind in KernelKind]: (request: KernelRequest<Kind>, machine: MachineTraits) => Kernel;
};

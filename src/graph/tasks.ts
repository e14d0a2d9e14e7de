/** @file The tasks of operations with kernels of their own, as data: a target's library says how each is done (task-library.ts). */
import type { ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import type { DepthwiseGeometry } from "../kernels/depthwise/geometry.ts";
import type { BandFilter } from "../kernels/fourier/band-sums.ts";
import type { ComplexFilter } from "../kernels/fourier/frame-filters.ts";
import type { FrameGeometry } from "../kernels/fourier/geometry.ts";
import type { TransformResult } from "../kernels/fourier/real-transform.ts";
import type { PoolingGeometry } from "../kernels/pooling/geometry.ts";
import type {
  BatchedProductRequest,
  CumulativeSumRequest,
  FilterView,
  GatherRequest,
  MomentsRequest,
  OverlapAddRequest,
  PickRequest,
  PoolingResult,
  TopIndicesRequest,
} from "../kernels/requests.ts";

/** Inputs: an input and a filter. */
export interface ConvolutionTask {
  readonly geometry: ConvolutionGeometry;
  /** The filter as the convolution sees it. */
  readonly view: FilterView;
}

/** Inputs: a convolution's input, and the gradient of its output. */
export interface FilterGradientTask {
  readonly geometry: ConvolutionGeometry;
}

/** Inputs: an input and a filter. */
export interface DepthwiseTask {
  readonly geometry: DepthwiseGeometry;
  /** The input gradient: from the output's gradient to the input's. */
  readonly transposed: boolean;
}

export interface BatchedProductTask extends BatchedProductRequest {
  /** Whether the second matrices are stored as columns × inner. */
  readonly transposeB: boolean;
  /** The number of second matrices. */
  readonly matrices: number;
}

export interface MomentsTask extends MomentsRequest {
  readonly result: "mean" | "variance";
}

/** Inputs: the pooling's. */
export interface PoolingTask {
  readonly geometry: PoolingGeometry;
  readonly result: PoolingResult;
}

/** Inputs: for "max" the pooling's input and its output, then the output's gradient. */
export interface PoolingGradientTask {
  readonly geometry: PoolingGeometry;
  readonly result: "max" | "mean";
}

/** A bank of filters over bins. */
export interface Bank {
  readonly bins: number;
  readonly bands: number;
  /** May be made when it is first read. */
  readonly filters: readonly BandFilter[];
}

export interface SpectrogramTask {
  readonly geometry: FrameGeometry;
  readonly result: TransformResult;
  /** As many weights as a frame has samples. */
  readonly window: Float64Array;
  readonly bank: Bank | undefined;
}

export interface FrameFiltersTask {
  readonly geometry: FrameGeometry;
  readonly filters: readonly ComplexFilter[];
}

export interface FilterBankTask {
  readonly rows: number;
  readonly bank: Bank;
}

/** A bank over the middle one of three axes. */
export interface AxisFilterBankTask {
  readonly outer: number;
  readonly inner: number;
  readonly bank: Bank;
}

/** The data of each kind of task. Inputs are those of the operation. */
export interface Tasks {
  readonly convolution: ConvolutionTask;
  readonly filterGradient: FilterGradientTask;
  readonly depthwise: DepthwiseTask;
  readonly depthwiseFilterGradient: { readonly geometry: DepthwiseGeometry };
  readonly batchedProduct: BatchedProductTask;
  readonly moments: MomentsTask;
  readonly pooling: PoolingTask;
  readonly poolingGradient: PoolingGradientTask;
  readonly poolingSelection: { readonly geometry: PoolingGeometry };
  readonly cumulativeSum: CumulativeSumRequest;
  readonly topIndices: TopIndicesRequest;
  readonly gather: GatherRequest;
  readonly scatterAdd: PickRequest;
  readonly spectrogram: SpectrogramTask;
  readonly frameFilters: FrameFiltersTask;
  readonly overlapAdd: OverlapAddRequest;
  readonly filterBank: FilterBankTask;
  readonly axisFilterBank: AxisFilterBankTask;
}

export type TaskKind = keyof Tasks;

/** A task of one of some kinds: its kind, and that kind's data. */
export type Task<K extends TaskKind = TaskKind> = {
  [Kind in K]: { readonly kind: Kind } & Tasks[Kind];
}[K];

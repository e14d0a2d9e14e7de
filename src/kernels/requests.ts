/** @file All kernels that operations ask for, as data: a target's library says how each is computed. */
import type { MachineTraits } from "../machine/ir.ts";
import type { ConvolutionGeometry } from "./convolution/geometry.ts";
import type { DepthwiseGeometry } from "./depthwise/geometry.ts";
import type { Epilogue } from "./epilogue.ts";
import type { Expression } from "./expression.ts";
import type { FrameGeometry } from "./fourier/geometry.ts";
import type { TransformResult } from "./fourier/real-transform.ts";
import type { Kernel } from "./kernel.ts";
import type { PoolingGeometry } from "./pooling/geometry.ts";
import type { StridedOperand } from "./strided.ts";

export interface ElementwiseRequest {
  /** The index space. */
  readonly shape: readonly number[];
  readonly operands: readonly StridedOperand[];
  readonly outputs: readonly { readonly expression: Expression; readonly place: StridedOperand }[];
}

export interface ReduceRequest {
  /** The index space before reduction. */
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly combine: "sum" | "max" | "min";
  readonly operands: readonly StridedOperand[];
  /** Each has a result of its own. */
  readonly expressions: readonly Expression[];
}

export interface MomentsRequest {
  readonly rows: number;
  readonly channels: number;
}

export interface CumulativeSumRequest {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  /** Whether a place's own value is left out. */
  readonly exclusive: boolean;
  /** Whether sums run from the end. */
  readonly reverse: boolean;
}

export interface TopIndicesRequest {
  readonly rows: number;
  readonly length: number;
  /** How many places of each row; at most `length`. */
  readonly count: number;
}

/** Values [outer, length, inner], and `picks` picked ones [outer, picks, inner]. */
export interface PickRequest {
  readonly outer: number;
  readonly length: number;
  readonly picks: number;
  readonly inner: number;
  /** Whether indices are [outer, picks, inner] rather than [picks]. */
  readonly perElement: boolean;
}

/** The value stored where an index lies outside 0 … length - 1. */
export type Outside = "NaN" | "-1" | "0";

export interface GatherRequest extends PickRequest {
  readonly outside: Outside;
}

export interface BatchedProductRequest {
  /** The axes that the pairs are counted along. */
  readonly batch: readonly number[];
  /** For each of these axes, how many matrices further the next one is; 0 where one serves all. */
  readonly strides: { readonly a: readonly number[]; readonly b: readonly number[] };
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Whether the first matrices are stored as inner × rows. */
  readonly transposeA: boolean;
}

/** A filter as the packed convolution sees it, over any memory: strides in elements, possibly negative to flip. */
export interface FilterView {
  readonly groups: number;
  readonly rows: number;
  readonly columns: number;
  /** Inputs and outputs of one group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly strides: {
    readonly group: number;
    readonly row: number;
    readonly column: number;
    readonly input: number;
    readonly output: number;
  };
  /** Element of (group 0, row 0, column 0, input 0, output 0). */
  readonly offset: number;
}

export interface ConvolutionRequest {
  readonly geometry: ConvolutionGeometry;
  /** Operands are strided over [batch, row, column, channel] of the output. */
  readonly epilogue: Epilogue | undefined;
  /** Whether an input channel is a word with two bfloat16 numbers; the output is float32 in any case. Default false. */
  readonly pairs?: boolean;
}

/** Rows [rows, inner] times a matrix, without packing it. */
export interface FewRowsRequest {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Whether the matrix is stored as columns × inner. */
  readonly transposed: boolean;
  /** Operands are strided over [batch, row, column, channel], of which the product has the last two. */
  readonly epilogue: Epilogue | undefined;
}

/** The sum of the parts [parts, rows, columns] of such a product. */
export interface FewRowsSumRequest {
  readonly parts: number;
  readonly rows: number;
  readonly columns: number;
  /** As the product's. */
  readonly epilogue: Epilogue | undefined;
}

/** The axis of a filter whose numbers fill vectors. */
export type RunAxis = "rows" | "columns";

export interface ScatterRequest extends ConvolutionRequest {
  readonly run: RunAxis;
}

export interface DepthwiseRequest {
  readonly geometry: DepthwiseGeometry;
  /** The input gradient: from the output's gradient to the input's. */
  readonly transposed: boolean;
  /** Operands are strided over the result: [batch, row, column, channel], or without row. */
  readonly epilogue: Epilogue | undefined;
}

export interface PoolingPrologue {
  readonly expression: Expression;
  /** Each operand has a pointer of its own. */
  readonly operands: readonly PrologueOperand[];
}

export type PrologueOperand = "tensor" | "vector" | "number";

/** "winner": which cell of the window, row by row from 0, has the maximum; the first of several. */
export type PoolingResult = "mean" | "max" | "winner";

export interface PoolingRequest {
  readonly geometry: PoolingGeometry;
  /** "mean" alone; a "winner" only where `visitsPixels`. */
  readonly results: readonly PoolingResult[];
  /** One tensor unless `visitsPixels`. */
  readonly prologue: PoolingPrologue;
}

export interface PoolingGradientRequest {
  readonly geometry: PoolingGeometry;
  readonly result: "max" | "mean";
  /** An epilogue over operands laid out like the result, and numbers. Only where {@link writesCellsOnce}. */
  readonly epilogue: Epilogue | undefined;
}

export interface SpectrogramRequest {
  readonly geometry: FrameGeometry;
  readonly result: TransformResult;
  /** Bands of the filter bank; undefined without one. Not with complex results. */
  readonly bands: number | undefined;
}

export interface FrameFiltersRequest {
  /** With the frames' length as fftSize, any number. */
  readonly geometry: FrameGeometry;
  readonly filters: number;
}

/** Frames [batch, frames, frameLength], `hopLength` apart in [batch, samples]; they all lie inside. */
export interface OverlapAddRequest {
  readonly batch: number;
  readonly frames: number;
  readonly frameLength: number;
  readonly hopLength: number;
  readonly samples: number;
}

export interface FilterBankRequest {
  readonly rows: number;
  readonly bins: number;
  readonly bands: number;
}

export interface AxisFilterBankRequest {
  readonly outer: number;
  readonly bins: number;
  readonly bands: number;
  readonly inner: number;
}

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
  readonly fewRows: FewRowsRequest;
  readonly fewRowsSum: FewRowsSumRequest;
  readonly winograd: ConvolutionRequest;
  readonly winogradFilters: { readonly view: FilterView };
  readonly scatter: ScatterRequest;
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

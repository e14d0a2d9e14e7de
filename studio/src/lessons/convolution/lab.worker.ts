/** @file The convolution lesson's engine: one convolution of one input, as the page asks for it. */
import { compile, floatArray } from "auricle";
import { conv2d } from "auricle/ops";
import { expose, transfer } from "comlink";

export interface ConvolutionRequest {
  /** [rows, columns, channels] */
  readonly input: Float32Array;
  readonly inputShape: readonly [rows: number, columns: number, channels: number];
  /** [rows, columns, channels of a group, filters] */
  readonly weights: Float32Array;
  readonly filterShape: readonly [rows: number, columns: number, channels: number, filters: number];
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  /** Zeros before and after: of the rows, of the columns. */
  readonly pads: readonly [rows: readonly [number, number], columns: readonly [number, number]];
}

/** Compiled convolutions by what they were compiled for; moving a weight needs no new one. */
const compiled = new Map<string, ReturnType<typeof compileConvolution>>();

function compileConvolution({ inputShape, filterShape, stride, dilation, groups, pads }: ConvolutionRequest) {
  return compile(
    (x, w) => conv2d(x, w, { strides: stride, dilationRate: dilation, groups, padding: pads }),
    [[1, ...inputShape], filterShape],
    { threads: 1 },
  );
}

const lab = {
  /** @returns values [rows, columns, filters] */
  convolve(request: ConvolutionRequest) {
    const { input, inputShape, weights, filterShape, stride, dilation, groups, pads } = request;
    const key = JSON.stringify([inputShape, filterShape, stride, dilation, groups, pads]);
    const run = compiled.get(key) ?? compileConvolution(request);
    compiled.set(key, run);
    const { data, shape } = run(floatArray(input, [1, ...inputShape]), floatArray(weights, filterShape));
    const values = Float32Array.from(data);
    return transfer({ values, rows: shape[1], columns: shape[2], filters: shape[3] }, [values.buffer]);
  },
};

export type Lab = typeof lab;
expose(lab);

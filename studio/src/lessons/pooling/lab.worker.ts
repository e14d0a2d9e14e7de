/** @file The pooling lesson's engine: pools the input as it was and as it stands now, and takes the gradient back. */
import { compile, floatArray } from "auricle";
import { averagePool2d, gradients, maxPool2d, multiply, slice, sum } from "auricle/ops";
import { expose, transfer } from "comlink";

export interface PoolingRequest {
  readonly kind: "max" | "mean";
  /** The input as it was, and as it is now, one after the other: [2, rows, columns]. */
  readonly inputs: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly window: readonly [rows: number, columns: number];
  readonly strides: readonly [rows: number, columns: number];
  /** The gradient that arrives at the output: of one of its values, or of all. */
  readonly from: "all" | readonly [row: number, column: number];
}

/** Compiled poolings by what they were compiled for. */
const compiled = new Map<string, ReturnType<typeof compilePooling>>();

function compilePooling({ kind, rows, columns, window, strides }: PoolingRequest) {
  const pool = kind === "max" ? maxPool2d : averagePool2d;
  const [height, width] = outputOf({ rows, columns, window, strides });
  return compile(
    (x, arriving) => {
      const y = pool(x, { poolSize: window, strides });
      const now = slice(y, [1, 0, 0, 0], [1, -1, -1, -1]);
      const [dx] = gradients(sum(multiply(now, arriving)), [x]);
      return { y, dx };
    },
    [
      [2, rows, columns, 1],
      [1, height, width, 1],
    ],
    { threads: 1 },
  );
}

function outputOf({
  rows,
  columns,
  window,
  strides,
}: Pick<PoolingRequest, "rows" | "columns" | "window" | "strides">) {
  return [
    Math.floor((rows - window[0]) / strides[0]) + 1,
    Math.floor((columns - window[1]) / strides[1]) + 1,
  ];
}

const lab = {
  /** @returns the outputs before and now, and the gradient for the input as it is now */
  pool(request: PoolingRequest) {
    const { kind, inputs, rows, columns, window, strides, from } = request;
    const key = JSON.stringify([kind, rows, columns, window, strides]);
    const run = compiled.get(key) ?? compilePooling(request);
    compiled.set(key, run);
    const [height, width] = outputOf(request);
    const arriving = new Float32Array(height * width);
    if (from === "all") arriving.fill(1);
    else arriving[from[0] * width + from[1]] = 1;
    const { y, dx } = run(
      floatArray(inputs, [2, rows, columns, 1]),
      floatArray(arriving, [1, height, width, 1]),
    );
    const outputs = Float32Array.from(y.data);
    const gradient = Float32Array.from(dx.data).slice(rows * columns);
    const size = height * width;
    const [before, now] = [outputs.slice(0, size), outputs.slice(size)];
    return transfer({ before, now, rows: height, columns: width, gradient }, [
      before.buffer,
      now.buffer,
      gradient.buffer,
    ]);
  },
};

export type Lab = typeof lab;
expose(lab);

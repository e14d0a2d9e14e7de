/** @file Windows of pooling: sizes, checks, the obvious loop over them, and the task of looking at them. */
import { AuricleError } from "../errors.ts";
import type { Structure } from "../graph/tensor.ts";
import { windowSegments } from "../kernels/window-axis.ts";
import type { PoolingGeometry } from "../kernels/pooling/geometry.ts";
import { POOLING_TASK } from "../lowering/pooling.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { dilatedSize, windowCount, windowGeometry, type WindowParameters } from "./window.ts";
import { shownValue } from "../shown-value.ts";
import type { PoolingResult } from "../kernels/requests.ts";

/** Resolved: one entry for each spatial axis. */
export interface PoolingParameters extends WindowParameters {
  readonly poolSize: readonly number[];
}

export function geometryOf(input: Shape, output: Shape, parameters: PoolingParameters): PoolingGeometry {
  const { poolSize } = parameters;
  // The distance between the cells of a window of one cell is no matter.
  const dilations = parameters.dilations.map((dilation, axis) => (poolSize[axis] === 1 ? 1 : dilation));
  return {
    ...windowGeometry(input, poolSize, output, { ...parameters, dilations }),
    channels: input[input.length - 1],
  };
}

function outputShapeOf(input: Shape, parameters: PoolingParameters): number[] {
  const { poolSize, strides, dilations, padding } = parameters;
  const spatial = input
    .slice(1, -1)
    .map((length, axis) =>
      windowCount(length, dilatedSize(poolSize[axis], dilations[axis]), strides[axis], padding[axis]),
    );
  return [input[0], ...spatial, input[input.length - 1]];
}

export function checkedShape(where: string, input: Shape, parameters: PoolingParameters): number[] {
  const { poolSize, dilations, padding } = parameters;
  const windows = poolSize.map((size, axis) => dilatedSize(size, dilations[axis]));
  const axes = poolSize.length;
  if (input.length !== axes + 2 || sizeOf(input) === 0) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError(
      "shape",
      `${where}: input must be ${wanted}, not empty; got ${formatShape(input)}`,
    );
  }
  padding.forEach((sides, axis) => {
    if (sides.every((side) => Number.isInteger(side) && side >= 0 && side < windows[axis])) return;
    throw new AuricleError(
      "argument",
      `${where}: padding must be whole numbers below the window, so that each window covers some input; got ${shownValue(sides)} for a window of ${windows[axis]} on axis ${axis + 1}`,
    );
  });
  const output = outputShapeOf(input, parameters);
  const gaps = windows.some((window, axis) => window > poolSize[axis]);
  const came = `got input ${formatShape(input)}, poolSize ${shownValue(poolSize)}${gaps ? `, dilationRate ${JSON.stringify(dilations)}` : ""}`;
  output.slice(1, -1).forEach((count, axis) => {
    if (count >= 1) return;
    throw new AuricleError(
      "shape",
      `${where}: the window must fit into the padded input on axis ${axis + 1}; ${came}; use padding "same", a smaller window or a longer input`,
    );
  });
  const empty = windowWithoutCells(input, output, parameters);
  if (!empty) return output;
  throw new AuricleError(
    "shape",
    `${where}: each window must have a cell inside the input; number ${empty.window} along axis ${empty.axis + 1} has none; ${came}, padding ${JSON.stringify(padding[empty.axis])}; use less padding or a lower dilationRate`,
  );
}

/** A window that reaches over the whole axis, from padding to padding, and between whose cells the axis lies. */
function windowWithoutCells(
  input: Shape,
  output: Shape,
  { poolSize, strides, dilations, padding }: PoolingParameters,
): { readonly axis: number; readonly window: number } | undefined {
  for (const [axis, dilation] of dilations.entries()) {
    const inputs = input[axis + 1];
    if (dilation <= inputs) continue;
    const sizes = { inputs, outputs: output[axis + 1], window: poolSize[axis] };
    const segments = windowSegments({ ...sizes, stride: strides[axis], dilation, before: padding[axis][0] });
    const empty = segments.find(({ taps }) => taps.length === 0);
    if (empty) return { axis, window: empty.first };
  }
  return undefined;
}

/** Calls `visit` with the positions of each result and of its window's cells, in order. */
export function forEachWindow(
  g: PoolingGeometry,
  visit: (output: number, cells: readonly number[]) => void,
): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let channel = 0; channel < g.channels; channel++) {
          const cells: number[] = [];
          for (let i = 0; i < g.window[0]; i++)
            for (let j = 0; j < g.window[1]; j++) {
              const y = row * g.strides[0] + i * g.dilations[0] - g.padding[0];
              const x = column * g.strides[1] + j * g.dilations[1] - g.padding[1];
              if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
              cells.push(((n * g.inputHeight + y) * g.inputWidth + x) * g.channels + channel);
            }
          visit(((n * g.outputHeight + row) * g.outputWidth + column) * g.channels + channel, cells);
        }
}

export function poolingStructure(geometry: PoolingGeometry, result: PoolingResult): Structure {
  return { kind: "kernels", task: { kind: POOLING_TASK, geometry, result } };
}

/**
 * @file Gradient of a depthwise convolution by its filter: for each filter number, the sum over all output pixels of
 * input · output gradient, channel by channel.
 *
 *   for unit (a share of the images):
 *     partial = 0
 *     for image: for a few filter numbers: for row: for vector of channels:
 *       accumulators = partial
 *       for column: load the output gradient once; accumulator[i] += input[i] · gradient
 *       partial = accumulators
 *
 * The partials of the shares are summed by a reduction; shares depend on the batch alone, not on the threads.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { windowSegments, type Segment, type Tap } from "../window-axis.ts";
import { rangeOfShare, shareCount } from "../shares.ts";
import { vectorLoop } from "../strided.ts";
import { depthwiseAxis, type DepthwiseGeometry } from "./geometry.ts";
import { machineKernel } from "../library.ts";

/** Most partial gradients: as many units as keep a handful of threads evenly busy. */
const MOST_SHARES = 16;
/** Accumulators side by side: with the gradient and a product they fill most of 16 registers. */
const FILTER_NUMBERS = 10;

/** How many shares the images are in: partial gradients. */
export function depthwiseShares({ batch }: DepthwiseGeometry): number {
  return shareCount(batch, MOST_SHARES);
}

export const DEPTHWISE_FILTER_GRADIENT = machineKernel("depthwiseFilterGradient", ({ geometry }, machine) =>
  depthwiseFilterGradientKernel(geometry, machine),
);

/** Pointers: input, output gradient, partial gradients [shares, filterHeight, filterWidth, channels]. */
export function depthwiseFilterGradientKernel(geometry: DepthwiseGeometry, machine: MachineTraits): Kernel {
  const { batch, inputHeight, inputWidth, outputHeight, outputWidth, channels, window } = geometry;
  const k = new KernelBuilder(machine, FIRST_POINTER + 3);
  const [start, end, , input, gradient, partials] = k.parameters;
  const shares = depthwiseShares(geometry);
  const filterFloats = window[0] * window[1] * channels;
  const pixelBytes = channels * FLOAT_BYTES;
  k.loop(start, end, 1, (share) => {
    const partial = k.intVariable(k.add(partials, k.multiply(share, filterFloats * FLOAT_BYTES)));
    const zero = k.constant(0);
    vectorLoop(k, filterFloats, ({ elements, bytes }, count) =>
      k.store(bytes ? k.add(partial, bytes) : partial, elements * FLOAT_BYTES, zero, count),
    );
    const { from, to } = rangeOfShare(k, batch, shares, share);
    k.loop(from, to, 1, (image) => {
      const place = {
        input: k.intVariable(k.add(input, k.multiply(image, inputHeight * inputWidth * pixelBytes))),
        gradient: k.intVariable(k.add(gradient, k.multiply(image, outputHeight * outputWidth * pixelBytes))),
        partial,
      };
      for (const part of filterParts(geometry)) addImage(k, geometry, place, part);
    });
  });
  return { code: k.finish(), units: shares, scratchBytes: 0 };
}

/** Filter numbers that are summed together: some rows of the filter by some of its columns. */
interface FilterPart {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Whole rows of the filter while they fit, else pieces of rows. */
function filterParts({ window: [height, width] }: DepthwiseGeometry): FilterPart[] {
  const columns = Math.min(width, FILTER_NUMBERS);
  const rows = Math.max(1, Math.floor(FILTER_NUMBERS / columns));
  return pieces(height, rows).flatMap((rowPiece) =>
    pieces(width, columns).map((columnPiece) => ({ rows: rowPiece, columns: columnPiece })),
  );
}

function pieces(length: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(length / size) }, (_, piece) =>
    Array.from({ length: Math.min(size, length - piece * size) }, (_, i) => piece * size + i),
  );
}

interface ImagePlace {
  readonly input: IntExpression;
  readonly gradient: IntExpression;
  readonly partial: IntExpression;
}

/** Adds one image's products for one part of the filter. */
function addImage(k: KernelBuilder, geometry: DepthwiseGeometry, place: ImagePlace, part: FilterPart): void {
  const { inputWidth, outputWidth, channels } = geometry;
  const { lanes } = k.machine;
  const pixelBytes = channels * FLOAT_BYTES;
  const columns = segmentsWithTaps(geometry, 1, part.columns);
  for (const rows of segmentsWithTaps(geometry, 0, part.rows)) {
    k.loop(0, rows.count, 1, (row) => {
      const inputRow = k.add(k.multiply(row, rows.inputStep), rows.input);
      const input = k.intVariable(k.add(place.input, k.multiply(inputRow, inputWidth * pixelBytes)));
      const gradient = k.intVariable(
        k.add(place.gradient, k.multiply(k.add(row, rows.first), outputWidth * pixelBytes)),
      );
      const run = (bytes: IntExpression, count: number) => {
        const at = (address: IntExpression) => k.intVariable(k.add(address, bytes));
        const moved = { input: at(input), gradient: at(gradient), partial: at(place.partial) };
        addRow(k, geometry, moved, rows.taps, columns, count);
      };
      const full = Math.floor(channels / lanes);
      const vectorBytes = lanes * FLOAT_BYTES;
      k.loop(0, full * vectorBytes, vectorBytes, (bytes) => run(bytes, lanes));
      if (channels % lanes > 0) run(k.int(full * vectorBytes), channels % lanes);
    });
  }
}

function segmentsWithTaps(
  geometry: DepthwiseGeometry,
  axis: 0 | 1,
  chosen: readonly number[],
): readonly Segment[] {
  return windowSegments(depthwiseAxis(geometry, axis), chosen).filter(({ taps }) => taps.length > 0);
}

/** Adds the products of one row of outputs and one vector of channels. */
function addRow(
  k: KernelBuilder,
  geometry: DepthwiseGeometry,
  place: ImagePlace,
  rowTaps: readonly Tap[],
  columns: readonly Segment[],
  count: number,
): void {
  const { inputWidth, channels, window } = geometry;
  const pixelBytes = channels * FLOAT_BYTES;
  const used = new Set(columns.flatMap(({ taps }) => taps.map(({ index }) => index)));
  const offsetOf = (row: number, column: number) => (row * window[1] + column) * pixelBytes;
  const accumulators = rowTaps.map(({ index: row }) => {
    const entries = [...used].map((column) => {
      const variable = k.vectorVariable(k.load(place.partial, offsetOf(row, column), count));
      return [column, variable] as const;
    });
    return { row, byColumn: new Map(entries) };
  });
  for (const segment of columns) {
    k.loop(0, segment.count, 1, (column) => {
      const source = k.add(k.multiply(column, segment.inputStep), segment.input);
      const input = k.intVariable(k.add(place.input, k.multiply(source, pixelBytes)));
      const target = k.multiply(k.add(column, segment.first), pixelBytes);
      const gradient = k.vectorVariable(k.load(k.add(place.gradient, target), 0, count));
      rowTaps.forEach((rowTap, i) => {
        for (const tap of segment.taps) {
          const accumulator = accumulators[i].byColumn.get(tap.index);
          if (!accumulator) continue;
          const offset = (rowTap.offset * inputWidth + tap.offset) * pixelBytes;
          const value = k.load(input, offset, count);
          k.setVector(accumulator, k.multiplyAdd(value, gradient, accumulator));
        }
      });
    });
  }
  for (const { row, byColumn } of accumulators)
    for (const [column, variable] of byColumn) k.store(place.partial, offsetOf(row, column), variable, count);
}

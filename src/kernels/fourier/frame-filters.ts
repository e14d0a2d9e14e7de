/**
 * @file Sums of each frame of a waveform times complex filters, in double precision: the frames and filters as they are, no
 * transform. Every operation is rounded by itself, so the sums are the same on all targets.
 *
 *   for unit (example, block of `lanes` frames; lane = frame):
 *     copy the frames that reach beyond the waveform, padded, and transpose all
 *     for filter: for its samples: real and imaginary sums of both halves of the lanes
 *     store, transposed
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntVariable, MachineTraits, VectorVariable } from "../../machine/ir.ts";
import { DOUBLE_BYTES, FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { frameAddresses } from "./frames.ts";
import { loadRows, rowNumbers, storeRows } from "./rows.ts";
import { doubleTable } from "./transform-plan.ts";
import { machineKernel } from "../library.ts";
import type { FrameFiltersRequest } from "../requests.ts";

/** Weights of samples `first`, `first` + 1 … of a frame. */
export interface ComplexFilter {
  readonly first: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const RANGE_WORDS = 2;
const WEIGHT_BYTES = 2 * DOUBLE_BYTES;

/** The first sample and the number of samples of each filter; then their weights, real and imaginary parts in turn. */
export function frameFilterTables(filters: readonly ComplexFilter[]): Int32Array[] {
  const ranges = Int32Array.from(filters.flatMap(({ first, real }) => [first, real.length]));
  const weights = new Float64Array(2 * filters.reduce((sum, { real }) => sum + real.length, 0));
  let at = 0;
  for (const { real, imaginary } of filters) {
    real.forEach((weight, i) => weights.set([weight, imaginary[i]], at + 2 * i));
    at += 2 * real.length;
  }
  return [ranges, doubleTable(weights)];
}

export const FRAME_FILTERS = machineKernel("frameFilters", frameFiltersKernel);

/** Pointers: waveforms, ranges, weights, output [batch, frames, filters, 2]. */
export function frameFiltersKernel(request: FrameFiltersRequest, machine: MachineTraits): Kernel {
  const { geometry, filters } = request;
  const { batch, samples, frames, fftSize: length } = geometry;
  const k = new KernelBuilder(machine, FIRST_POINTER + 4);
  const [start, end, scratch, waveforms, ranges, weights, output] = k.parameters;
  const { lanes } = machine;
  const vectorBytes = lanes * FLOAT_BYTES;
  const blocks = Math.ceil(frames / lanes);
  const words = 2 * filters;
  k.loop(start, end, 1, (unit) => {
    const example = k.intVariable(k.divide(unit, blocks));
    const numbers = rowNumbers(k, k.multiply(k.remainder(unit, blocks), lanes), frames);
    const waveform = k.intVariable(k.add(waveforms, k.multiply(example, samples * FLOAT_BYTES)));
    const columns = k.intVariable(k.add(scratch, Math.max(length, words) * vectorBytes));
    // The copied frames are done with when the sums are made.
    loadRows(k, frameAddresses(k, geometry, waveform, numbers, scratch), columns, length);
    const range = k.intVariable(ranges);
    const weight = k.intVariable(weights);
    k.loop(0, words * vectorBytes, 2 * vectorBytes, (bytes) => {
      const sample = k.intVariable(k.add(columns, k.multiply(k.loadInt(range), vectorBytes)));
      const count = k.intVariable(k.loadInt(range, FLOAT_BYTES));
      const sums = writeSums(k, sample, weight, count);
      sums.forEach((sum, i) => {
        const place = k.add(scratch, bytes);
        k.store(place, (i * vectorBytes) / 2, k.unary("fromDoubles", sum), lanes / 2);
      });
      k.increment(range, RANGE_WORDS * FLOAT_BYTES);
    });
    const firstRow = k.intVariable(k.multiply(example, frames));
    const rows = numbers.map((frame) =>
      k.intVariable(k.add(output, k.multiply(k.add(firstRow, frame), words * FLOAT_BYTES))),
    );
    storeRows(k, scratch, rows, words);
  });
  const scratchBytes = (Math.max(length, words) + length) * vectorBytes;
  return { code: k.finish(), units: batch * blocks, scratchBytes };
}

/** Real sums of the lower and of the upper half of the lanes, then the imaginary ones. Moves both addresses on. */
function writeSums(
  k: KernelBuilder,
  sample: IntVariable,
  weight: IntVariable,
  count: IntVariable,
): VectorVariable[] {
  const { lanes } = k.machine;
  const vectorBytes = lanes * FLOAT_BYTES;
  const sums = [0, 1, 2, 3].map(() => k.vectorVariable(k.doubleConstant(0)));
  k.loop(0, count, 1, () => {
    const halves = [0, vectorBytes / 2].map((half) =>
      k.let(k.unary("toDoubles", k.load(sample, half, lanes / 2))),
    );
    [0, DOUBLE_BYTES].forEach((part, row) => {
      const factor = k.let(k.broadcastDouble(weight, part));
      halves.forEach((half, i) => {
        const sum = sums[2 * row + i];
        k.setVector(sum, k.binary("doubleAdd", sum, k.binary("doubleMultiply", half, factor)));
      });
    });
    k.increment(sample, vectorBytes);
    k.increment(weight, WEIGHT_BYTES);
  });
  return sums;
}

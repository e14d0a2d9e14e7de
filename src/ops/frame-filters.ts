/**
 * @file Complex filters over the frames of waveforms, which need no transform:
 *
 *   Y[n, t, f] = Σ over j of filter_f[j] · x[n, t·hopLength - padding + first_f + j]
 *
 * as real and imaginary parts. Constant-Q transforms are made of these.
 */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { frameFilterTables, type ComplexFilter } from "../kernels/fourier/frame-filters.ts";
import type { FrameGeometry } from "../kernels/fourier/geometry.ts";
import { FRAME_FILTERS_TASK } from "../lowering/frame-filters.ts";
import type { DoubleArray } from "../tensor/array.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { FilterBank } from "./filter-bank.ts";
import { sourceOf } from "./spectrogram-reference.ts";

/** Complex filters for frames of one length. Not to be changed. */
export class FrameFilters {
  readonly frameLength: number;
  readonly filters: readonly ComplexFilter[];

  constructor(frameLength: number, filters: readonly ComplexFilter[]) {
    this.frameLength = frameLength;
    this.filters = filters;
  }

  /** The filters' real and imaginary parts in turn, as rows over a frame's samples. */
  bank(): FilterBank {
    const rows = this.filters.flatMap(({ first, real, imaginary }) =>
      [real, imaginary].map((weights) => ({ firstBin: first, weights: Float32Array.from(weights) })),
    );
    return new FilterBank(this.frameLength, rows);
  }

  /** The filters as data: what tells them from others where operations are compared. */
  toJSON(): object {
    return { frameLength: this.frameLength, tables: frameFilterTables(this.filters) };
  }
}

export interface FrameFiltersParameters {
  readonly filters: FrameFilters;
  readonly hopLength: number;
  /** The number of samples added before the first and after the last one. */
  readonly padding: number;
  readonly padMode: "constant" | "reflect";
}

export function geometryOf([batch, samples]: Shape, parameters: FrameFiltersParameters): FrameGeometry {
  const { filters, hopLength, padding, padMode } = parameters;
  const { frameLength: fftSize } = filters;
  const frames = 1 + Math.floor((samples + 2 * padding - fftSize) / hopLength);
  return { batch, samples, frames, fftSize, hopLength, padding, padMode };
}

function checkedShape(input: Shape, parameters: FrameFiltersParameters): number[] {
  const { filters, padding, padMode } = parameters;
  const { frames } = geometryOf(input, parameters);
  const isEnough = frames >= 1 && (padMode === "constant" || input[1] > padding);
  if (input.length !== 2 || input[0] < 1 || input[1] < 1 || !isEnough) {
    throw new AuricleError(
      "shape",
      `filterFrames: the waveform must be [batch, samples], not empty, and long enough for a frame of ${filters.frameLength} and for ${padding} samples that are mirrored; got ${formatShape(input)}`,
    );
  }
  return [input[0], frames, filters.filters.length, 2];
}

function definition({ shape, data }: DoubleArray, parameters: FrameFiltersParameters): Float64Array {
  const geometry = geometryOf(shape, parameters);
  const { batch, samples, frames, hopLength, padding } = geometry;
  const { filters } = parameters.filters;
  const result = new Float64Array(batch * frames * filters.length * 2);
  let at = 0;
  for (let row = 0; row < batch * frames; row++) {
    const example = Math.floor(row / frames);
    const begin = (row % frames) * hopLength - padding;
    for (const { first, real, imaginary } of filters) {
      for (let j = 0; j < real.length; j++) {
        const source = sourceOf(begin + first + j, geometry);
        const sample = source === undefined ? 0 : data[example * samples + source];
        result[at] += real[j] * sample;
        result[at + 1] += imaginary[j] * sample;
      }
      at += 2;
    }
  }
  return result;
}

/** Filters of different lengths, at both ends of a frame and between, and one that is empty. */
function testFilters(frameLength: number): FrameFilters {
  const filter = (first: number, count: number, turns: number): ComplexFilter => {
    const angles = Float64Array.from({ length: count }, (_, i) => (turns * (i + 0.3)) / count);
    return { first, real: angles.map(Math.cos), imaginary: angles.map(Math.sin) };
  };
  return new FrameFilters(frameLength, [
    filter(0, frameLength, 9),
    filter(frameLength - 3, 3, 2),
    filter(2, 0, 0),
    filter(1, 1, 1),
    filter(3, frameLength - 6, 4),
  ]);
}

export const filterFramesPrimitive: Primitive<FrameFiltersParameters> =
  defineOperation<FrameFiltersParameters>({
    name: "filterFrames",
    shape: ([input], parameters) => checkedShape(input.shape, parameters),
    structure: ([input], parameters) => ({
      kind: "kernels",
      task: {
        kind: FRAME_FILTERS_TASK,
        geometry: geometryOf(input.shape, parameters),
        filters: parameters.filters.filters,
      },
    }),
    reference: ([input], parameters) => definition(input, parameters),
  });

export const filterFramesCases: Cases<FrameFiltersParameters> = () => [
  { shapes: [[2, 60]], parameters: { filters: testFilters(20), hopLength: 7, padding: 10, padMode: "constant" } }, // prettier-ignore
  { shapes: [[1, 90]], parameters: { filters: testFilters(34), hopLength: 5, padding: 17, padMode: "reflect" } }, // prettier-ignore
  { shapes: [[3, 31]], parameters: { filters: testFilters(31), hopLength: 50, padding: 0, padMode: "constant" } }, // prettier-ignore
  // Longer frames than the waveform, and more filters than samples.
  { shapes: [[1, 9]], parameters: { filters: testFilters(26), hopLength: 3, padding: 13, padMode: "constant" } }, // prettier-ignore
  { shapes: [[1, 25]], parameters: { filters: testFilters(7), hopLength: 1, padding: 0, padMode: "constant" } }, // prettier-ignore
];

/** Y `[N, T, filters, 2]` of waveforms `[N, S]`, real and imaginary parts. @throws AuricleError "shape" for too few samples. */
export function filterFrames(waveform: Tensor, parameters: FrameFiltersParameters): Tensor {
  return filterFramesPrimitive([waveform], parameters);
}

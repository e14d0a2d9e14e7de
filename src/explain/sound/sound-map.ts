/** @file A map of a recording's features, in seconds and hertz. Browser-safe. */
import { firstStepMiddle, frequenciesOf, type FrontEnd } from "../../audio/front-end/index.ts";
import { AuricleError } from "../../errors.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { formatShape } from "../../tensor/shape.ts";

/** Numbers over time and frequency. */
export interface SoundMap {
  /** `[frames, bins]`, row-major, lowest frequency first. */
  readonly values: Float32Array;
  readonly frames: number;
  /** 1 where the map tells times alone. */
  readonly bins: number;
  /** The middle of each frame, in seconds from the beginning. */
  readonly times: Float64Array;
  /** The middle of each bin in Hz, rising; undefined where there is one bin, for all frequencies. */
  readonly frequencies: Float64Array | undefined;
}

/** Steps shorter than half of this are joined to frames of it: single samples mean nothing to the ear. */
const SHORTEST_FRAME_SECONDS = 0.01;

/**
 * Places a map of features in time and frequency.
 * @param map `[T, F]`, or `[T]` for times alone. T may differ from the number of steps: its elements then share their time equally.
 * @param steps the steps of the features that the map covers, from the first
 * @returns a map whose bins have frequencies; where the front end's have none (cepstral coefficients), the mean over them
 * @throws AuricleError "shape" for a map of other axes, or bins that are not the front end's
 */
export function soundMap(front: FrontEnd, { shape, data }: FloatArray, steps: number): SoundMap {
  const [rows, columns = 1] = shape;
  const frequencies = columns > 1 ? frequenciesOf(front) : undefined;
  if (shape.length < 1 || shape.length > 2 || rows < 1 || (frequencies && frequencies.length !== columns)) {
    throw new AuricleError(
      "shape",
      `soundMap: must be [time] or [time, ${frequenciesOf(front)?.length ?? "bins"}]; got ${formatShape(shape)}`,
    );
  }
  const stepSeconds = front.hopLength / front.sampleRate;
  const rowSeconds = (steps / rows) * stepSeconds;
  const block = rowSeconds < SHORTEST_FRAME_SECONDS / 2 ? Math.round(SHORTEST_FRAME_SECONDS / rowSeconds) : 1;
  const frames = Math.ceil(rows / block);
  const bins = frequencies ? columns : 1;
  const values = new Float32Array(frames * bins);
  const times = new Float64Array(frames);
  const first = firstStepMiddle(front) / front.sampleRate;
  for (let frame = 0; frame < frames; frame++) {
    const [start, end] = [frame * block, Math.min((frame + 1) * block, rows)];
    times[frame] = first + ((start + end) / 2) * rowSeconds - stepSeconds / 2;
    for (let row = start; row < end; row++) {
      for (let column = 0; column < columns; column++) {
        const share = (end - start) * (frequencies ? 1 : columns);
        values[frame * bins + (frequencies ? column : 0)] += data[row * columns + column] / share;
      }
    }
  }
  return { values, frames, bins, times, frequencies };
}

/** The value at a time and a frequency, between the nearest four linearly; beyond the ends that of the end. */
export function readMap(
  { values, bins, times, frequencies }: SoundMap,
  seconds: number,
  hertz: number,
): number {
  const [frame, part] = placeIn(times, seconds);
  const [bin, share] = frequencies ? placeIn(frequencies, hertz) : [0, 0];
  const at = (row: number, column: number) => values[row * bins + column];
  const along = (row: number) =>
    share === 0 ? at(row, bin) : (1 - share) * at(row, bin) + share * at(row, bin + 1);
  return part === 0 ? along(frame) : (1 - part) * along(frame) + part * along(frame + 1);
}

/** The last place that is not above the value, and the part of the way to the next, below 1. */
function placeIn(places: Float64Array, value: number): readonly [number, number] {
  let [low, high] = [0, places.length - 1];
  if (value <= places[0]) return [0, 0];
  if (value >= places[high]) return [high, 0];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle] <= value) low = middle;
    else high = middle;
  }
  return [low, (value - places[low]) / (places[high] - places[low])];
}

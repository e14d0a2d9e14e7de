/** @file Mean and variance of features, for the layer `normalization`: to be taken from the training examples only. */
import type { Dataset } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf, stridesOf, type Shape } from "../../tensor/shape.ts";
import { checkAxisOption, keptAxes, listOf } from "./axes.ts";
import { checksFor } from "./options.ts";

/** Options of the layer `normalization`: one number for each index of the axes, row-major. */
export interface FeatureStatistics {
  /** The batch being axis 0. */
  readonly axis: readonly number[];
  readonly mean: readonly number[];
  /** Biased, and never less than {@link LEAST_DEVIATION} allows. */
  readonly variance: readonly number[];
  /** The least value; only where `range` was asked for. */
  readonly minimum?: readonly number[];
  /** The largest value; only where `range` was asked for. */
  readonly maximum?: readonly number[];
}

export interface FeatureStatisticsOptions {
  /** As the layer's: 2 for each frequency of `[N, T, F, C]`, `[]` for all values alike. Default -1, each channel. */
  readonly axis?: number | readonly number[];
  /** Whether least and largest values are taken as well, to which the layer then clips its input. Default false. */
  readonly range?: boolean;
}

const OPTIONS: OptionNames<FeatureStatisticsOptions> = { axis: true, range: true };

/**
 * The least deviation that a feature is divided by, as a part of the root mean square of the deviations of all features of its
 * channel (the last axis): a tenth.
 *
 * A frequency at which no recording has sound is constant but for rounding and rare specks, and has a deviation of next to
 * nothing. Divided by that, the first value that is different becomes thousands: a mask, or a recording that has sound up
 * there. With the floor, values that lie d deviations of an ordinary feature from the mean become 10·d at the most.
 * Ordinary features keep their own deviation: those of frequencies on a logarithmic scale are within a factor of three of each
 * other, those of cepstral coefficients within ten.
 *
 * Features of one channel have one unit and are compared; channels may have any (a level and its derivative, columns of a
 * table) and are not. A channel that is constant takes the deviation of all features, and where all are constant the
 * magnitude of their means, or 1 where these are 0: there is no other scale.
 */
export const LEAST_DEVIATION = 0.1;

/** Takes features in, one array after the other, and keeps nothing but sums. */
export interface StatisticsAccumulator {
  /**
   * Adds the features of one example, `[T, F, C]` or `[T, C]`. Only the lengths of the chosen axes must be the same each time.
   * @throws AuricleError "shape" when they are not, "data" for a NaN or an infinity
   */
  add(features: FloatArray): void;
  /** @throws AuricleError "data" when nothing was added. */
  result(): FeatureStatistics;
}

const WHERE = "featureStatistics";

/**
 * Sums in float64: of each array its mean and the squared deviations from it, joined with those before by Chan, Golub and
 * LeVeque's formula (1979), which loses no digits where the mean is large against the deviations.
 */
export function statisticsAccumulator(options: FeatureStatisticsOptions = {}): StatisticsAccumulator {
  checkOptions(WHERE, options, OPTIONS, "dataset, ");
  const axis = listOf(checkAxisOption(checksFor(WHERE), options.axis));
  let kept: Shape | undefined;
  let places: Places | undefined;
  let count = 0;
  let mean = new Float64Array(0);
  let squares = new Float64Array(0);
  let minimum = new Float64Array(0);
  let maximum = new Float64Array(0);
  /** The number of channels with statistics of their own; 1 where the last axis is not among the chosen ones. */
  let channels = 1;
  return {
    add({ shape, data }) {
      const axes = keptAxes([1, ...shape], axis, WHERE).map((one) => one - 1);
      const lengths = axes.map((one) => shape[one]);
      checkLengths(kept, lengths);
      if (!places || !sameShape(shape, places.shape)) places = { shape, table: placesOf(shape, axes) };
      const added = momentsOf(data, places.table, sizeOf(lengths));
      if (!added.mean.every(Number.isFinite)) {
        throw new AuricleError("data", `${WHERE}: every feature must be finite; got NaN or an infinity`);
      }
      if (!kept) {
        kept = lengths;
        mean = new Float64Array(added.mean.length);
        squares = new Float64Array(added.mean.length);
        minimum = new Float64Array(added.mean.length).fill(Infinity);
        maximum = new Float64Array(added.mean.length).fill(-Infinity);
        channels = axes.at(-1) === shape.length - 1 ? shape[shape.length - 1] : 1;
      }
      const total = count + added.count;
      for (let i = 0; i < mean.length; i++) {
        const difference = added.mean[i] - mean[i];
        mean[i] += (difference * added.count) / total;
        squares[i] += added.squares[i] + (difference * difference * count * added.count) / total;
        minimum[i] = Math.min(minimum[i], added.minimum[i]);
        maximum[i] = Math.max(maximum[i], added.maximum[i]);
      }
      count = total;
    },
    result() {
      if (count === 0) {
        throw new AuricleError("data", `${WHERE}: needs at least one example; is the training set empty?`);
      }
      return {
        axis,
        mean: Array.from(mean),
        variance: withFloor(
          squares.map((sum) => sum / count),
          mean,
          channels,
        ),
        ...(options.range && { minimum: Array.from(minimum), maximum: Array.from(maximum) }),
      };
    },
  };
}

/** Variances that a feature can be divided by the roots of; see {@link LEAST_DEVIATION}. */
function withFloor(variance: Float64Array, mean: Float64Array, channels: number): number[] {
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const ofAll = meanOf(variance) || meanOf(mean.map((value) => value * value)) || 1;
  const floors = Array.from({ length: channels }, (_, channel) => {
    const ofChannel = meanOf(variance.filter((_, i) => i % channels === channel));
    return ofChannel > 0 ? LEAST_DEVIATION ** 2 * ofChannel : ofAll;
  });
  return Array.from(variance, (value, i) => Math.max(value, floors[i % channels]));
}

/** How many numbers are read from a data set at once, about. */
const NUMBERS_PER_READ = 1 << 20;

/**
 * Mean and variance over all examples of a data set. **Give it the training examples only**: statistics that have seen the
 * others are a leak.
 *
 * @example normalization(await featureStatistics(trainingWindows, { axis: 2 })) // for each frequency
 * @throws AuricleError "data" for a data set that is empty or holds a NaN or an infinity
 */
export async function featureStatistics(
  dataset: Dataset,
  options: FeatureStatisticsOptions = {},
): Promise<FeatureStatistics> {
  const accumulator = statisticsAccumulator(options);
  const { inputShape, targetShape, targetDtype, length } = dataset;
  const size = sizeOf(inputShape);
  const perRead = Math.max(1, Math.min(length, Math.floor(NUMBERS_PER_READ / size)));
  const inputs = new Float32Array(perRead * size);
  const TargetArray = targetDtype === "int32" ? Int32Array : Float32Array;
  const targets = new TargetArray(perRead * sizeOf(targetShape));
  for (let start = 0; start < length; start += perRead) {
    const count = Math.min(perRead, length - start);
    await dataset.read(
      Uint32Array.from({ length: count }, (_, i) => start + i),
      inputs,
      targets,
    );
    for (let i = 0; i < count; i++) {
      accumulator.add({ shape: inputShape, data: inputs.subarray(i * size, (i + 1) * size) });
    }
  }
  return accumulator.result();
}

function checkLengths(before: Shape | undefined, lengths: Shape): void {
  if (!before || lengths.every((length, i) => length === before[i])) return;
  throw new AuricleError(
    "shape",
    `${WHERE}: the chosen axes must have the same lengths in all examples; got ${formatShape(lengths)} after ` +
      formatShape(before),
  );
}

interface Sums {
  /** Numbers behind each mean. */
  readonly count: number;
  readonly mean: Float64Array;
  /** Σ (x - mean)². */
  readonly squares: Float64Array;
  readonly minimum: Float64Array;
  readonly maximum: Float64Array;
}

/** For each number of an array of that shape, which mean it belongs to. */
interface Places {
  readonly shape: Shape;
  readonly table: Uint32Array;
}

function momentsOf(data: Float32Array, places: Uint32Array, size: number): Sums {
  const count = data.length / size;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  const minimum = new Float64Array(size).fill(Infinity);
  const maximum = new Float64Array(size).fill(-Infinity);
  for (let i = 0; i < data.length; i++) mean[places[i]] += data[i];
  for (let i = 0; i < size; i++) mean[i] /= count;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    const place = places[i];
    const deviation = value - mean[place];
    squares[place] += deviation * deviation;
    if (value < minimum[place]) minimum[place] = value;
    if (value > maximum[place]) maximum[place] = value;
  }
  return { count, mean, squares, minimum, maximum };
}

/** For each number of an array of that shape, the row-major index of its coordinates along the axes. */
function placesOf(shape: Shape, axes: readonly number[]): Uint32Array {
  const strides = stridesOf(shape);
  const keptStrides = stridesOf(axes.map((axis) => shape[axis]));
  return Uint32Array.from({ length: sizeOf(shape) }, (_, i) =>
    axes.reduce((sum, axis, k) => sum + (Math.floor(i / strides[axis]) % shape[axis]) * keptStrides[k], 0),
  );
}

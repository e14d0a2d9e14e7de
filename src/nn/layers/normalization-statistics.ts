/** @file Mean and variance of features, for the layer `normalization`: to be taken from the training examples only. */
import type { Dataset } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf, stridesOf, type Shape } from "../../tensor/shape.ts";
import { checkAxes, keptAxes } from "./normalization.ts";

/** Options of the layer `normalization`: one mean and one biased variance for each index of the axes, row-major. */
export interface FeatureStatistics {
  /** The batch being axis 0. */
  readonly axis: readonly number[];
  readonly mean: readonly number[];
  /** Where all values were equal it is 1, so that a value which differs later is not blown up (scikit-learn's rule). */
  readonly variance: readonly number[];
}

export interface FeatureStatisticsOptions {
  /** As the layer's: 2 for each frequency of `[N, T, F, C]`, `[]` for all values alike. Default -1, each channel. */
  readonly axis?: number | readonly number[];
}

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
  const axis = checkAxes(options.axis ?? -1, WHERE);
  let kept: Shape | undefined;
  let places: Places | undefined;
  let count = 0;
  let mean = new Float64Array(0);
  let squares = new Float64Array(0);
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
      }
      const total = count + added.count;
      for (let i = 0; i < mean.length; i++) {
        const difference = added.mean[i] - mean[i];
        mean[i] += (difference * added.count) / total;
        squares[i] += added.squares[i] + (difference * difference * count * added.count) / total;
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
        variance: Array.from(squares, (sum) => (sum === 0 ? 1 : sum / count)),
      };
    },
  };
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
  const { inputShape, targetShape, targetDtype, length } = dataset;
  const accumulator = statisticsAccumulator(options);
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
  for (let i = 0; i < data.length; i++) mean[places[i]] += data[i];
  for (let i = 0; i < size; i++) mean[i] /= count;
  for (let i = 0; i < data.length; i++) {
    const deviation = data[i] - mean[places[i]];
    squares[places[i]] += deviation * deviation;
  }
  return { count, mean, squares };
}

/** For each number of an array of that shape, the row-major index of its coordinates along the axes. */
function placesOf(shape: Shape, axes: readonly number[]): Uint32Array {
  const strides = stridesOf(shape);
  const keptStrides = stridesOf(axes.map((axis) => shape[axis]));
  return Uint32Array.from({ length: sizeOf(shape) }, (_, i) =>
    axes.reduce((sum, axis, k) => sum + (Math.floor(i / strides[axis]) % shape[axis]) * keptStrides[k], 0),
  );
}

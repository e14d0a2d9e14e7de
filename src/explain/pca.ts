/** @file Principal component analysis, exactly. Browser-safe. */
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { formatShape } from "../tensor/shape.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { shownValue } from "../shown-value.ts";

export interface PcaOptions {
  /** Components to keep. Default 2. */
  readonly components?: number;
}

const OPTIONS: OptionNames<PcaOptions> = { components: true };

export interface Pca {
  /** `[N, components]`: the examples along the components. */
  readonly projected: FloatArray;
  /** `[components, D]`: unit vectors, that of the greatest variance first; the largest of each one's elements is positive. */
  readonly components: FloatArray;
  /** The mean of the examples, of length D. */
  readonly mean: Float64Array;
  /** The variance along each component, divided by N - 1. */
  readonly variances: readonly number[];
  /** Each one's share of the variance of all D. */
  readonly shares: readonly number[];
}

/**
 * Finds the directions in which examples differ most, and where each lies along them. It costs about min(N, D)³·60 operations: half
 * a second for vectors of 256, seconds for 512.
 * @param values `[N, D]`, at least two examples: embeddings
 * @throws AuricleError "shape" for other shapes, "argument" for more components than min(N - 1, D), "data" for a NaN or infinity
 */
export function pca(values: FloatArray, options: PcaOptions = {}): Pca {
  checkOptions("pca", options, OPTIONS, "values, ");
  const { components: count = 2 } = options;
  const [length, width] = checkVectors("pca", values, 2);
  const most = Math.min(length - 1, width);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new AuricleError(
      "argument",
      `pca: components must be in 1 … ${most} for ${formatShape(values.shape)}; got ${shownValue(count)}`,
    );
  }
  const mean = new Float64Array(width);
  values.data.forEach((value, i) => (mean[i % width] += value / length));
  const centred = Float64Array.from(values.data, (value, i) => value - mean[i % width]);
  const all = centred.reduce((sum, value) => sum + value * value, 0);
  const { roots, vectors } =
    width <= length ? byColumns(centred, length, width) : byRows(centred, length, width);
  const axes = Array.from({ length: count }, (_, k) => signed(vectors[k]));
  const projected = Float32Array.from({ length: length * count }, (_, i) =>
    dot(axes[i % count], centred, Math.floor(i / count) * width),
  );
  return {
    projected: { shape: [length, count], data: projected },
    components: { shape: [count, width], data: Float32Array.from(axes.flatMap((axis) => [...axis])) },
    mean,
    variances: roots.slice(0, count).map((root) => root / (length - 1)),
    shares: roots.slice(0, count).map((root) => (all > 0 ? root / all : 0)),
  };
}

interface Axes {
  /** Sums of squares along each axis, falling. */
  readonly roots: number[];
  readonly vectors: readonly Float64Array[];
}

/** By the D×D matrix XᵀX. */
function byColumns(x: Float64Array, length: number, width: number): Axes {
  const gram = Array.from({ length: width }, () => new Float64Array(width));
  for (let row = 0; row < length; row++) {
    const values = x.subarray(row * width, (row + 1) * width);
    for (let i = 0; i < width; i++) {
      const [value, sums] = [values[i], gram[i]];
      for (let j = 0; j <= i; j++) sums[j] += value * values[j];
    }
  }
  const { values: roots, vectors } = symmetricEigen(gram);
  return { roots: roots.map((root) => Math.max(0, root)), vectors };
}

/** By the smaller N×N matrix XXᵀ, whose eigenvectors u give Xᵀu. */
function byRows(x: Float64Array, length: number, width: number): Axes {
  const gram = Array.from({ length }, (_, i) =>
    Float64Array.from({ length }, (_, j) =>
      j <= i ? dot(x.subarray(i * width, (i + 1) * width), x, j * width) : 0,
    ),
  );
  const { values, vectors } = symmetricEigen(gram);
  const axes = vectors.map((u) => {
    const axis = new Float64Array(width);
    for (let row = 0; row < length; row++) {
      for (let k = 0; k < width; k++) axis[k] += u[row] * x[row * width + k];
    }
    const norm = Math.sqrt(dot(axis, axis, 0));
    return norm > 0 ? axis.map((value) => value / norm) : axis;
  });
  return { roots: values.map((root) => Math.max(0, root)), vectors: axes };
}

function dot(a: Float64Array, b: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[start + i];
  return sum;
}

/** With the sign with which the largest element is positive; of equally large ones the first. */
function signed(axis: Float64Array): Float64Array {
  let largest = 0;
  axis.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(axis[largest])) largest = i;
  });
  return axis[largest] < 0 ? axis.map((value) => -value) : axis;
}

/**
 * Checks vectors `[N, D]` and returns both sizes.
 * @throws AuricleError "shape" for other shapes or fewer examples, "data" for a NaN or infinity
 */
export function checkVectors(
  where: string,
  { shape, data }: FloatArray,
  least: number,
): readonly [length: number, width: number] {
  const [length, width] = shape;
  if (shape.length !== 2 || length < least || width < 1 || data.length !== length * width) {
    const count = ["no", "one", "two", "three", "four"][least];
    throw new AuricleError(
      "shape",
      `${where}: takes [N, D] of at least ${count} examples; got ${formatShape(shape)}`,
    );
  }
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return [length, width];
  throw new AuricleError("data", `${where}: example ${Math.floor(at / width)} has a NaN or an infinity`);
}

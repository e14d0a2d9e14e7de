/** @file The data set, and operations on any: take a part of it, get its labels. Browser-safe. */

import { AuricleError } from "../errors.ts";
import type { DType } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";

/** Examples that can be read in any order: an input and its target each. */
export interface Dataset {
  readonly name: string;
  /** Number of examples. */
  readonly length: number;
  /** Shape of one input, e.g. `[28,28,1]`. */
  readonly inputShape: Shape;
  /** Names of the axes of one input, e.g. `["height","width","channel"]`. */
  readonly axisNames?: readonly string[];
  /** Shape of one target; `[]` for a class index. */
  readonly targetShape: Shape;
  /** `"int32"` for class indices. */
  readonly targetDtype: DType;
  readonly classNames?: readonly string[];
  /** The class index of each example, where it is known without reading the inputs. */
  readonly labels?: Int32Array;
  /**
   * Writes the examples at `indices` one after the other, row-major: example `indices[i]` fills `inputs` from
   * `i * sizeOf(inputShape)` on, and `targets` likewise. The arrays may be longer than needed; the rest stays.
   * @throws AuricleError "argument" for an index out of range, arrays too short, or targets of the wrong type.
   */
  read(
    indices: ArrayLike<number>,
    inputs: Float32Array,
    targets: Float32Array | Int32Array,
  ): void | Promise<void>;
  /**
   * Called by training before each epoch. A data set whose examples differ from epoch to epoch, such as random crops,
   * makes them depend on the epoch's number; one that reads ahead learns what comes next: `order`, batch by batch.
   * @param epoch from 0
   * @param following where the batches are shares of larger ones: by the last example of each, the one that comes after it in the
   *   larger batch, whose last is followed by its first
   */
  beginEpoch?(epoch: number, order: Uint32Array, batchSize: number, following?: Following): void;
}

/** Which example comes after another one in its batch, by the examples' indices. */
export type Following = ReadonlyMap<number, number>;

/** Whether each target is one class index. */
export function hasClassTargets(dataset: Dataset): boolean {
  return dataset.targetDtype === "int32" && dataset.targetShape.length === 0;
}

/** The checks that {@link Dataset.read} owes its caller. @throws AuricleError "argument". */
export function checkRead(
  dataset: Dataset,
  indices: ArrayLike<number>,
  inputs: Float32Array,
  targets: Float32Array | Int32Array,
): void {
  checkIndices(dataset, indices, "read");
  checkLength(dataset, "inputs", inputs.length, indices.length, dataset.inputShape);
  checkLength(dataset, "targets", targets.length, indices.length, dataset.targetShape);
  const dtype = targets instanceof Int32Array ? "int32" : "float32";
  if (dtype !== dataset.targetDtype) {
    throw new AuricleError(
      "argument",
      `data set "${dataset.name}": read writes ${dataset.targetDtype} targets; got an array of ${dtype}`,
    );
  }
}

function checkLength(dataset: Dataset, what: string, length: number, count: number, shape: Shape): void {
  const needed = count * sizeOf(shape);
  if (length < needed) {
    throw new AuricleError(
      "argument",
      `data set "${dataset.name}": read of ${count} examples of shape ${formatShape(shape)} needs room for ` +
        `${needed} numbers in ${what}; got ${length}`,
    );
  }
}

function checkIndices(dataset: Dataset, indices: ArrayLike<number>, where: string): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= dataset.length) {
      throw new AuricleError(
        "argument",
        `data set "${dataset.name}": ${where} takes example indices in 0 … ${dataset.length - 1}; ` +
          `got ${index} at position ${i}`,
      );
    }
  }
}

/**
 * The data set made of the examples at `indices`, in that order; an index may occur more than once.
 * @throws AuricleError "argument" for an index out of range.
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>, name = dataset.name): Dataset {
  checkIndices(dataset, indices, "subset");
  const chosen = Uint32Array.from(indices);
  const { labels } = dataset;
  const part: Dataset = {
    name,
    length: chosen.length,
    inputShape: dataset.inputShape,
    targetShape: dataset.targetShape,
    targetDtype: dataset.targetDtype,
    ...(dataset.axisNames && { axisNames: dataset.axisNames }),
    ...(dataset.classNames && { classNames: dataset.classNames }),
    ...(labels && { labels: Int32Array.from(chosen, (index) => labels[index]) }),
    ...(dataset.beginEpoch && {
      beginEpoch(epoch: number, order: Uint32Array, batchSize: number, following?: Following) {
        const original = order.map((position) => chosen[position]);
        dataset.beginEpoch?.(epoch, original, batchSize, following && among(chosen, following));
      },
    }),
    read(positions, inputs, targets) {
      checkRead(part, positions, inputs, targets);
      return dataset.read(
        Uint32Array.from(positions, (position) => chosen[position]),
        inputs,
        targets,
      );
    },
  };
  return part;
}

/** The same for the data set that positions are taken from. */
export function among(chosen: Uint32Array, following: Following): Following {
  return new Map([...following].map(([position, next]) => [chosen[position], chosen[next]]));
}

/** How many examples {@link labelsOf} reads at once, where it must read. */
const EXAMPLES_PER_READ = 64;

/**
 * The class index of each example, `[length]`. Reads through the whole data set where it does not know its labels.
 * @throws AuricleError "data" when the targets are not class indices.
 */
export async function labelsOf(dataset: Dataset): Promise<Int32Array> {
  if (!hasClassTargets(dataset)) {
    throw new AuricleError(
      "data",
      `data set "${dataset.name}": labels need one class index (int32, shape []) per example; its targets are ` +
        `${dataset.targetDtype} of shape ${formatShape(dataset.targetShape)}`,
    );
  }
  if (dataset.labels) return dataset.labels;
  const labels = new Int32Array(dataset.length);
  const inputs = new Float32Array(EXAMPLES_PER_READ * sizeOf(dataset.inputShape));
  for (let start = 0; start < dataset.length; start += EXAMPLES_PER_READ) {
    const count = Math.min(EXAMPLES_PER_READ, dataset.length - start);
    const indices = Uint32Array.from({ length: count }, (_, i) => start + i);
    await dataset.read(indices, inputs, labels.subarray(start, start + count));
  }
  return labels;
}

/** @file Examples from arrays or a data set, in the one form that training, evaluation and prediction read. */
import type { Dataset } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import { checkArray, dtypeOf, type DType, type NumericArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Network } from "../network.ts";

/** What a batch is written to; each array holds the batch's examples one after the other. */
export interface BatchArrays {
  readonly inputs: readonly Float32Array[];
  readonly targets: Float32Array | Int32Array;
  /** One weight per example, where the examples have weights. */
  readonly weights: Float32Array | undefined;
}

export interface TargetSpec {
  /** Of one example; `[]` for a class index. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Examples that can be read in any order. */
export interface ExampleSource {
  /** For messages: `data set "mnist"`, `x and y`. */
  readonly name: string;
  readonly length: number;
  readonly target: TargetSpec;
  readonly weighted: boolean;
  read(indices: Uint32Array, batch: BatchArrays): void | Promise<void>;
  /** As {@link Dataset.beginEpoch}. */
  beginEpoch?(epoch: number, order: Uint32Array, batchSize: number): void;
}

/** One array per input of the model; a model with one input takes the array alone. */
export type ModelInputs = NumericArray | readonly NumericArray[];

/** Weights of examples, `[N]`. */
export type SampleWeights = Float32Array | readonly number[];

export function isDataset(data: ModelInputs | Dataset): data is Dataset {
  return "read" in data;
}

/** @throws AuricleError "shape" when the examples are not the network's. */
export function datasetSource(network: Network, dataset: Dataset): ExampleSource {
  const name = `data set "${dataset.name}"`;
  checkInputShapes(network, name, [dataset.inputShape]);
  return {
    name,
    length: dataset.length,
    target: { shape: dataset.targetShape, dtype: dataset.targetDtype },
    weighted: false,
    read: (indices, { inputs, targets }) => dataset.read(indices, inputs[0], targets),
    beginEpoch: (epoch, order, batchSize) => dataset.beginEpoch?.(epoch, order, batchSize),
  };
}

/**
 * Examples in arrays `[N, …]`, kept by reference.
 * @throws AuricleError "shape" when they are not the network's, or counts differ; "data" for unusable weights.
 */
export function arraySource(
  network: Network,
  x: ModelInputs,
  y: NumericArray,
  sampleWeight?: SampleWeights,
): ExampleSource {
  const arrays = inputArrays(network, x);
  const length = arrays[0].shape[0];
  if (y.shape.length === 0 || y.shape[0] !== length) {
    throw new AuricleError(
      "shape",
      `y: must have one target for each of the ${length} examples, [${length},…]; got ${formatShape(y.shape)}`,
    );
  }
  checkArray(y, "y");
  const weights = sampleWeight && checkedWeights(sampleWeight, length);
  return {
    name: "x and y",
    length,
    target: { shape: y.shape.slice(1), dtype: dtypeOf(y) },
    weighted: weights !== undefined,
    read(indices, batch) {
      arrays.forEach((array, i) => copyRows(array, indices, batch.inputs[i]));
      copyRows(y, indices, batch.targets);
      if (weights) batch.weights?.set(Array.from(indices, (index) => weights[index]));
    },
  };
}

/** The inputs as a list. @throws AuricleError "shape" when they are not the network's, or counts differ. */
export function inputArrays(network: Network, x: ModelInputs): readonly NumericArray[] {
  const arrays = "shape" in x ? [x] : x;
  const shapes = arrays.map(({ shape }) => shape);
  const expected = network.inputShapes;
  if (shapes.length === expected.length) {
    const missing = shapes.findIndex((shape, i) => sameShape(shape, expected[i]));
    if (missing >= 0) {
      throw new AuricleError(
        "shape",
        `${network.name}: x must have an axis of examples first, [N,${expected[missing].join(",")}]; ` +
          `got ${formatShape(shapes[missing])}; reshape one example to [1,${expected[missing].join(",")}]`,
      );
    }
  }
  checkInputShapes(
    network,
    "x",
    shapes.map((shape) => shape.slice(1)),
  );
  if (shapes.some((shape) => shape[0] !== shapes[0][0])) {
    throw new AuricleError(
      "shape",
      `${network.name}: all inputs must have the same number of examples; got ${shapes.map(formatShape).join(" and ")}`,
    );
  }
  arrays.forEach((array, i) => checkArray(array, arrays.length === 1 ? "x" : `x, input ${i}`));
  return arrays;
}

function checkInputShapes(network: Network, name: string, shapes: readonly Shape[]): void {
  const expected = network.inputShapes;
  if (shapes.length === expected.length && shapes.every((shape, i) => sameShape(shape, expected[i]))) return;
  throw new AuricleError(
    "shape",
    `${network.name}: one example must be ${expected.map(formatShape).join(" and ")}; ` +
      `${name} has ${shapes.map(formatShape).join(" and ")}`,
  );
}

/** A part of the examples, in the given order. */
export function subsetSource(source: ExampleSource, indices: Uint32Array): ExampleSource {
  return {
    ...source,
    length: indices.length,
    read: (positions, batch) =>
      source.read(
        positions.map((position) => indices[position]),
        batch,
      ),
    beginEpoch: (epoch, order, batchSize) =>
      source.beginEpoch?.(
        epoch,
        order.map((position) => indices[position]),
        batchSize,
      ),
  };
}

/** Copies rows of `[N, …]` one after the other. */
export function copyRows(
  { shape, data }: NumericArray,
  rows: Uint32Array,
  to: Float32Array | Int32Array,
): void {
  const size = sizeOf(shape.slice(1));
  rows.forEach((row, i) => to.set(data.subarray(row * size, (row + 1) * size), i * size));
}

function checkedWeights(weights: SampleWeights, length: number): Float32Array {
  if (weights.length !== length) {
    throw new AuricleError(
      "shape",
      `sampleWeight: must have one weight for each of the ${length} examples; got ${weights.length}`,
    );
  }
  const example = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (example >= 0) {
    throw new AuricleError(
      "data",
      `sampleWeight: every weight must be 0 or more; got ${weights[example]} for example ${example}`,
    );
  }
  return Float32Array.from(weights);
}

/** @file Examples from arrays or a data set, in the one form that training, evaluation and prediction read. */
import { among, type Dataset, type Following } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import { checkArray, dtypeOf, type FloatArray, type NumericArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { InferenceNetwork } from "../inference-network.ts";
import { perOutput, type GivenPerOutput } from "../per-output.ts";
import type { BatchArrays, TargetSpec, Weighted } from "./batch.ts";
import type { TrainedNetwork, TrainedOutput } from "./trained-outputs.ts";

/** Examples that can be read in any order. */
export interface ExampleSource {
  /** For messages: `data set "mnist"`, `x and y`. */
  readonly name: string;
  readonly length: number;
  /** For each trained output. */
  readonly targets: readonly TargetSpec[];
  /** For each trained output, what has weights of its own. */
  readonly weighted: readonly Weighted[];
  read(indices: Uint32Array, batch: BatchArrays): void | Promise<void>;
  /** As {@link Dataset.beginEpoch}. */
  beginEpoch?(epoch: number, order: Uint32Array, batchSize: number, following?: Following): void;
}

/**
 * One array per input of the model, as a list or by the inputs' names; a model with one input takes the array alone.
 */
export type ModelInputs = NumericArray | readonly NumericArray[] | Readonly<Record<string, NumericArray>>;

/** Weights of examples, `[N]`, or of their positions, for outputs `[N, …, C]` a {@link FloatArray} `[N, …]`. */
export type SampleWeights = Float32Array | readonly number[] | FloatArray;

export function isDataset(data: ModelInputs | Dataset): data is Dataset {
  return "read" in data && typeof data.read === "function";
}

/**
 * @throws AuricleError "shape" when the examples are not the network's, "argument" for a model that is trained on several
 *   outputs: a data set has one target for an example.
 */
export function datasetSource({ network, outputs }: TrainedNetwork, dataset: Dataset): ExampleSource {
  const name = `data set "${dataset.name}"`;
  checkInputShapes(network, name, [dataset.inputShape]);
  if (outputs.length > 1) {
    throw new AuricleError(
      "argument",
      `${network.name}: ${name} has one target for an example, and the model is trained on the outputs ` +
        `${outputs.map(({ name }) => name).join(", ")}; give arrays: fit(x, { ${outputs[0].name}: …, … })`,
    );
  }
  return {
    name,
    length: dataset.length,
    targets: [{ shape: dataset.targetShape, dtype: dataset.targetDtype }],
    weighted: [false],
    read: (indices, { inputs, targets }) => dataset.read(indices, inputs[0], targets[0]),
    beginEpoch: (...epoch) => dataset.beginEpoch?.(...epoch),
  };
}

/**
 * Examples in arrays `[N, …]`, kept by reference.
 * @throws AuricleError "shape" when they are not the network's, or counts differ; "data" for unusable weights.
 */
export function arraySource(
  { network, outputs }: TrainedNetwork,
  x: ModelInputs,
  y: GivenPerOutput<NumericArray>,
  sampleWeight?: GivenPerOutput<SampleWeights>,
): ExampleSource {
  const arrays = inputArrays(network, x);
  const length = arrays[0].shape[0];
  const targets = targetArrays(network, outputs, y, length);
  const weights = exampleWeights(network, outputs, sampleWeight, length);
  return {
    name: "x and y",
    length,
    targets: targets.map((array) => ({ shape: array.shape.slice(1), dtype: dtypeOf(array) })),
    weighted: weights.map((own) => own !== undefined && (own.shape.length > 1 ? "positions" : "examples")),
    read(indices, batch) {
      arrays.forEach((array, i) => copyRows(array, indices, batch.inputs[i]));
      targets.forEach((array, i) => copyRows(array, indices, batch.targets[i]));
      weights.forEach((own, i) => own && copyWeights(own, indices, batch.weights[i]));
    },
  };
}

/** The targets of each trained output. @throws AuricleError "shape" when their counts differ, "argument" for a missing one. */
function targetArrays(
  network: InferenceNetwork,
  outputs: readonly TrainedOutput[],
  y: GivenPerOutput<NumericArray>,
  length: number,
): readonly NumericArray[] {
  const given = perOutput(network, "y", y);
  refuseUntrained(network, outputs, "y", given);
  return outputs.map(({ index, name, part }) => {
    const array = given[index];
    const what = part("y");
    if (array === undefined) {
      throw new AuricleError(
        "argument",
        `${network.name}: y must have targets for output ${name}, which has a loss; ${what} is missing`,
      );
    }
    if (array.shape.length === 0 || array.shape[0] !== length) {
      throw new AuricleError(
        "shape",
        `${what}: must have one target for each of the ${length} examples, [${length},…]; got ${formatShape(array.shape)}`,
      );
    }
    checkArray(array, what);
    return array;
  });
}

/** The weights of each trained output's examples. Weights that are given alone are those of every output, as in Keras. */
function exampleWeights(
  network: InferenceNetwork,
  outputs: readonly TrainedOutput[],
  sampleWeight: GivenPerOutput<SampleWeights> | undefined,
  length: number,
): readonly (FloatArray | undefined)[] {
  if (sampleWeight === undefined) return outputs.map(() => undefined);
  if (isSampleWeights(sampleWeight)) {
    return outputs.map(({ shape }) => checkedWeights(sampleWeight, length, shape, "sampleWeight"));
  }
  const given = perOutput(network, "sampleWeight", sampleWeight);
  refuseUntrained(network, outputs, "sampleWeight", given);
  return outputs.map(({ index, shape, part }) => {
    const own = given[index];
    return own && checkedWeights(own, length, shape, part("sampleWeight"));
  });
}

function isSampleWeights(given: GivenPerOutput<SampleWeights>): given is SampleWeights {
  if (Array.isArray(given)) return typeof given[0] !== "object";
  return given instanceof Float32Array || ("shape" in given && Array.isArray(given.shape));
}

/** @throws AuricleError "argument" for data given for an output without a loss: they would change nothing. */
export function refuseUntrained(
  network: InferenceNetwork,
  outputs: readonly TrainedOutput[],
  what: string,
  given: readonly unknown[],
): void {
  const untrained = network.outputs.find(
    (_, i) => given[i] !== undefined && !outputs.some(({ index }) => index === i),
  );
  if (!untrained) return;
  throw new AuricleError(
    "argument",
    `${network.name}: output ${untrained.name} has no loss; give compile one, or leave out its ${what}`,
  );
}

/** The inputs as a list. @throws AuricleError "shape" when they are not the network's, or counts differ. */
export function inputArrays(network: InferenceNetwork, x: ModelInputs): readonly NumericArray[] {
  const arrays = listOfInputs(network, x);
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

function listOfInputs(network: InferenceNetwork, x: ModelInputs): readonly NumericArray[] {
  if (isList(x)) return x;
  if (isArray(x)) return [x];
  const names = network.inputNames;
  const given = Object.keys(x);
  const missing = names.find((name) => !Object.hasOwn(x, name));
  const unknown = given.find((name) => !names.includes(name));
  if (missing === undefined && unknown === undefined) return names.map((name) => x[name]);
  throw new AuricleError(
    "argument",
    `${network.name}: x must have an array for each input, ${names.join(", ")}; got ${given.join(", ") || "none"}`,
  );
}

function isList(x: ModelInputs): x is readonly NumericArray[] {
  return Array.isArray(x);
}

function isArray(x: NumericArray | Readonly<Record<string, NumericArray>>): x is NumericArray {
  return Array.isArray(x.shape);
}

function checkInputShapes(network: InferenceNetwork, name: string, shapes: readonly Shape[]): void {
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
    beginEpoch: (epoch, order, batchSize, following) =>
      source.beginEpoch?.(
        epoch,
        order.map((position) => indices[position]),
        batchSize,
        following && among(indices, following),
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

/** Weights of these examples; one for each example is repeated where each position takes one. */
function copyWeights({ shape, data }: FloatArray, indices: Uint32Array, to: Float32Array | undefined): void {
  if (!to) return;
  const own = sizeOf(shape.slice(1));
  const wanted = to.length / indices.length;
  indices.forEach((index, i) => {
    if (own === wanted) to.set(data.subarray(index * own, (index + 1) * own), i * wanted);
    else to.fill(data[index], i * wanted, (i + 1) * wanted);
  });
}

/** @param outputShape the shape of one example's output */
function checkedWeights(given: SampleWeights, length: number, outputShape: Shape, what: string): FloatArray {
  const isArrayWithShape = "shape" in given;
  if (isArrayWithShape) checkArray(given, what);
  const data = isArrayWithShape ? given.data : given;
  const shape = isArrayWithShape ? given.shape : [given.length];
  const positions = [length, ...outputShape.slice(0, -1)];
  if (!sameShape(shape, [length]) && !sameShape(shape, positions)) {
    const orPositions = positions.length > 1 ? `, or one for each position, ${formatShape(positions)}` : "";
    throw new AuricleError(
      "shape",
      `${what}: must have one weight for each of the ${length} examples${orPositions}; got ` +
        (isArrayWithShape ? formatShape(shape) : String(data.length)),
    );
  }
  const at = data.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  if (at >= 0) {
    throw new AuricleError(
      "data",
      `${what}: every weight must be 0 or more; got ${data[at]} for example ${Math.floor(at / (data.length / length))}`,
    );
  }
  return { shape, data: Float32Array.from(data) };
}

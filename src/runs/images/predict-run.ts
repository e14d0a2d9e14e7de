/** @file Evaluation of a run's model on test data, and its predictions for single images. Node only. */

import { parseIdx, type Dataset, type LoadOptions } from "../../data/index.ts";
import { AuricleError } from "../../errors.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import { formatShape, sameShape, sizeOf } from "../../tensor/shape.ts";
import type { Precision } from "../../runtime/precision.ts";
import { accuracyCost, type AccuracyCost } from "./accuracy-cost.ts";
import { openDataSource } from "./data-source.ts";
import { loadImageRun, type LoadedRun } from "./load-image-run.ts";
import type { TrainedImageModel } from "../trained-model.ts";
import type { Warn } from "../observer.ts";
import { softmax } from "./softmax.ts";
import { classNamesOf, testModel, type TestResult } from "./test-result.ts";

export interface EvaluateOptions extends Omit<LoadOptions, "role"> {
  /** A data set's name or a folder; default: the run's own. */
  readonly data?: string;
  readonly threads?: number;
  /** Default "float32". */
  readonly precision?: Precision;
  /** Told where the weights are not the best ones. */
  readonly warn: Warn;
}

export interface Evaluation {
  /** The run's folder, absolute. */
  readonly path: string;
  /** Short, for people. */
  readonly dataName: string;
  /** In float32. */
  readonly test: TestResult;
  /** The cost of bfloat16, if that was asked for. */
  readonly cost: AccuracyCost | undefined;
}

/**
 * Tests a run's model in float32, and in bfloat16 too if that is the precision.
 * @throws AuricleError "file" when there is no such run, "data" when the data do not fit it, "unsupported" for a precision
 *   that there is not.
 */
export async function evaluateImageRun(run: string, options: EvaluateOptions): Promise<Evaluation> {
  const loaded = await loadImageRun(run, options, options.warn);
  const { model, config, path } = loaded;
  const source = await openDataSource(options.data ?? config.data, options);
  const dataset = await source.load("test");
  checkClasses(loaded, dataset);
  const test = await testModel(model, dataset, config.classNames, "float32");
  const cost =
    options.precision === "bfloat16"
      ? await accuracyCost(model, dataset, config.classNames, test)
      : undefined;
  return { path, dataName: source.shortName, test, cost };
}

/** Classes must have the same names, but in data where they have none, only numbers. */
function checkClasses({ config }: LoadedRun, dataset: Dataset): void {
  const [own, others] = [config.classNames, classNamesOf(dataset)];
  const areNumbers = (names: readonly string[]) => names.every((name, c) => name === String(c));
  const fit = own.length === others.length && own.every((name, c) => name === others[c]);
  if (fit || (own.length >= others.length && (areNumbers(own) || areNumbers(others)))) return;
  throw new AuricleError(
    "data",
    `data set "${dataset.name}": the run's model distinguishes ${own.join(", ")}; the classes of these data are ` +
      `${others.join(", ")}`,
  );
}

/** A model's prediction for one image. */
export interface Prediction {
  /** The file or the data set. */
  readonly source: string;
  /** Its number in it, from 0. */
  readonly example: number;
  /** undefined where it is not known. */
  readonly trueClass: string | undefined;
  readonly classNames: readonly string[];
  /** By class; the sum is 1. */
  readonly probabilities: Float32Array;
}

type Show = (prediction: Prediction) => void;

/** Predicts examples of the test data that belong to the model, by number. @throws AuricleError "argument" for a number out of range. */
export async function predictTestExamples(
  trained: TrainedImageModel,
  examples: readonly number[],
  options: Omit<LoadOptions, "role">,
  show: Show,
): Promise<void> {
  const { path, data, classNames } = trained;
  if (data === undefined) {
    throw new AuricleError("argument", `${path}: the model does not say which data it was trained on`);
  }
  const source = await openDataSource(data, options);
  const dataset = await source.load("test");
  const outside = examples.find((example) => example >= dataset.length);
  if (outside !== undefined) {
    throw new AuricleError(
      "argument",
      `predict: ${dataset.name} has the examples 0 … ${dataset.length - 1}; got ${outside}`,
    );
  }
  const inputs = new Float32Array(examples.length * sizeOf(dataset.inputShape));
  const labels = new Int32Array(examples.length);
  await dataset.read(examples, inputs, labels);
  const rows = await probabilitiesOf(trained, inputs, examples.length);
  rows.forEach((probabilities, i) =>
    show({
      source: dataset.name,
      example: examples[i],
      trueClass: classNames[labels[i]],
      classNames,
      probabilities,
    }),
  );
}

/** Predicts all images of IDX files. @throws AuricleError "file" for what is no IDX file, "shape" when it does not fit. */
export async function predictFiles(
  trained: TrainedImageModel,
  files: readonly string[],
  show: Show,
): Promise<void> {
  const { classNames } = trained;
  for (const file of files) {
    const { inputs, count } = await readImages(trained, file);
    const rows = await probabilitiesOf(trained, inputs, count);
    rows.forEach((probabilities, example) =>
      show({ source: file, example, trueClass: undefined, classNames, probabilities }),
    );
  }
}

async function readImages(
  { model }: TrainedImageModel,
  file: string,
): Promise<{ inputs: Float32Array; count: number }> {
  const { shape, data } = await parseIdx(await readFileBytes(file), file);
  const expected = model.network.inputShapes[0];
  const [count, ...image] = shape;
  const withChannel = image.length === expected.length - 1 ? [...image, 1] : image;
  if (!(data instanceof Uint8Array) || !sameShape(withChannel, expected)) {
    throw new AuricleError(
      "shape",
      `${file}: the run's model takes images of shape ${formatShape(expected)}, as bytes; got ` +
        `${data.constructor.name} of shape ${formatShape(shape)}`,
    );
  }
  return { inputs: Float32Array.from(data, (byte) => byte / 255), count };
}

async function probabilitiesOf(
  { model, classNames }: TrainedImageModel,
  inputs: Float32Array,
  count: number,
): Promise<Float32Array[]> {
  const classes = classNames.length;
  const shape = [count, ...model.network.inputShapes[0]];
  const outputs = await model.predict({ shape, data: inputs });
  return Array.from({ length: count }, (_, row) =>
    softmax(outputs.data.subarray(row * classes, (row + 1) * classes)),
  );
}

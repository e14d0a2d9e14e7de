/** @file The arguments of `fit` and `evaluate` as sources of examples. */
import type { Dataset } from "../../data/dataset.ts";
import { AuricleError } from "../../errors.ts";
import type { NumericArray } from "../../tensor/array.ts";
import type { GivenPerOutput } from "../per-output.ts";
import { indexRange } from "./evaluate.ts";
import {
  arraySource,
  datasetSource,
  isDataset,
  subsetSource,
  type ExampleSource,
  type ModelInputs,
  type SampleWeights,
} from "./example-source.ts";
import type { Trainer } from "./trainer.ts";
import { shownValue } from "../../shown-value.ts";

/** Targets in the form of the model's outputs. */
export type GivenTargets = GivenPerOutput<NumericArray>;

/** Weights in the form of the model's outputs, or those of all outputs. */
export type GivenWeights = GivenPerOutput<SampleWeights>;

/** `validationData` of any model. */
export type GivenValidation =
  Dataset | readonly [ModelInputs, GivenTargets] | readonly [ModelInputs, GivenTargets, GivenWeights];

/**
 * The second and third argument of `fit(dataset, options)` and `fit(x, y, options)`, told apart by the first.
 * @throws AuricleError "argument" when the first is neither, or more comes behind a data set's options
 */
export function argumentsOf<O extends object>(
  where: string,
  data: ModelInputs | Dataset,
  yOrOptions: GivenTargets | O | undefined,
  options: O,
): { y: GivenTargets | undefined; options: O } {
  if (typeof data !== "object" || data === null) {
    throw new AuricleError(
      "argument",
      `${where}: needs arrays, ${where}(x, y, options), or a data set, ${where}(dataset, options); got ${shownValue(data)}`,
    );
  }
  if (!isDataset(data)) return { y: yOrOptions as GivenTargets | undefined, options };
  if (yOrOptions !== undefined && Object.keys(options).length > 0) {
    throw new AuricleError(
      "argument",
      `${where}: a data set has its targets: ${where}(dataset, options); got a third argument`,
    );
  }
  return { y: undefined, options: (yOrOptions as O | undefined) ?? options };
}

/** The arguments before the options, for messages. */
export function beforeOptions(data: ModelInputs | Dataset): string {
  return isDataset(data) ? "dataset, " : "x, y, ";
}

/** @throws AuricleError "argument" when arrays come without targets or a data set with weights; as the sources. */
export function sourceOf(
  trainer: Trainer,
  data: ModelInputs | Dataset,
  y: GivenTargets | undefined,
  sampleWeight?: GivenWeights,
): ExampleSource {
  const { network } = trainer;
  if (isDataset(data)) {
    if (sampleWeight !== undefined) {
      throw new AuricleError("argument", "sampleWeight: goes with arrays; a data set has none");
    }
    return datasetSource(trainer, data);
  }
  if (y === undefined || (network.outputForm === "one" && !("shape" in y && "data" in y))) {
    throw new AuricleError("argument", `${network.name}: arrays of inputs need targets: (x, y, options)`);
  }
  return arraySource(trainer, data, y, sampleWeight);
}

export interface SplitOptions {
  readonly validationData?: GivenValidation;
  readonly validationSplit?: number;
}

/** The examples to train on, and those to validate with. @throws AuricleError "argument" for options that exclude each other. */
export function splitSource(
  trainer: Trainer,
  source: ExampleSource,
  { validationData, validationSplit }: SplitOptions,
): { training: ExampleSource; validation: ExampleSource | undefined } {
  if (validationData !== undefined && validationSplit !== undefined) {
    throw new AuricleError("argument", "fit: give validationData or validationSplit, not both");
  }
  if (validationSplit !== undefined) {
    if (!(validationSplit > 0 && validationSplit < 1)) {
      throw new AuricleError(
        "argument",
        `fit: validationSplit must be above 0 and below 1; got ${shownValue(validationSplit)}`,
      );
    }
    const count = Math.floor(source.length * (1 - validationSplit));
    return {
      training: subsetSource(source, indexRange(0, count)),
      validation: subsetSource(source, indexRange(count, source.length - count)),
    };
  }
  if (!validationData) return { training: source, validation: undefined };
  const validation =
    "read" in validationData
      ? sourceOf(trainer, validationData, undefined)
      : sourceOf(trainer, validationData[0], validationData[1], validationData[2]);
  return { training: source, validation };
}

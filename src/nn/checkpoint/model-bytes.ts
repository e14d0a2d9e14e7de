/**
 * @file The model file: one safetensors file (https://github.com/huggingface/safetensors), so that other tools can read the
 * numbers and that a rename makes the whole of it visible at once. Browser-safe; files are read and written by
 * model-file.ts.
 *
 *     tensors       weights/<layer>/<weight>             as the layer has them, float32
 *                   optimizer/<slot>/<layer>/<weight>    the optimizer's state
 *                   callback/<n>/<layer>/<weight>        weights that the n-th stored callback keeps (the best ones)
 *     __metadata__  format          "auricle-model"
 *                   formatVersion   "1"
 *                   auricleVersion  the version that wrote it
 *                   model           JSON: the network's layers and connections, and the user's metadata
 *                   training        JSON: optimizer, loss, step, epoch, history, …; absent without training
 *                   checksum        over the two texts and all tensors
 */
import { AuricleError } from "../../errors.ts";
import type { Bytes } from "../../io/bytes.ts";
import { writeSafetensors } from "../../io/safetensors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { AURICLE_VERSION } from "../../version.ts";
import { Model } from "../model.ts";
import { networkFromConfig } from "../network-from-config.ts";
import { optimizerFromConfig } from "../optimizers/index.ts";
import type { ModelOutputs } from "../per-output.ts";
import { checksum } from "./checksum.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./load-options.ts";
import { FORMAT_VERSION } from "./schema.ts";
import {
  asFileError,
  DEEPEST,
  FORMAT,
  isDeeper,
  parseText,
  readContent,
  WEIGHTS,
  weightsOf,
} from "./stored-content.ts";
import { trainingSchema, type StoredTraining } from "./training-schema.ts";
import { describeTraining, restoreTraining, storedOutputs, trainingTensors } from "./training-state.ts";

export interface SaveOptions {
  /**
   * Also all that a training needs to go on: optimizer, step, history, callbacks. Twice to three times as large.
   * Default: true for a compiled model.
   */
  readonly includeTraining?: boolean;
}

const SAVE_OPTIONS: OptionNames<SaveOptions> = { includeTraining: true };

/**
 * A model as the content of a model file.
 * @throws AuricleError "argument" for metadata that are nested too deep to be read again.
 */
export function modelToBytes(model: Model<ModelOutputs>, options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
  checkOptions("saveModel", options, SAVE_OPTIONS, "model, path, ");
  if (isDeeper(model.metadata, DEEPEST - 1)) {
    throw new AuricleError(
      "argument",
      `${model.name}: metadata may be nested at most ${DEEPEST - 1} levels deep; they are deeper`,
    );
  }
  const includeTraining = options.includeTraining ?? model.isCompiled;
  const tensors = new Map<string, FloatArray>();
  for (const [path, array] of model.getWeights()) tensors.set(WEIGHTS + path, array);
  const texts = [sortedJson({ network: model.network.config, metadata: model.metadata })];
  if (includeTraining) {
    for (const [name, array] of trainingTensors(model.trainer)) tensors.set(name, array);
    texts.push(sortedJson(describeTraining(model.trainer)));
  }
  const [modelText, trainingText] = texts;
  return writeSafetensors(tensors, {
    format: FORMAT,
    formatVersion: String(FORMAT_VERSION),
    auricleVersion: AURICLE_VERSION,
    model: modelText,
    ...(includeTraining && { training: trainingText }),
    checksum: checksum(texts, tensors),
  });
}

/**
 * A model from the content of a model file; compiled, and ready to `fit` with `resume: true`, if it was saved with its
 * training.
 * @typeParam Outputs what the model predicts, where it has several outputs: `{ genre: FloatArray; tempo: FloatArray }`
 * @param file the file's name, for messages
 * @throws AuricleError "file" naming the file and the fault, for any content that is not a whole model; "argument" for
 *   anything but bytes.
 * @example
 * const response = await fetch("genres.safetensors");
 * const model = modelFromBytes(await response.arrayBuffer());
 */
export function modelFromBytes<Outputs extends ModelOutputs = FloatArray>(
  content: Bytes,
  file = "the model",
  options: LoadOptions = {},
): Model<Outputs> {
  checkOptions("loadModel", options, LOAD_OPTIONS, "path, ");
  const { model: stored, tensors, training } = readContent(content, file);
  const { target, threads, algorithms, precision } = options;
  try {
    const network = networkFromConfig(stored.network, weightsOf(tensors));
    const model = new Model<Outputs>(network, { target, threads, algorithms, precision });
    model.metadata = stored.metadata;
    if (training !== undefined) {
      resumeTraining(model, parseText(trainingSchema, training, "training", file), tensors, options);
    }
    return model;
  } catch (error) {
    throw asFileError(file, error);
  }
}

function resumeTraining(
  model: Model<ModelOutputs>,
  stored: StoredTraining,
  tensors: ReadonlyMap<string, NumericArray>,
  options: LoadOptions,
): void {
  const outputs = storedOutputs(model.network, stored, options);
  if (!outputs) return;
  model.compile({ optimizer: optimizerFromConfig(stored.optimizer), ...outputs });
  restoreTraining(model.trainer, stored, tensors);
}

/** JSON with the keys of objects in order: equal models give equal files. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

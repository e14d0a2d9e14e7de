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
import type * as z from "zod/mini";
import { AuricleError } from "../../errors.ts";
import { checkValue } from "../../io/check-value.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import { readSafetensors, writeSafetensors } from "../../io/safetensors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { Model } from "../model.ts";
import { Network } from "../network.ts";
import { optimizerFromConfig } from "../optimizers/index.ts";
import type { ModelOutputs } from "../per-output.ts";
import { checksum } from "./checksum.ts";
import { LOAD_OPTIONS, type LoadOptions } from "./load-options.ts";
import { FORMAT_VERSION, modelSchema, trainingSchema, type StoredTraining } from "./schema.ts";
import { describeTraining, restoreTraining, storedOutputs, trainingTensors } from "./training-state.ts";
import { AURICLE_VERSION } from "../../version.ts";

const FORMAT = "auricle-model";
const WEIGHTS = "weights/";

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
  const { tensors, metadata } = readSafetensors(bytesOf(content, file), file);
  checkFormat(metadata, file);
  const texts = [metadata.model, ...("training" in metadata ? [metadata.training] : [])];
  if (checksum(texts, tensors) !== metadata.checksum) {
    throw new AuricleError(
      "file",
      `${file}: the checksum does not fit the content: the file is damaged; use a copy or an earlier one`,
    );
  }
  const stored = parse(modelSchema, metadata.model, "model", file);
  const { target, threads, algorithms, precision } = options;
  return namingFile(file, () => {
    const network = Network.fromConfig(stored.network, weightsOf(tensors));
    const model = new Model<Outputs>(network, { target, threads, algorithms, precision });
    model.metadata = stored.metadata;
    if ("training" in metadata) {
      resumeTraining(model, parse(trainingSchema, metadata.training, "training", file), tensors, options);
    }
    return model;
  });
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

function weightsOf(tensors: ReadonlyMap<string, NumericArray>): Map<string, FloatArray> {
  const weights = new Map<string, FloatArray>();
  for (const [name, { shape, data }] of tensors) {
    if (!name.startsWith(WEIGHTS)) continue;
    if (data instanceof Int32Array) {
      throw new AuricleError("argument", `tensor "${name}" must be float32; got int32`);
    }
    weights.set(name.slice(WEIGHTS.length), { shape, data });
  }
  return weights;
}

/** JSON with the keys of objects in order: equal models give equal files. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function checkFormat(metadata: Readonly<Record<string, string>>, file: string): void {
  if (metadata.format !== FORMAT) {
    throw new AuricleError(
      "file",
      `${file}: must be a model file, with format "${FORMAT}" in its metadata; ` +
        `got ${metadata.format === undefined ? "none" : JSON.stringify(metadata.format)}`,
    );
  }
  if (metadata.formatVersion !== String(FORMAT_VERSION)) {
    throw new AuricleError(
      "file",
      `${file}: has format version ${metadata.formatVersion}, written by Auricle ${metadata.auricleVersion}; ` +
        `this is Auricle ${AURICLE_VERSION}, which reads version ${FORMAT_VERSION}; use a matching release`,
    );
  }
  if (metadata.model === undefined)
    throw new AuricleError("file", `${file}: holds no description of a model`);
}

/** Far more levels than any description has, and far fewer than fill a call stack. */
const DEEPEST = 100;

/** Whether lists and objects lie within each other more than so many levels deep. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

function parse<S extends z.ZodMiniType>(schema: S, text: string, what: string, file: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AuricleError("file", `${file}: its ${what} description is not JSON`, { cause });
  }
  if (isDeeper(value, DEEPEST)) {
    throw new AuricleError(
      "file",
      `${file}: its ${what} description must be nested at most ${DEEPEST} levels deep; it is deeper`,
    );
  }
  const parsed = checkValue(schema, value);
  if (parsed.success) return parsed.data;
  throw new AuricleError("file", `${file}: its ${what} description is malformed: ${parsed.problem}`);
}

/** Errors of what a file describes become errors of the file. */
function namingFile<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof AuricleError) || error.code === "file" || error.code === "unsupported")
      throw error;
    throw new AuricleError("file", `${file}: ${error.message}`, { cause: error });
  }
}

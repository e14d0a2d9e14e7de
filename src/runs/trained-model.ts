/** @file A trained model, of a run or from a model file by itself. Browser-safe. */

import { findPretrained } from "#here/pretrained/find-model";
import { audioDescription, isAudioModelDescribed } from "../audio-model/description.ts";
import type { Task } from "../data/collection/collection.ts";
import type { ObtainOptions } from "../data/obtain-options.ts";
import { imageDescription } from "../image-model/description.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { EngineOptions, Model } from "../nn/index.ts";
import { isEarlierImageRun } from "./kinds.ts";
import { loadTrained } from "./model-files.ts";
import { loadRun } from "./load-run.ts";
import type { Warn } from "./observer.ts";
import type { KindName } from "./options/option.ts";
import { exists, findRun, hasRun } from "./run-folder.ts";
import type { TrainingConfig } from "./training-config.ts";

/** A trained model; what it takes and gives is in its metadata. */
export interface TrainedModel {
  readonly kind: KindName;
  /** The run's folder, absolute, or the model file as it was named. */
  readonly path: string;
  readonly model: Model;
  /** The configuration of the run; undefined for a model file by itself, and for a run on images of an earlier version. */
  readonly config: TrainingConfig | undefined;
}

/** A trained model, and the meaning of its outputs; plain data. */
export interface ModelFacts extends Pick<TrainedModel, "kind" | "path"> {
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression, by output. */
  readonly classNames: readonly string[];
}

/** Says what a model takes and gives. @throws AuricleError "file" where its metadata do not say it. */
export function factsOf({ kind, path, model }: TrainedModel): ModelFacts {
  const described = kind === "sound" ? audioDescription(model.metadata, path) : imageDescription(model, path);
  const { task, classNames } = described;
  return { kind, path, task, classNames };
}

/** How a model is read, and a published one got. */
export type OpenModelOptions = Pick<EngineOptions, "target" | "threads" | "precision"> & ObtainOptions;

/**
 * Reads the model of a run, one model file, or a published network, which is downloaded if need be.
 * @param place a run's folder, a .safetensors file, or a pretrained model's name; what is there as a file or a run goes first
 * @param warn is told where the weights are not the best ones, as their file is damaged or gone
 * @throws AuricleError "file" when there is none of them, no epoch is finished, or the file is damaged or holds another model.
 */
export async function openTrainedModel(
  place: string,
  { target, threads, precision, ...obtaining }: OpenModelOptions,
  warn: Warn,
): Promise<TrainedModel> {
  const engine = { target, threads, precision };
  const file = (await exists(place)) ? place : await pretrainedFile(place, obtaining, warn);
  if (file !== undefined) return described(file, await loadModel(file, engine));
  const path = await findRun(place);
  if (await isEarlierImageRun(path)) {
    return described(path, await loadTrained(path, (file) => loadModel(file, engine), warn));
  }
  const { kind, config, model } = await loadRun(path, engine, warn);
  return { kind: kind.name, path, model, config };
}

async function pretrainedFile(
  place: string,
  obtaining: ObtainOptions,
  warn: Warn,
): Promise<string | undefined> {
  if (await hasRun(place)) return undefined;
  const { dataFolder, download, onProgress } = obtaining;
  return findPretrained(place, { dataFolder, download, onProgress, warn });
}

/** A model without a configuration. @throws AuricleError "file" where its metadata do not say what it takes. */
function described(path: string, model: Model): TrainedModel {
  if (isAudioModelDescribed(model.metadata)) return { kind: "sound", path, model, config: undefined };
  imageDescription(model, path);
  return { kind: "images", path, model, config: undefined };
}

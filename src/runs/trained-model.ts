/** @file A trained model, of a run or from a model file by itself. Browser-safe. */

import { isAudioModelDescribed } from "../audio-model/description.ts";
import { AuricleError } from "../errors.ts";
import { loadModel } from "../nn/checkpoint/model-file.ts";
import type { EngineOptions, Json, Model } from "../nn/index.ts";
import { loadImageRun } from "./images/load-image-run.ts";
import type { Warn } from "./observer.ts";
import { exists, findRun } from "./run-folder.ts";
import { loadRun } from "./load-run.ts";
import { isEarlierImageRun } from "./kinds.ts";
import type { TrainingConfig } from "./training-config.ts";

/** A model of sound; what it takes and gives is in its metadata. */
export interface TrainedSoundModel {
  readonly kind: "sound";
  /** The run's folder, absolute, or the model file as it was named. */
  readonly path: string;
  readonly model: Model;
  /** The configuration of the run; undefined for a model file by itself. */
  readonly config: TrainingConfig | undefined;
}

/** A classifier of images. */
export interface TrainedImageModel {
  readonly kind: "images";
  /** The run's folder, absolute, or the model file as it was named. */
  readonly path: string;
  readonly model: Model;
  /** By output. */
  readonly classNames: readonly string[];
  /** The name or the folder of the data that it was trained on; undefined where a model file does not say. */
  readonly data: string | undefined;
}

export type TrainedModel = TrainedSoundModel | TrainedImageModel;

/**
 * Reads the model of a run, or one model file.
 * @param place a run's folder or a .safetensors file
 * @param warn is told where the weights are not the best ones, as their file is damaged or gone
 * @throws AuricleError "file" when there is neither, no epoch is finished, or the file is damaged or holds another model.
 */
export async function openTrainedModel(
  place: string,
  { threads, precision }: Pick<EngineOptions, "threads" | "precision">,
  warn: Warn,
): Promise<TrainedModel> {
  const engine = { threads, precision };
  if (await exists(place)) return fromFile(place, engine);
  const path = await findRun(place);
  if (!(await isEarlierImageRun(path))) return { ...(await loadRun(path, engine, warn)), kind: "sound" };
  const { model, config } = await loadImageRun(path, engine, warn);
  return { kind: "images", path, model, classNames: config.classNames, data: config.data };
}

async function fromFile(
  path: string,
  engine: Pick<EngineOptions, "threads" | "precision">,
): Promise<TrainedModel> {
  const model = await loadModel(path, engine);
  const { metadata } = model;
  if (isAudioModelDescribed(metadata)) return { kind: "sound", path, model, config: undefined };
  const { data, classNames } = metadata;
  if (!isNames(classNames) || model.network.outputShape.join() !== String(classNames.length)) {
    throw new AuricleError(
      "file",
      `${path}: the model does not describe its outputs, as models written by auricle train do: it is neither a ` +
        "model of sound nor do its metadata name a class for each output",
    );
  }
  return { kind: "images", path, model, classNames, data: typeof data === "string" ? data : undefined };
}

function isNames(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

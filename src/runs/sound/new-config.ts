/** @file The configuration of a new run on sound. Node only. */

import { resolve } from "node:path";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { defaultAugmentation } from "../../data/audio/features/augment/default-augmentation.ts";
import { DEFAULT_FRACTIONS, type AudioCollection } from "../../data/audio/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { chooseAlgorithms } from "../../runtime/algorithm-policy.ts";
import { chooseTarget } from "../../runtime/target.ts";
import { defaultEpochs, defaultWindowsPerClip } from "./recipe.ts";
import { recipeOf } from "./recipes.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { SoundRequest } from "./sound-run.ts";

/** The facts about the data that a configuration needs. */
export interface DataFacts {
  readonly model: SoundConfig["model"];
  readonly frontEnd: FrontEndConfig;
  readonly windowFrames: number;
  readonly heard?: SoundRange;
  /** The shape of one step of the features. */
  readonly stepShape: readonly number[];
  readonly split: SoundConfig["split"];
  /** The number of clips in the training set. */
  readonly clips: number;
}

/** Returns the configuration of a new run: the requested values, and the recipe's for the rest. */
export function newConfig(
  request: SoundRequest,
  { task, classNames }: AudioCollection,
  { model, frontEnd: front, windowFrames, heard, stepShape, split, clips }: DataFacts,
): SoundConfig {
  const { recipe: name = "default" } = request;
  const recipe = recipeOf(name);
  const { patience = recipe.patience, augment = recipe.augment } = request;
  return {
    version: 1,
    kind: "sound",
    data: dataOf(request.data),
    reading: request.reading,
    task,
    classNames: [...classNames],
    recipe: name,
    model,
    frontEnd: front,
    normalize: recipe.normalize,
    windowFrames,
    ...(heard && { heard }),
    split,
    epochs: request.epochs ?? recipe.epochs ?? defaultEpochs(clips),
    batchSize: request.batchSize ?? recipe.batchSize,
    windowsPerClip: recipe.windowsPerClip ?? defaultWindowsPerClip(clips),
    optimizer: request.optimizer ?? recipe.optimizer,
    learningRate: request.learningRate ?? recipe.learningRate,
    weightDecay: request.weightDecay ?? recipe.weightDecay,
    schedule: request.schedule ?? recipe.schedule,
    labelSmoothing: task === "regression" ? 0 : (request.labelSmoothing ?? recipe.labelSmoothing),
    balance: request.balance ?? recipe.balance,
    augmentation: augment ? defaultAugmentation(front, stepShape, windowFrames, task) : "none",
    seed: request.seed,
    patience: split.fractions[1] === 0 ? null : patience,
    transfer: request.transfer ? transferOf(request.transfer) : null,
    target: chooseTarget(request.target),
    algorithms: chooseAlgorithms(request.algorithms),
  };
}

/** How a request divides the data. */
export function splitOf(request: SoundRequest): SoundConfig["split"] {
  const [train, validation, test] = request.fractions ?? DEFAULT_FRACTIONS;
  return {
    fractions: [train, validation, test],
    official: request.official ?? true,
    fold: request.fold ?? null,
    seed: request.seed,
    force: request.force ?? false,
    duplicates: request.duplicates ?? true,
  };
}

/** A data set's name, or the absolute path of a folder or a list. */
export function dataOf(data: string): string {
  return findKnownDataset(data) ? data : resolve(data);
}

/** With the absolute path of the other run, so that a run can go on from another folder. */
export function transferOf({ from, freeze }: NonNullable<SoundConfig["transfer"]>) {
  return { from: resolve(from), freeze };
}

/** @file The configuration of a new run on sound. Node only. */

import { resolve } from "node:path";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { defaultAugmentation } from "../../data/audio/features/augment/default-augmentation.ts";
import { DEFAULT_FRACTIONS, type AudioCollection } from "../../data/audio/index.ts";
import { findKnownDataset } from "../../data/registry.ts";
import { recipeFor } from "../options/recipes.ts";
import { completeValues, type TrainingValues } from "../options/training-values.ts";
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
  const recipe = recipeFor("sound", request.recipe);
  const facts = { task, examples: clips, hasValidation: split.fractions[1] > 0 };
  const { augment = recipe.values(facts).augment, from, freeze = false } = request;
  return {
    version: 1,
    kind: "sound",
    data: dataOf(request.data),
    reading: readingOf(request),
    task,
    classNames: [...classNames],
    ...completeValues("sound", request, facts),
    model,
    frontEnd: front,
    normalize: recipe.normalize,
    windowFrames,
    ...(heard && { heard }),
    split,
    windowsPerClip: recipe.windowsPerExample(clips),
    augmentation: augment ? defaultAugmentation(front, stepShape, windowFrames, task) : "none",
    // An absolute path, so that a run can go on from another folder.
    transfer: from === undefined ? null : { from: resolve(from), freeze },
  };
}

/** How the data are read where there are several ways. */
export function readingOf({ splitName, task }: TrainingValues): SoundConfig["reading"] {
  return { ...(splitName !== undefined && { splitName }), ...(task && { task }) };
}

/** How a request divides the data. */
export function splitOf(request: TrainingValues): SoundConfig["split"] {
  const [train, validation, test] = request.split ?? DEFAULT_FRACTIONS;
  const [number, of] = (request.fold ?? "").split("/").map(Number);
  return {
    fractions: [train, validation, test],
    official: request.officialSplit ?? true,
    fold: request.fold === undefined ? null : { of, number: number - 1 },
    seed: request.seed ?? 0,
    force: request.forceSplit ?? false,
    duplicates: request.duplicates ?? true,
  };
}

/** A data set's name, or the absolute path of a folder or a list. */
export function dataOf(data: string): string {
  return findKnownDataset(data) ? data : resolve(data);
}

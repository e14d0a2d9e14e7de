/** @file The configuration of a new run on sound. Browser-safe. */

import { resolve } from "#here/io/path";
import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { defaultAugmentation } from "../../data/audio/features/augment/default-augmentation.ts";
import type { AudioCollection } from "../../data/audio/index.ts";
import { recipeFor } from "../options/recipes.ts";
import { completeValues } from "../options/training-values.ts";
import { readingOf } from "../requested.ts";
import type { RunRequest } from "../run-kind.ts";
import { dataOf } from "../short-data-name.ts";
import type { SoundDefinition } from "./sound-definition.ts";
import type { SoundConfig } from "./sound-config.ts";

/** The facts about the data that a configuration needs. */
export interface DataFacts {
  readonly model: SoundConfig["model"];
  readonly frontEnd: FrontEndConfig;
  readonly windowFrames: number;
  readonly heard?: SoundRange;
  readonly describe?: SoundDefinition["describe"];
  /** The shape of one step of the features. */
  readonly stepShape: readonly number[];
  readonly split: SoundConfig["split"];
  /** The number of clips in the training set. */
  readonly clips: number;
}

/** Returns the configuration of a new run: the requested values, and the recipe's for the rest. */
export function newConfig(
  request: RunRequest,
  { task, classNames }: AudioCollection,
  { model, frontEnd: front, windowFrames, heard, describe, stepShape, split, clips }: DataFacts,
): SoundConfig {
  const recipe = recipeFor("sound", request.recipe);
  const facts = { task, examples: clips, hasValidation: split.fractions[1] > 0 };
  const { augment = recipe.values(facts).augment, from, freeze = false } = request;
  const values = completeValues("sound", request, facts);
  const inputShape = [windowFrames, ...stepShape];
  const network = describe?.({ inputShape, classes: classNames.length, seed: values.seed });
  return {
    version: 1,
    kind: "sound",
    data: dataOf(request.data),
    reading: readingOf(request),
    task,
    classNames: [...classNames],
    ...values,
    model,
    ...(network && { network }),
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

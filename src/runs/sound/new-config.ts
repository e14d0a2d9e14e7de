/** @file The configuration of a new run on sound. Browser-safe. */

import type { FrontEndConfig } from "../../audio/front-end/config.ts";
import type { SoundRange } from "../../audio/sound-range.ts";
import { defaultAugmentation } from "../../data/audio/features/augment/default-augmentation.ts";
import type { AudioCollection } from "../../data/audio/index.ts";
import { newRunFields } from "../new-run-fields.ts";
import type { RunRequest } from "../run-kind.ts";
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
  collection: AudioCollection,
  { model, frontEnd: front, windowFrames, heard, describe, stepShape, split, clips }: DataFacts,
): SoundConfig {
  const inputShape = [windowFrames, ...stepShape];
  const facts = { model, describe, inputShape, split, examples: clips };
  const { recipe, augment, fields } = newRunFields("sound", request, collection, facts);
  return {
    kind: "sound",
    ...fields,
    frontEnd: front,
    windowFrames,
    ...(heard && { heard }),
    windowsPerClip: recipe.windowsPerExample(clips),
    augmentation: augment ? defaultAugmentation(front, stepShape, windowFrames, collection.task) : "none",
  };
}

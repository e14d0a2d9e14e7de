/** @file How a model of sound is trained where nothing else is said, by the name of a recipe. Browser-safe. */

import type { AudioModelName } from "../../models/index.ts";
import type { OptimizerName } from "../../nn/index.ts";

export const SCHEDULE_NAMES = ["cosine", "one-cycle", "constant"] as const;
export const BALANCE_NAMES = ["none", "weights", "sampling"] as const;

/** Values for all that an option may set; an option that is given takes the place of the recipe's value. */
export interface Recipe {
  /** One line. */
  readonly description: string;
  readonly model: AudioModelName;
  /** Whether the front end and the window are fitted to what the recordings hold; otherwise they are the model's own. */
  readonly fitsFrontEnd: boolean;
  /** Whether features are normalised, as the model does it; otherwise the network takes them as they are. */
  readonly normalize: boolean;
  /** undefined: by the number of clips. */
  readonly epochs: number | undefined;
  /** Windows of each clip in an epoch; undefined: by the number of clips. */
  readonly windowsPerClip: number | undefined;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly schedule: (typeof SCHEDULE_NAMES)[number];
  readonly labelSmoothing: number;
  readonly balance: (typeof BALANCE_NAMES)[number];
  readonly augment: boolean;
  /** null: training never stops early. */
  readonly patience: number | null;
}

export const RECIPES = {
  default: {
    description: "what does well on most recordings",
    model: "mel-cnn",
    fitsFrontEnd: true,
    normalize: true,
    epochs: undefined,
    windowsPerClip: undefined,
    batchSize: 32,
    optimizer: "adamw",
    learningRate: 3e-3,
    weightDecay: 1e-2,
    schedule: "one-cycle",
    labelSmoothing: 0.1,
    balance: "none",
    augment: true,
    patience: 10,
  },
  /** A course's notebook gives this network and these numbers as a start that is to be improved. */
  assignment: {
    description: "a course's first network as it stands: decibels as they are, Adam at 0.0001, 10 epochs",
    model: "notebook",
    fitsFrontEnd: false,
    normalize: false,
    epochs: 10,
    windowsPerClip: 1,
    batchSize: 32,
    optimizer: "adam",
    learningRate: 1e-4,
    weightDecay: 0,
    schedule: "constant",
    labelSmoothing: 0,
    balance: "none",
    augment: false,
    patience: null,
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;

/** Their names, the default first. */
export const RECIPE_NAMES: readonly RecipeName[] = Object.keys(RECIPES).filter(isRecipeName);

function isRecipeName(name: string): name is RecipeName {
  return Object.hasOwn(RECIPES, name);
}

/** Finds a recipe. @param name default: "default" */
export function recipeOf(name: RecipeName = "default"): Recipe {
  return RECIPES[name];
}

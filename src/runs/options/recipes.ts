/** @file How a model is trained where nothing else is said, by the name of a recipe. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { RECIPE_NAMES, type RecipeName } from "./names.ts";
import type { KindName, OptionFacts } from "./option.ts";
import type { StoredName, ValueOf } from "./table.ts";

/** The options of which a recipe has values. */
type RecipeOption = Exclude<
  StoredName,
  "recipe" | "scaleLearningRate" | "syncBatchNorm" | "seed" | "target" | "algorithms"
>;

/** The facts on which a recipe depends. */
export type RecipeFacts = Pick<OptionFacts, "examples" | "pixels" | "transfer"> & {
  /** The number of epochs, where it is not the recipe's. */
  readonly epochs?: number;
};

type RecipeValues = { readonly [Name in RecipeOption]: ValueOf<Name> } & { readonly augment: boolean };

/** Values for all that an option may set; an option that is given takes the place of the recipe's value. */
export interface Recipe {
  /** One line. */
  readonly description: string;
  readonly values: (facts: RecipeFacts) => RecipeValues;
  /** Whether the input is fitted to the data (front end and window, size); otherwise it is the model's own. */
  readonly fitsInput: boolean;
  /** Whether the input is normalised, as the model does it; otherwise the network takes it as it is. */
  readonly normalize: boolean;
  /** How often each of so many examples is in an epoch: windows of a clip; 1 for pictures. */
  readonly windowsPerExample: (examples: number) => number;
}

/**
 * Windows that an epoch has at least, so that few clips do not make epochs of two or three steps, between which there
 * would be nothing to validate.
 */
const WINDOWS_PER_EPOCH = 1000;

/** Windows of one clip in an epoch at most. */
const MOST_WINDOWS_PER_CLIP = 20;

/** Windows that a training takes in all, about, within the bounds of the epochs. */
const WINDOWS_IN_ALL = 40_000;
const EPOCHS = { least: 10, most: 40 };

/** How often each of `clips` training clips is cut in an epoch. */
export function defaultWindowsPerClip(clips: number): number {
  return Math.min(MOST_WINDOWS_PER_CLIP, Math.max(1, Math.round(WINDOWS_PER_EPOCH / clips)));
}

/** 40 epochs for up to a thousand clips; fewer, but no fewer than 10, for more. */
export function defaultEpochs(clips: number): number {
  const epochs = Math.round(WINDOWS_IN_ALL / (clips * defaultWindowsPerClip(clips)));
  return Math.min(EPOCHS.most, Math.max(EPOCHS.least, epochs));
}

/** Few steps with a small rate after the head has converged: the first epoch is the head. */
const FINE_TUNING = {
  epochs: 11,
  learningRate: 1e-4,
  schedule: "constant",
  labelSmoothing: 0,
  patience: 3,
} as const satisfies Partial<RecipeValues>;

const DEFAULT_SOUND: Recipe = {
  description: "what does well on most recordings",
  values: ({ examples, transfer }) => ({
    model: "mel-cnn",
    epochs: defaultEpochs(examples),
    batchSize: 32,
    optimizer: "adamw",
    learningRate: 3e-3,
    weightDecay: 1e-2,
    schedule: "one-cycle",
    labelSmoothing: 0.1,
    balance: "none",
    augment: true,
    patience: 10,
    ...(transfer === "fine-tuned" && FINE_TUNING),
  }),
  fitsInput: true,
  normalize: true,
  windowsPerExample: defaultWindowsPerClip,
};

/** A course's notebook gives this network and these numbers as a start that is to be improved. */
const ASSIGNMENT: Recipe = {
  description: "a course's first network as it stands: decibels as they are, Adam at 0.0001, 10 epochs",
  values: () => ({
    model: "notebook",
    epochs: 10,
    batchSize: 32,
    optimizer: "adam",
    learningRate: 1e-4,
    weightDecay: 0,
    schedule: "constant",
    labelSmoothing: 0,
    balance: "none",
    augment: false,
    patience: null,
  }),
  fitsInput: false,
  normalize: false,
  windowsPerExample: () => 1,
};

/** LeNet-5 with Adam, for pictures like those it was made for. */
const SMALL_IMAGES: RecipeValues = {
  model: "lenet5",
  epochs: 10,
  batchSize: 64,
  optimizer: "adam",
  learningRate: 1e-3,
  weightDecay: 0,
  schedule: "constant",
  labelSmoothing: 0,
  balance: "none",
  augment: false,
  patience: null,
};

/** Sides of small pictures, in pixels, at most: those of LeNet-5. */
const SMALL_SIDE = 32;

/** Pictures that a training takes in all, about, within the bounds of the epochs. */
const IMAGES_IN_ALL = 60_000;

/**
 * The epochs from which changed pictures teach more than the same ones again: the table under "Augmentation" in docs/images.md. A
 * shorter training does not come to an end with them.
 */
const AUGMENTED_EPOCHS = 200;

/** A small residual network, and as many epochs as few pictures need. */
function otherImages({ examples, epochs, transfer }: RecipeFacts): RecipeValues {
  const usual = Math.min(EPOCHS.most, Math.max(EPOCHS.least, Math.round(IMAGES_IN_ALL / examples)));
  return {
    model: "small-resnet",
    epochs: usual,
    batchSize: 32,
    optimizer: "adamw",
    learningRate: 3e-3,
    weightDecay: 1e-2,
    schedule: "one-cycle",
    labelSmoothing: 0.1,
    balance: "none",
    augment: (epochs ?? usual) >= AUGMENTED_EPOCHS,
    patience: null,
    ...(transfer === "fine-tuned" && FINE_TUNING),
  };
}

const DEFAULT_IMAGES: Recipe = {
  description: "LeNet-5 for small grey pictures, a small residual network for others",
  values: (facts) => {
    const { width, height, channels } = facts.pixels ?? {
      width: SMALL_SIDE,
      height: SMALL_SIDE,
      channels: 1,
    };
    const areSmall = channels === 1 && Math.max(width, height) <= SMALL_SIDE;
    const { transfer } = facts;
    if (!areSmall) return otherImages(facts);
    return { ...SMALL_IMAGES, ...(transfer === "fine-tuned" && FINE_TUNING) };
  },
  fitsInput: true,
  normalize: true,
  windowsPerExample: () => 1,
};

/** The recipes of each kind of data. */
const RECIPES: Readonly<Record<KindName, Partial<Record<RecipeName, Recipe>>>> = {
  sound: { default: DEFAULT_SOUND, assignment: ASSIGNMENT },
  images: { default: DEFAULT_IMAGES },
};

/** The names of the recipes for a kind of data, the default first. */
export function recipeNames(kind: KindName): RecipeName[] {
  return RECIPE_NAMES.filter((name) => RECIPES[kind][name]);
}

/**
 * Finds a recipe.
 * @param name default: "default"
 * @throws AuricleError "argument" where data of that kind have no such recipe.
 */
export function recipeFor(kind: KindName, name: RecipeName = "default"): Recipe {
  const recipe = RECIPES[kind][name];
  if (recipe) return recipe;
  throw new AuricleError(
    "argument",
    `train: for ${kind} there are the recipes ${recipeNames(kind).join(", ")}; got ${name}`,
  );
}

/** @file The options of `auricle train`: which there are, and which belong to images or to sound alone. */

import { InvalidArgumentError, Option, type Command } from "commander";
import { FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import type { SplitFractions } from "../../data/audio/index.ts";
import { AUDIO_MODEL_NAMES, MODEL_NAMES, type ModelName } from "../../models/index.ts";
import { OPTIMIZER_NAMES, type OptimizerName } from "../../nn/index.ts";
import {
  BALANCE_NAMES,
  RECIPE_NAMES,
  SCHEDULE_NAMES,
  type RecipeName,
  type SoundConfig,
} from "../../runs/index.ts";
import { ALGORITHM_POLICIES, type AlgorithmPolicy } from "../../runtime/algorithm-policy.ts";
import { TARGET_NAMES, type TargetName } from "../../runtime/target.ts";
import { fraction, positiveNumber, splitFractions, wholeNumber } from "../option-values.ts";
import { addFeatureOptions } from "../feature-folder.ts";
import { refuseOptions } from "./refuse-options.ts";

/** What the user said; undefined: nothing. */
export interface TrainOptions {
  readonly model?: ModelName;
  readonly recipe?: RecipeName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly optimizer?: OptimizerName;
  readonly learningRate?: number;
  readonly seed?: number;
  /** false after --no-patience. */
  readonly patience?: number | false;
  readonly target?: TargetName;
  readonly algorithms?: AlgorithmPolicy;
  readonly validation?: number;
  readonly trainSize?: number;
  readonly split?: SplitFractions;
  readonly fold?: { readonly of: number; readonly number: number };
  readonly splitName?: string;
  readonly task?: SoundConfig["task"];
  readonly officialSplit?: boolean;
  readonly forceSplit?: boolean;
  readonly duplicates?: boolean;
  readonly frontEnd?: keyof typeof FRONT_END_PRESETS;
  readonly window?: number;
  readonly weightDecay?: number;
  readonly schedule?: SoundConfig["schedule"];
  readonly labelSmoothing?: number;
  readonly balance?: SoundConfig["balance"];
  readonly augment?: boolean;
  readonly from?: string;
  readonly freeze?: boolean;
  readonly seeds?: number;
  readonly strict?: boolean;
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
  readonly out?: string;
  readonly resume?: string | true;
  readonly threads?: number;
  readonly profile?: boolean;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

const TASKS = ["classification", "tagging", "regression"] as const;

/** Options that say nothing where the data are sound, or images. */
const FOR_IMAGES = ["validation", "trainSize"] as const;
const FOR_SOUND = [
  "recipe",
  "split",
  "fold",
  "splitName",
  "task",
  "officialSplit",
  "forceSplit",
  "duplicates",
  "frontEnd",
  "window",
  "weightDecay",
  "schedule",
  "labelSmoothing",
  "balance",
  "augment",
  "from",
  "freeze",
  "seeds",
  "strict",
  "featureFolder",
  "cache",
] as const;

/** Ends with a usage error where an option was given that the data have no use for. */
export function refuseOptionsOfOthers(command: Command, kind: "images" | "sound"): void {
  const other = kind === "images" ? "sound" : "images";
  const options = kind === "images" ? FOR_SOUND : FOR_IMAGES;
  refuseOptions(command, options, `is for ${other}, and these data are ${kind}`);
}

/** Whether the user gave an option. */
export function isGiven(command: Command, name: keyof TrainOptions): boolean {
  return command.getOptionValueSource(name) === "cli";
}

export function addTrainOptions(train: Command): void {
  addRecipe(train);
  addImageOptions(train);
  addSoundOptions(train);
  addRunOptions(train);
}

function addRecipe(train: Command): void {
  train
    .addOption(
      new Option(
        "--model <name>",
        `the model (default: ${AUDIO_MODEL_NAMES[0]} for sound, lenet5 for images)`,
      ).choices(MODEL_NAMES),
    )
    .option(
      "--epochs <n>",
      "how often to go through the data (default: 10 for images; 10 to 40 for sound, fewer for much)",
      wholeNumber(1),
    )
    .option("--batch-size <n>", "examples for each update (default: 64 images, 32 windows)", wholeNumber(1))
    .addOption(
      new Option(
        "--optimizer <name>",
        "the rule of the updates (default: adam for images, adamw for sound)",
      ).choices(OPTIMIZER_NAMES),
    )
    .option(
      "--learning-rate <x>",
      "the size of the updates (default: 0.001 for images, 0.003 for sound)",
      positiveNumber,
    )
    .option("--seed <n>", "same seed, same result to the last bit (default: 0)", wholeNumber(0))
    .option(
      "--patience <n>",
      "stop after this many epochs without a better validation (default: 10 for sound, never for images)",
      wholeNumber(1),
    )
    .option("--no-patience", "do not stop early");
}

function addImageOptions(train: Command): void {
  train
    .optionsGroup("Images:")
    .option("--validation <x>", "fraction of the training data held out (default: 0.1)", fraction)
    .option("--train-size <n>", "train on this many examples only (default: all)", wholeNumber(1));
}

function addSoundOptions(train: Command): void {
  train
    .optionsGroup("Sound:")
    .addOption(
      new Option(
        "--recipe <name>",
        "where values come from that no option gives: default, or assignment, a course's first network as it stands",
      ).choices(RECIPE_NAMES),
    )
    .option(
      "--split <a/b/c>",
      "shares of training, validation and test (default: 0.85/0.10/0.05)",
      splitFractions,
    )
    .option("--fold <i/k>", "cross-validation: test on fold i of k, such as 1/5", foldOf)
    .option("--split-name <name>", "one of a known data set's own splits (default: its first)")
    .addOption(
      new Option("--task <task>", "what the labels of a list are, where they do not tell").choices(TASKS),
    )
    .option("--no-official-split", "make a split even where the data's authors made one")
    .option("--no-duplicates", "do not look for recordings that occur twice, which are kept in one part")
    .option("--force-split", "train even if the split leaks; every report says so")
    .addOption(
      new Option("--front-end <name>", "what the model hears (default: the model's own)").choices(
        Object.keys(FRONT_END_PRESETS),
      ),
    )
    .option(
      "--window <seconds>",
      "sound that the model hears at once (default: the model's own)",
      positiveNumber,
    )
    .option("--weight-decay <x>", "decay of the weights (default: 0.01)", fraction)
    .addOption(
      new Option("--schedule <name>", "how the learning rate moves (default: one-cycle)").choices(
        SCHEDULE_NAMES,
      ),
    )
    .option("--label-smoothing <x>", "doubt in the labels (default: 0.1)", fraction)
    .addOption(
      new Option("--balance <how>", "against classes of different sizes (default: none)").choices(
        BALANCE_NAMES,
      ),
    )
    .option("--augment", "change windows at random (default, but for the recipe assignment)")
    .option("--no-augment", "take the windows as they are")
    .option(
      "--from <run>",
      "begin with the weights of another run, with a new last layer where classes differ",
    )
    .option("--freeze", "with --from: train the last layer alone")
    .option(
      "--seeds <n>",
      "train n times, with seeds that follow each other, and give mean and spread",
      wholeNumber(2),
    )
    .option("--strict", "refuse the data if any recording cannot be used");
  addFeatureOptions(train);
}

function addRunOptions(train: Command): void {
  train
    .optionsGroup("Run:")
    .option("--out <folder>", "where the run is kept (default: runs/<date>-<time>-<model>-<data>)")
    .option("--resume [folder]", "go on with a run; without a folder, with the last unfinished one in runs/")
    .option(
      "--threads <n>",
      "threads to compute with; results do not depend on it (default: all processors)",
      wholeNumber(1),
    )
    .addOption(
      new Option("--target <name>", "machine code to compute with (default: the fastest here)").choices(
        TARGET_NAMES,
      ),
    )
    .addOption(
      new Option(
        "--algorithms <policy>",
        "how convolutions are computed: by a fixed rule, as measured here, or directly (default: fixed)",
      ).choices(ALGORITHM_POLICIES),
    )
    .option(
      "--profile",
      "record what the threads do in steps 6 to 25 of the first epoch, for https://ui.perfetto.dev",
    )
    .option("--data-folder <folder>", "a folder of your own copies of data sets, searched first")
    .option("--no-download", "do not download what is not on this machine")
    .option("--json", "write one JSON object a line; all else goes to stderr");
}

/** "1/5": the first of five folds. */
function foldOf(text: string): { of: number; number: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [number, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || of < 2 || number < 1 || number > of) {
    throw new InvalidArgumentError('It must be a fold and their number, such as "1/5".');
  }
  return { of, number: number - 1 };
}

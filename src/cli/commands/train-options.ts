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

/** The options that the user gave; undefined where not given. */
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
      "number of passes over the data (default: 10 for images; 10 to 40 for sound, fewer for larger data)",
      wholeNumber(1),
    )
    .option("--batch-size <n>", "examples per update (default: 64 images, 32 windows)", wholeNumber(1))
    .addOption(
      new Option("--optimizer <name>", "optimizer (default: adam for images, adamw for sound)").choices(
        OPTIMIZER_NAMES,
      ),
    )
    .option(
      "--learning-rate <x>",
      "learning rate (default: 0.001 for images; 0.003, the maximum of the schedule, for sound)",
      positiveNumber,
    )
    .option("--seed <n>", "random seed; the same seed gives the same bits (default: 0)", wholeNumber(0))
    .option(
      "--patience <n>",
      "stop after this many epochs without a better validation result (default: 10 for sound, never for images)",
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
        "defaults of all other options: default, or assignment, the training of a course's first network",
      ).choices(RECIPE_NAMES),
    )
    .option(
      "--split <a/b/c>",
      "shares of training, validation and test (default: 0.85/0.10/0.05)",
      splitFractions,
    )
    .option("--fold <i/k>", "cross-validation: test on fold i of k, such as 1/5", foldOf)
    .option("--split-name <name>", "one of the splits that a known data set comes with (default: its first)")
    .addOption(new Option("--task <task>", "the task, if the labels of a list leave it open").choices(TASKS))
    .option("--no-official-split", "ignore the split that the data's authors published")
    .option("--no-duplicates", "do not search for duplicate recordings, which are otherwise kept in one part")
    .option("--force-split", "train even if the split leaks; every report warns of it")
    .addOption(
      new Option("--front-end <name>", "features that the model takes (default: those of the model)").choices(
        Object.keys(FRONT_END_PRESETS),
      ),
    )
    .option("--window <seconds>", "length of the model's input (default: that of the model)", positiveNumber)
    .option("--weight-decay <x>", "weight decay (default: 0.01)", fraction)
    .addOption(
      new Option("--schedule <name>", "learning rate schedule (default: one-cycle)").choices(SCHEDULE_NAMES),
    )
    .option("--label-smoothing <x>", "label smoothing, 0 to 1 (default: 0.1)", fraction)
    .addOption(
      new Option("--balance <how>", "compensation for unequal class sizes (default: none)").choices(
        BALANCE_NAMES,
      ),
    )
    .option("--augment", "augment the training windows (default, except with the recipe assignment)")
    .option("--no-augment", "do not augment")
    .option("--from <run>", "start from another run's weights, with a new last layer if the classes differ")
    .option("--freeze", "with --from: train only the last layer")
    .option(
      "--seeds <n>",
      "train with n consecutive seeds and report mean and standard deviation",
      wholeNumber(2),
    )
    .option("--strict", "exit with an error if any recording cannot be used");
  addFeatureOptions(train);
}

function addRunOptions(train: Command): void {
  train
    .optionsGroup("Run:")
    .option("--out <folder>", "folder of the run (default: runs/<date>-<time>-<model>-<data>)")
    .option("--resume [folder]", "resume a run; without a folder, the last unfinished one in runs/")
    .option(
      "--threads <n>",
      "number of threads; results do not depend on it (default: all processors)",
      wholeNumber(1),
    )
    .addOption(
      new Option("--target <name>", "kind of machine code (default: the fastest on this machine)").choices(
        TARGET_NAMES,
      ),
    )
    .addOption(
      new Option(
        "--algorithms <policy>",
        "choice of convolution algorithms: by a fixed rule, by measurement, or always direct (default: fixed)",
      ).choices(ALGORITHM_POLICIES),
    )
    .option(
      "--profile",
      "record a trace of all threads in steps 6 to 25 of the first epoch, for https://ui.perfetto.dev",
    )
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write one JSON object per line; everything else goes to stderr");
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

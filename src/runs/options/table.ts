/**
 * @file The table of training options: each is named here and nowhere else. The command's flags, the configuration of a run, the
 * defaults, the check of a resumed run, the command that repeats a run, and recipe files with their schema come from it.
 * Browser-safe.
 */

import { defaultPictureAugmentation } from "../../data/images/augment/config.ts";
import { DEFAULT_FRACTIONS } from "../../data/collection/split/parts.ts";
import { FIT_MODES } from "../../image/resize/resize-image.ts";
import { MODEL_NAMES } from "../../models/index.ts";
import { OPTIMIZER_NAMES } from "../../nn/index.ts";
import { ALGORITHM_POLICIES, chooseAlgorithms } from "../../runtime/algorithm-policy.ts";
import { chooseTarget, TARGET_NAMES } from "../../runtime/target.ts";
import { framesOfWindow, frontEndValue, windowValue } from "./front-end-value.ts";
import type { OptionRow } from "./option.ts";
import { BALANCE_NAMES, COLOR_NAMES, FLIP_NAMES, RECIPE_NAMES, SCHEDULE_NAMES } from "./names.ts";
import {
  changeOf,
  flipOf,
  pictureSize,
  sizeOf,
  sizeText,
  zoomOf,
  zoomRange,
  type PictureChange,
} from "./picture-values.ts";
import {
  amount,
  fold,
  fraction,
  frontEnd,
  frontEndOf,
  modelOrFile,
  oneOf,
  path,
  positiveNumber,
  shares,
  text,
  textOrNothing,
  wholeNumber,
  wholeNumberOrNone,
  yesOrNo,
} from "./values.ts";

const TASKS = ["classification", "tagging", "regression"] as const;

function option<V>(row: OptionRow<V>): OptionRow<V> {
  return row;
}

/** Options whose value is stored in config.json under their own name, with all defaults filled in. */
const STORED = {
  recipe: option({
    type: oneOf(RECIPE_NAMES),
    flags: [
      [
        "--recipe <name>",
        "defaults of all other options: default, or assignment, the training of a course's first network",
      ],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    fallback: "default",
    defaultNote: "",
    earlier: "default",
    of: ({ recipe }) => RECIPE_NAMES.find((name) => name === recipe && name !== "default"),
  }),
  model: option({
    type: modelOrFile(MODEL_NAMES),
    flags: [["--model <name>", "the model: a name that auricle models lists, or a network file"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    of: ({ model, transfer }) => (transfer ? undefined : model),
  }),
  epochs: option({
    type: wholeNumber(1),
    flags: [["--epochs <n>", "number of passes over the data"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "10 to 40, fewer for larger data",
  }),
  batchSize: option({
    type: wholeNumber(1),
    flags: [["--batch-size <n>", "examples per update"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
  }),
  optimizer: option({
    type: oneOf(OPTIMIZER_NAMES),
    flags: [["--optimizer <name>", "optimizer"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
  }),
  learningRate: option({
    type: positiveNumber(),
    flags: [["--learning-rate <x>", "learning rate: the highest of the schedule"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
  }),
  weightDecay: option({
    type: fraction(),
    flags: [["--weight-decay <x>", "weight decay"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
  }),
  schedule: option({
    type: oneOf(SCHEDULE_NAMES),
    flags: [["--schedule <name>", "learning rate schedule"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
  }),
  labelSmoothing: option({
    type: fraction(),
    flags: [["--label-smoothing <x>", "label smoothing, 0 to 1"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    adapt: (value, { task }) => (task === "regression" ? 0 : value),
  }),
  balance: option({
    type: oneOf(BALANCE_NAMES),
    flags: [["--balance <how>", "compensation for unequal class sizes"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
  }),
  seed: option({
    type: wholeNumber(0),
    flags: [["--seed <n>", "random seed; the same seed gives the same bits"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    fallback: 0,
  }),
  patience: option({
    type: wholeNumberOrNone(1),
    flags: [
      ["--patience <n>", "stop after this many epochs without a better validation result"],
      ["--no-patience", "do not stop early"],
    ],
    group: "",
    appliesTo: "both",
    changesBits: true,
    adapt: (value, { hasValidation }) => (hasValidation ? value : null),
  }),
  target: option({
    type: oneOf(TARGET_NAMES),
    flags: [["--target <name>", "kind of machine code"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: true,
    settle: chooseTarget,
    defaultNote: "the fastest on this machine",
  }),
  algorithms: option({
    type: oneOf(ALGORITHM_POLICIES),
    flags: [
      [
        "--algorithms <policy>",
        "choice of convolution algorithms: by a fixed rule, by measurement, or always direct",
      ],
    ],
    group: "Run:",
    appliesTo: "both",
    changesBits: true,
    settle: chooseAlgorithms,
    defaultNote: "fixed",
    // Runs that do not say had the direct ones alone.
    earlier: "direct",
  }),
} as const;

/** Options that decide fields of config.json with other names. */
const DERIVED = {
  from: option({
    type: path(),
    flags: [
      ["--from <run>", "start from another run's weights, with a new last layer if the classes differ"],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    of: ({ transfer }) => transfer?.from,
  }),
  freeze: option({
    type: yesOrNo(),
    flags: [["--freeze", "with --from: train only the last layer"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    of: ({ transfer }) => transfer?.freeze,
  }),
  frontEnd: option({
    type: frontEnd(),
    flags: [["--front-end <name>", "features that the model takes: a preset, or options as JSON"]],
    group: "Sound:",
    appliesTo: "sound",
    changesBits: true,
    defaultNote: "those of the model",
    of: frontEndValue,
    compare: (asked, config) => [frontEndOf(asked), config.frontEnd],
  }),
  window: option({
    type: positiveNumber(),
    flags: [["--window <seconds>", "length of the model's input"]],
    group: "Sound:",
    appliesTo: "sound",
    changesBits: true,
    defaultNote: "that of the model",
    of: windowValue,
    compare: (asked, { frontEnd: config, windowFrames }) => [
      config && framesOfWindow(config, asked),
      windowFrames,
    ],
  }),
  split: option({
    type: shares(),
    flags: [["--split <a/b/c>", "shares of training, validation and test"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    fallback: DEFAULT_FRACTIONS,
    of: ({ split }) => split.fractions,
  }),
  fold: option({
    type: fold(),
    flags: [["--fold <i/k>", "cross-validation: test on fold i of k, such as 1/5"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    of: ({ split }) => (split.fold ? `${split.fold.number + 1}/${split.fold.of}` : undefined),
  }),
  splitName: option({
    type: text(),
    flags: [["--split-name <name>", "one of the splits that a known data set comes with"]],
    group: "Sound:",
    appliesTo: "sound",
    changesBits: true,
    defaultNote: "its first",
    of: ({ reading }) => reading.splitName,
  }),
  task: option({
    type: oneOf(TASKS),
    flags: [["--task <task>", "the task, if the labels of a list leave it open"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    of: ({ reading }) => reading.task,
    compare: (asked, config) => [asked, config.task],
  }),
  officialSplit: option({
    type: yesOrNo(),
    flags: [["--no-official-split", "ignore the split that the data's authors published"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    fallback: true,
    of: ({ split }) => split.official,
  }),
  duplicates: option({
    type: yesOrNo(),
    flags: [["--no-duplicates", "do not search for duplicates, which are otherwise kept in one part"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    fallback: true,
    of: ({ split }) => split.duplicates,
  }),
  forceSplit: option({
    type: yesOrNo(),
    flags: [["--force-split", "train even if the split leaks; every report warns of it"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    fallback: false,
    of: ({ split }) => split.force,
  }),
  validation: option({
    type: fraction(),
    flags: [
      ["--validation <x>", "share of what is not the test part that is held out; with --split, say it there"],
    ],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "as --split says, 0.105",
    of: () => undefined,
    compare: (asked, { split: { fractions } }) => [
      asked.toFixed(6),
      (fractions[1] / (fractions[0] + fractions[1])).toFixed(6),
    ],
  }),
  trainSize: option({
    type: wholeNumber(1),
    flags: [["--train-size <n>", "train on this many examples only"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "all",
    of: ({ split }) => split.trainSize ?? undefined,
  }),
  augment: option({
    type: yesOrNo(),
    flags: [
      ["--augment", "change training examples at random (default, except with --recipe assignment)"],
      ["--no-augment", "do not augment"],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "",
    of: ({ augmentation }) => augmentation !== "none",
  }),
  size: option({
    type: pictureSize(),
    flags: [["--size <n>", "width and height in pixels, such as 64 or 96x64"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "from the data, at most 96",
    of: ({ pixels }) => pixels && sizeText(pixels),
    compare: (asked, { pixels }) => [sizeText(sizeOf(asked)), pixels && sizeText(pixels)],
  }),
  fit: option({
    type: oneOf(FIT_MODES),
    flags: [["--fit <how>", "images of another shape"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    fallback: "crop",
    of: ({ pixels }) => pixels?.fit,
  }),
  color: option({
    type: oneOf(COLOR_NAMES),
    flags: [["--color <kind>", "what images become"]],
    group: "Images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "grey if all images are",
    of: ({ pixels }) => pixels && (pixels.channels === 1 ? "grey" : "color"),
  }),
  flip: option({
    type: oneOf(FLIP_NAMES),
    flags: [["--flip <how>", "mirror half of the images"]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    fallback: "none",
    of: ({ augmentation }) => (augmentation === "none" ? undefined : flipOf(augmentation)),
  }),
  shift: augmentation("--shift <x>", "shift by up to this part of the side", "shift", 1),
  rotation: augmentation("--rotation <degrees>", "turn by up to this angle", "rotation", 180),
  zoom: option({
    type: zoomRange(),
    flags: [["--zoom <a/b>", "magnify by a factor between two, such as 0.8/1.2; 1/1: no zoom"]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: "0.9/1.1",
    of: ({ augmentation }) => (augmentation === "none" ? undefined : zoomOf(augmentation)),
  }),
  crop: augmentation("--crop <x>", "a random part of at least this share fills the image", "crop", 1),
  brightness: augmentation("--brightness <x>", "change brightness by up to this factor", "brightness", 1),
  contrast: augmentation("--contrast <x>", "change contrast likewise", "contrast", 1),
  saturation: augmentation("--saturation <x>", "change colours likewise", "saturation", 1),
  cutout: augmentation("--cutout <x>", "hide a square, its side this part of the image's", "cutout", 1),
  mixup: augmentation("--mixup <alpha>", "mix images and their answers by a beta law", "mixup", 10),
} as const;

/** A row for one of the numbers that augmentation of pictures takes; 0 leaves the change out. */
function augmentation(flag: string, help: string, name: PictureChange, most: number): OptionRow<number> {
  const value = changeOf(defaultPictureAugmentation(3, "classification"), name);
  return {
    type: amount(most),
    flags: [[flag, help]],
    group: "Augmentation of images:",
    appliesTo: "images",
    changesBits: true,
    defaultNote: value === 0 ? "0" : String(value),
    of: (config) => (config.augmentation === "none" ? undefined : changeOf(config.augmentation, name)),
  };
}

/** Options of how a training is carried out and shown, which change nothing of what is computed. */
const PROCESS = {
  seeds: option({
    type: wholeNumber(2),
    flags: [["--seeds <n>", "train with n consecutive seeds and report mean and standard deviation"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: false,
  }),
  strict: option({
    type: yesOrNo(),
    flags: [["--strict", "exit with an error if any file cannot be used"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  featureFolder: option({
    type: text(),
    flags: [["--feature-folder <folder>", "folder of cached features and pixels"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
    defaultNote: "the user's cache",
  }),
  cache: option({
    type: yesOrNo(),
    flags: [["--no-cache", "cache nothing: a temporary folder holds features and pixels until the end"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  out: option({
    type: text(),
    flags: [["--out <folder>", "folder of the run"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
    defaultNote: "runs/<date>-<time>-<model>-<data>",
  }),
  resume: option({
    type: textOrNothing(),
    flags: [["--resume [folder]", "resume a run; without a folder, the last unfinished one in runs/"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  config: option({
    type: text(),
    flags: [["--config <file>", "read options from a file, as --print-config writes them; a flag beats it"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  printConfig: option({
    type: yesOrNo(),
    flags: [["--print-config", "print all options with their values for these data, and do not train"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  dryRun: option({
    type: yesOrNo(),
    flags: [
      ["--dry-run", "take one batch through everything, print what would be trained, and keep nothing"],
    ],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  overfitOneBatch: option({
    type: yesOrNo(),
    flags: [
      ["--overfit-one-batch", "train on one batch until it is memorised; keep nothing, except with --out"],
    ],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  threads: option({
    type: wholeNumber(1),
    flags: [["--threads <n>", "number of threads; results do not depend on it"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
    defaultNote: "all processors",
  }),
  profile: option({
    type: yesOrNo(),
    flags: [
      [
        "--profile",
        "record a trace of all threads in steps 6 to 25 of the first epoch, for https://ui.perfetto.dev",
      ],
    ],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  dataFolder: option({
    type: text(),
    flags: [["--data-folder <folder>", "a folder with your own copies of data sets, searched first"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  download: option({
    type: yesOrNo(),
    flags: [["--no-download", "do not download missing files"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
  json: option({
    type: yesOrNo(),
    flags: [["--json", "write one JSON object per line; everything else goes to stderr"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
  }),
} as const;

/** The table. The order within a group is that of the command's help. */
export const TRAINING_OPTIONS = { ...STORED, ...DERIVED, ...PROCESS } as const;

export type OptionName = keyof typeof TRAINING_OPTIONS;

/** The names of the options that config.json stores under their own names. */
export const STORED_NAMES = Object.keys(STORED) as readonly StoredName[];

export type StoredName = keyof typeof STORED;

/** The type of an option's value. */
export type ValueOf<Name extends OptionName> =
  (typeof TRAINING_OPTIONS)[Name] extends OptionRow<infer V> ? V : never;

/** @file The training options whose values config.json stores under their names. Browser-safe. */

import { option } from "./option.ts";
import { MODEL_NAMES } from "../../models/index.ts";
import { OPTIMIZER_NAMES } from "../../nn/index.ts";
import { ALGORITHM_POLICIES, chooseAlgorithms } from "../../runtime/algorithm-policy.ts";
import { chooseTarget, TARGET_NAMES } from "../../runtime/target.ts";
import { BALANCE_NAMES, RECIPE_NAMES, SCHEDULE_NAMES } from "./names.ts";
import {
  fraction,
  modelOrFile,
  oneOf,
  positiveNumber,
  positiveNumberOrTrue,
  text,
  wholeNumber,
  wholeNumberOrNone,
  yesOrNo,
} from "./values.ts";

/** Options whose value is stored in config.json under their own name, with all defaults filled in. */
export const STORED_OPTIONS = {
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
    of: ({ model, transfer }) => (transfer && transfer.how !== "scratch" ? undefined : model),
    // The network of a model file may have any name.
    stored: text().schema,
  }),
  epochs: option({
    type: wholeNumber(1),
    flags: [["--epochs <n>", "number of passes over the data"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "10 to 40, fewer for larger data",
    adapt: (value, { transfer }) => (transfer === "frozen" ? 1 : value),
    unusedWhenFrozen: true,
  }),
  batchSize: option({
    type: wholeNumber(1),
    flags: [["--batch-size <n>", "examples per update"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    unusedWhenFrozen: true,
  }),
  optimizer: option({
    type: oneOf(OPTIMIZER_NAMES),
    flags: [["--optimizer <name>", "optimizer"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    unusedWhenFrozen: true,
  }),
  learningRate: option({
    type: positiveNumber(),
    flags: [["--learning-rate <x>", "learning rate: the highest of the schedule"]],
    group: "",
    appliesTo: "both",
    changesBits: true,
    unusedWhenFrozen: true,
  }),
  scaleLearningRate: option({
    type: positiveNumberOrTrue(),
    flags: [
      [
        "--scale-learning-rate [factor]",
        "multiply the learning rate by the number of ranks under mpirun, or by a factor, after a warm-up of 5 epochs",
      ],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    fallback: 1,
    defaultNote: "",
    earlier: 1,
    unusedWhenFrozen: true,
    // A run knows its factor.
    stored: positiveNumber().schema,
    of: ({ scaleLearningRate = 1 }) => (scaleLearningRate === 1 ? undefined : scaleLearningRate),
    // The same line resumes a run with another number of ranks.
    compare: (asked, { scaleLearningRate = 1 }) =>
      asked === true ? [true, scaleLearningRate !== 1] : [asked, scaleLearningRate],
  }),
  syncBatchNorm: option({
    type: yesOrNo(),
    flags: [
      [
        "--sync-batch-norm",
        "under mpirun: normalise batches by the statistics of all ranks, not of each rank's share",
      ],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    fallback: false,
    earlier: false,
    unusedWhenFrozen: true,
    of: ({ syncBatchNorm }) => (syncBatchNorm ? true : undefined),
    compare: (asked, { syncBatchNorm = false }) => [asked, syncBatchNorm],
  }),
  weightDecay: option({
    type: fraction(),
    flags: [["--weight-decay <x>", "weight decay"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    unusedWhenFrozen: true,
  }),
  schedule: option({
    type: oneOf(SCHEDULE_NAMES),
    flags: [["--schedule <name>", "learning rate schedule"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    unusedWhenFrozen: true,
  }),
  labelSmoothing: option({
    type: fraction(),
    flags: [["--label-smoothing <x>", "label smoothing, 0 to 1"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    adapt: (value, { task, transfer }) => (task === "regression" || transfer === "frozen" ? 0 : value),
    unusedWhenFrozen: true,
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
    adapt: (value, { hasValidation, transfer }) => (hasValidation && transfer !== "frozen" ? value : null),
    unusedWhenFrozen: true,
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

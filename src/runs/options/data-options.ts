/** @file The training options on data, their split, and the weights to begin with. Browser-safe. */

import { isPublished } from "#here/pretrained/find-model";
import { DEFAULT_FRACTIONS } from "../../data/collection/split/parts.ts";
import { framesOfWindow, frontEndValue, windowValue } from "./front-end-value.ts";
import { DEFAULT_TRANSFER, TRANSFER_NAMES } from "./names.ts";
import { option } from "./option.ts";
import {
  fold,
  fraction,
  frontEnd,
  frontEndOf,
  oneOf,
  positiveNumber,
  shares,
  text,
  wholeNumber,
  yesOrNo,
} from "./values.ts";

const TASKS = ["classification", "tagging", "regression"] as const;

/** Options that decide fields of config.json with other names. */
export const DATA_OPTIONS = {
  from: option({
    type: { ...text(), isPath: (value) => !isPublished(value) },
    flags: [
      [
        "--from <network>",
        "start from the weights of a run, a model file or a published network (auricle pretrained), with a new last layer",
      ],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    of: ({ transfer }) => transfer?.from,
  }),
  transfer: option({
    type: oneOf(TRANSFER_NAMES),
    flags: [
      [
        "--transfer <how>",
        "with --from: train only a new last layer (frozen), after it all layers gently (fine-tuned), all from the first step (whole), take only the split from it (scratch), or do the best of frozen, fine-tuned and scratch on validation (auto)",
      ],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: DEFAULT_TRANSFER,
    of: ({ transfer }) => (transfer && transfer.freeze === undefined ? transfer.how : undefined),
    compare: (asked, config) => [asked, config.transfer?.how ?? null],
  }),
  freeze: option({
    type: yesOrNo(),
    flags: [["--freeze", "short for --transfer frozen"]],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    // Runs of earlier versions trained all layers behind the convolutions.
    of: ({ transfer }) => transfer?.freeze,
    compare: (asked, { transfer }) => [asked, transfer?.freeze ?? transfer?.how === "frozen"],
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
  splitSeed: option({
    type: wholeNumber(0),
    flags: [["--split-seed <n>", "seed of the split: runs with other seeds can share its parts"]],
    group: "Data:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "that of --seed",
    of: ({ split, seed }) => (split.seed === seed ? undefined : split.seed),
    compare: (asked, { split }) => [asked, split.seed],
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
      [
        "--augment",
        "change training examples at random (default for sound, except with --recipe assignment, and for images in colour or of more than 32 pixels from 200 epochs on)",
      ],
      ["--no-augment", "do not augment"],
    ],
    group: "Training:",
    appliesTo: "both",
    changesBits: true,
    defaultNote: "",
    of: ({ augmentation }) => augmentation !== "none",
    unusedWhenFrozen: true,
  }),
} as const;

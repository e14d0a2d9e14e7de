/** @file The options of how a training is carried out. Browser-safe. */

import { option } from "./option.ts";
import { text, textOrNothing, wholeNumber, yesOrNo } from "./values.ts";

/** Options of how a training is carried out and shown, which change nothing of what is computed. */
export const PROCESS_OPTIONS = {
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
  rankTimeout: option({
    type: wholeNumber(1),
    flags: [["--rank-timeout <seconds>", "under mpirun: how long to wait for another rank before all end"]],
    group: "Run:",
    appliesTo: "both",
    changesBits: false,
    defaultNote: "300",
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

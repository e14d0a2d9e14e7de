/** @file `auricle train`: trains a model on data and keeps the run, or goes on with one. */

import { relative } from "node:path";
import { cwd } from "node:process";
import { Option, type Command } from "commander";
import { MODEL_NAMES } from "../../models/index.ts";
import { OPTIMIZER_NAMES } from "../../nn/index.ts";
import {
  hasRun,
  newestUnfinishedRun,
  resumeRun,
  startRun,
  type RunControls,
  type RunOutcome,
  type RunRequest,
} from "../../runs/index.ts";
import { TARGET_NAMES, type TargetName } from "../../runtime/target.ts";
import { INTERRUPTED, type CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { JsonProgress } from "../json-progress.ts";
import { fraction, positiveNumber, wholeNumber } from "../option-values.ts";
import { colorsOf } from "../terminal.ts";
import { formatTestReport } from "../test-report.ts";
import { TrainingProgress } from "../training-progress.ts";

interface TrainOptions extends Omit<RunRequest, "data"> {
  readonly out?: string;
  readonly resume?: string | true;
  readonly threads?: number;
  readonly target?: TargetName;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

/** The options that decide what a run computes; they stay as they are when it goes on. But for `epochs`. */
const FIXED_OPTIONS = [
  "model",
  "batchSize",
  "optimizer",
  "learningRate",
  "seed",
  "validation",
  "patience",
  "trainSize",
  "target",
] as const;

const EXAMPLES = `
Examples:
  $ auricle train fashion-mnist             LeNet-5 on Fashion-MNIST
  $ auricle train digits --epochs 8 --out runs/digits
  $ auricle train ./my-images --patience 3
  $ auricle train --resume                  go on with the last unfinished run
  $ auricle train --resume runs/digits --epochs 20

Data sets: see "auricle data". A folder must hold IDX files under MNIST's names.
Ctrl-C ends it after the step at hand, and again at once; whole epochs are kept.`;

export function addTrainCommand(program: Command, context: CommandContext): void {
  const train = program
    .command("train")
    .description("train a model, or go on with a run")
    .argument("[data]", "a data set or a folder of IDX files; not needed with --resume");
  addRecipeOptions(train);
  train
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
    .option("--data-folder <folder>", "a folder of your own copies of data sets, searched first")
    .option("--no-download", "do not download what is not on this machine")
    .option("--json", "write one JSON object a line; all else goes to stderr")
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, options: TrainOptions, command: Command) => {
      const outcome = await runTraining(data, options, command, context);
      showOutcome(outcome, options, context);
    });
}

function addRecipeOptions(train: Command): void {
  train
    .addOption(new Option("--model <name>", "the model").choices(MODEL_NAMES).default("lenet5"))
    .option("--epochs <n>", "how often to go through the data", wholeNumber(1), 10)
    .option("--batch-size <n>", "examples for each update of the weights", wholeNumber(1), 64)
    .addOption(
      new Option("--optimizer <name>", "the rule of the updates").choices(OPTIMIZER_NAMES).default("adam"),
    )
    .option("--learning-rate <x>", "the size of the updates", positiveNumber, 0.001)
    .option("--seed <n>", "same seed, same result to the last bit", wholeNumber(0), 0)
    .option(
      "--validation <x>",
      "fraction of the training data held out; the best epoch is chosen by it",
      fraction,
      0.1,
    )
    .option(
      "--patience <n>",
      "stop after this many epochs without a better validation loss (default: never)",
      wholeNumber(1),
    )
    .option("--train-size <n>", "train on this many examples only (default: all)", wholeNumber(1));
}

async function runTraining(
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  { terminal, interruptible }: CommandContext,
): Promise<RunOutcome> {
  const progress = options.json ? new JsonProgress(terminal) : new TrainingProgress(terminal.out);
  const controls: RunControls = {
    threads: options.threads,
    dataFolder: options.dataFolder,
    download: options.download,
    onProgress: downloadNotes(terminal),
    observer: progress,
    interruptible() {
      const signal = interruptible();
      signal.addEventListener("abort", () => {
        progress.end();
        terminal.note("Ending after this step. Ctrl-C again ends at once.");
      });
      return signal;
    },
  };
  try {
    const resumed = await runToResume(data, options, command);
    if (resumed !== undefined) {
      const wanted = pickGiven(command, options);
      const epochs = command.getOptionValueSource("epochs") === "cli" ? options.epochs : undefined;
      return await resumeRun(resumed, { data, epochs, wanted }, controls);
    }
    if (data === undefined) command.error("error: missing required argument 'data'");
    return await startRun(requestOf(data, options), options, controls);
  } finally {
    progress.end();
  }
}

/** The folder of the run to go on with; undefined where one is to be begun. */
async function runToResume(
  data: string | undefined,
  options: TrainOptions,
  command: Command,
): Promise<string | undefined> {
  const { resume, out } = options;
  if (resume === undefined) return undefined;
  if (typeof resume === "string" && out !== undefined) {
    command.error("error: --resume <folder> and --out cannot be used together");
  }
  const folder = typeof resume === "string" ? resume : out;
  if (folder === undefined) return newestUnfinishedRun();
  // In a script, the same line begins a run and goes on with it.
  return data === undefined || (await hasRun(folder)) ? folder : undefined;
}

/** The options that were given, of those that a run keeps. */
function pickGiven(command: Command, options: TrainOptions): Partial<RunRequest> {
  const given = FIXED_OPTIONS.filter((name) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(given.map((name) => [name, options[name]]));
}

function requestOf(data: string, options: TrainOptions): RunRequest {
  const { model, epochs, batchSize, optimizer, learningRate, seed, validation, patience, trainSize, target } =
    options;
  return {
    data,
    model,
    epochs,
    batchSize,
    optimizer,
    learningRate,
    seed,
    validation,
    patience,
    trainSize,
    target,
  };
}

function showOutcome(outcome: RunOutcome, options: TrainOptions, context: CommandContext): void {
  const { terminal } = context;
  const path = shortPath(outcome.path);
  if (outcome.status === "interrupted") {
    context.setExitCode(INTERRUPTED);
    if (options.json) {
      terminal.printJson({ event: "interrupted", run: outcome.path, epochsDone: outcome.epochsDone });
    }
    terminal.note(
      `Interrupted: ${outcome.epochsDone} of ${outcome.epochs} epochs are done and saved. To go on:`,
    );
    terminal.note(`  auricle train --resume ${path}`);
    return;
  }
  const { result } = outcome;
  if (options.json) {
    const { accuracy, macroF1, loss } = result.test;
    const { epochs, bestEpoch } = result;
    terminal.printJson({
      event: "done",
      run: outcome.path,
      epochs,
      bestEpoch,
      test: { accuracy, macroF1, loss },
    });
    return;
  }
  const { bold } = colorsOf(terminal.out);
  if (!outcome.hasTrained) terminal.print(`This run is finished: ${result.epochs} epochs.`);
  if (result.stoppedEarly) terminal.print("Stopped: the validation loss no longer falls.");
  if (result.bestEpoch !== null)
    terminal.print(`The weights are those of epoch ${result.bestEpoch}, the best.`);
  terminal.print(`\n${formatTestReport(result.test, terminal.out)}\n`);
  terminal.print(`${bold("Run:")} ${path}`);
  terminal.print(`Next: auricle predict ${path} --index 0..4`);
}

/** Relative to the current folder where it lies in it. */
function shortPath(path: string): string {
  const fromHere = relative(cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

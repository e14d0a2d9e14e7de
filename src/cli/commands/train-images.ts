/** @file `auricle train` on images: from the options to a run, and what is shown of its end. */

import type { Command } from "commander";
import { isAudioModelName, MODEL_NAMES } from "../../models/index.ts";
import {
  resumeImageRun as resumeRun,
  startImageRun as startRun,
  type ImageOutcome as RunOutcome,
  type ImageRequest as RunRequest,
  type RunControls,
} from "../../runs/index.ts";
import { commandName } from "../command-name.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import { formatDiagnosis } from "../diagnosis.ts";
import { colorsOf } from "../terminal.ts";
import { formatTestReport } from "../test-report.ts";
import { shortPath } from "./run-path.ts";
import { refuseOptionsOfOthers, type TrainOptions } from "./train-options.ts";

type FinishedRun = Extract<RunOutcome, { status: "finished" }>;

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
  "algorithms",
] as const;

const DEFAULTS = {
  model: "lenet5",
  epochs: 10,
  batchSize: 64,
  optimizer: "adam",
  learningRate: 0.001,
  seed: 0,
  validation: 0.1,
} as const;

export function startImageRun(
  data: string,
  options: TrainOptions,
  command: Command,
  controls: RunControls,
): Promise<RunOutcome> {
  refuseOptionsOfOthers(command, options, "images");
  const names = MODEL_NAMES.filter((name) => !isAudioModelName(name));
  const model = names.find((name) => name === (options.model ?? DEFAULTS.model));
  if (model === undefined) {
    command.error(`error: ${options.model} is for sound; for images there are ${names.join(", ")}`);
  }
  const request: RunRequest = {
    data,
    model,
    epochs: options.epochs ?? DEFAULTS.epochs,
    batchSize: options.batchSize ?? DEFAULTS.batchSize,
    optimizer: options.optimizer ?? DEFAULTS.optimizer,
    learningRate: options.learningRate ?? DEFAULTS.learningRate,
    seed: options.seed ?? DEFAULTS.seed,
    validation: options.validation ?? DEFAULTS.validation,
    patience: patienceOf(options),
    trainSize: options.trainSize,
    target: options.target,
    algorithms: options.algorithms,
  };
  return startRun(request, options, controls);
}

export function resumeImageRun(
  path: string,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  controls: RunControls,
): Promise<RunOutcome> {
  refuseOptionsOfOthers(command, options, "images");
  const given = FIXED_OPTIONS.filter((name) => options[name] !== undefined);
  const wanted: Partial<RunRequest> = Object.fromEntries(
    given.map((name) => [name, name === "patience" ? patienceOf(options) : options[name]]),
  );
  return resumeRun(path, { data, epochs: options.epochs, wanted }, controls);
}

function patienceOf({ patience }: TrainOptions): number | undefined {
  return typeof patience === "number" ? patience : undefined;
}

export function showImageRun(
  { path, result, hasTrained }: FinishedRun,
  context: CommandContext,
  json: boolean,
): void {
  const { terminal } = context;
  const { diagnosis } = result;
  if (diagnosis?.verdict === "failed") context.setExitCode(NOT_LEARNED);
  if (json) {
    const { accuracy, macroF1, loss } = result.test;
    const { epochs, bestEpoch, warnings } = result;
    terminal.printJson({
      event: "done",
      run: path,
      epochs,
      bestEpoch,
      test: { accuracy, macroF1, loss },
      diagnosis,
      ...(warnings && { warnings }),
    });
    return;
  }
  const { bold } = colorsOf(terminal.out);
  if (!hasTrained) terminal.print(`This run is finished: ${result.epochs} epochs.`);
  if (result.stoppedEarly) terminal.print("Stopped early: the validation loss no longer improves.");
  if (result.bestEpoch !== null) terminal.print(`Kept the weights of the best epoch, ${result.bestEpoch}.`);
  for (const line of ["", ...formatDiagnosis(diagnosis, terminal.out)]) terminal.print(line);
  terminal.print(`${formatTestReport(result.test, terminal.out)}\n`);
  terminal.print(`${bold("Run:")} ${shortPath(path)}`);
  terminal.print(`Next: ${commandName()} predict ${shortPath(path)} --index 0..4`);
}

/** @file `auricle train` on sound: from the options to a run, and what is shown of its end. */

import { join } from "node:path";
import type { Command } from "commander";
import { FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { AUDIO_MODEL_NAMES, isAudioModelName, type AudioModelName } from "../../models/index.ts";
import {
  REPORT_NAME,
  resumeSoundRun,
  startSoundRun,
  trainSeeds,
  type SeedsOutcome,
  type SoundControls,
  type SoundOutcome,
  type SoundRequest,
} from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { formatEvaluations, formatSeeds } from "../sound-report.ts";
import { colorsOf } from "../terminal.ts";
import { formatCurves } from "../terminal-charts-curves.ts";
import { shortPath } from "./run-path.ts";
import { isGiven, refuseOptionsOfOthers, type TrainOptions } from "./train-options.ts";

type FinishedRun = Extract<SoundOutcome, { status: "finished" }>;

/** Only the time a run takes may change when it goes on. */
const KEPT_ON_RESUME = [
  "out",
  "resume",
  "threads",
  "json",
  "dataFolder",
  "download",
  "strict",
  "featureFolder",
];

export async function startSound(
  data: string,
  options: TrainOptions,
  command: Command,
  controls: SoundControls,
): Promise<SoundOutcome | SeedsOutcome> {
  refuseOptionsOfOthers(command, "sound");
  const request = requestOf(data, options, command);
  const { seeds, out } = options;
  return seeds === undefined
    ? startSoundRun(request, { out }, controls)
    : trainSeeds(request, { out, seeds }, controls);
}

export function resumeSound(path: string, command: Command, controls: SoundControls): Promise<SoundOutcome> {
  const fixed = command.options.find(
    (option) =>
      !KEPT_ON_RESUME.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (fixed) command.error(`error: a run on sound goes on as it began: leave ${fixed.long} out`);
  return resumeSoundRun(path, controls);
}

function requestOf(data: string, options: TrainOptions, command: Command): SoundRequest {
  const { frontEnd, from, freeze = false, patience } = options;
  if (freeze && from === undefined) command.error("error: --freeze needs --from <run>");
  return {
    data,
    reading: {
      ...(options.splitName !== undefined && { splitName: options.splitName }),
      ...(options.task && { task: options.task }),
    },
    model: modelOf(options, command),
    seed: options.seed ?? 0,
    ...(frontEnd && { frontEnd: FRONT_END_PRESETS[frontEnd] }),
    windowSeconds: options.window,
    fractions: options.split,
    official: options.officialSplit,
    fold: options.fold,
    force: options.forceSplit,
    epochs: options.epochs,
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    learningRate: options.learningRate,
    weightDecay: options.weightDecay,
    schedule: options.schedule,
    labelSmoothing: options.labelSmoothing,
    balance: options.balance,
    augment: options.augment,
    ...(isGiven(command, "patience") && { patience: patience === false ? null : patience }),
    ...(from !== undefined && { transfer: { from, freeze } }),
    target: options.target,
  };
}

function modelOf({ model = AUDIO_MODEL_NAMES[0] }: TrainOptions, command: Command): AudioModelName {
  if (isAudioModelName(model)) return model;
  return command.error(`error: ${model} is for images; for sound there are ${AUDIO_MODEL_NAMES.join(", ")}`);
}

export function showSoundRun(
  { path, result, metrics, hasTrained }: FinishedRun,
  context: CommandContext,
  json: boolean,
): void {
  const { terminal } = context;
  if (json) {
    terminal.printJson({ event: "done", run: path, ...result });
    return;
  }
  const { bold } = colorsOf(terminal.out);
  if (!hasTrained) terminal.print(`This run is finished: ${result.epochs} epochs.`);
  if (result.stoppedEarly) terminal.print("Stopped: the validation gets no better.");
  if (result.bestEpoch !== null)
    terminal.print(`The weights are those of epoch ${result.bestEpoch}, the best.`);
  for (const line of ["", ...formatCurves(metrics, result.bestEpoch, terminal.out)]) terminal.print(line);
  terminal.print(`\n${formatEvaluations(result.evaluations, terminal.out)}\n`);
  const short = shortPath(path);
  terminal.print(`${bold("Run:")}    ${short}`);
  terminal.print(`${bold("Report:")} ${join(short, REPORT_NAME)}`);
  terminal.print(`Next: auricle predict ${short} <recording>`);
}

export function showSeeds(
  { path, seeds, metrics }: SeedsOutcome,
  context: CommandContext,
  json: boolean,
): void {
  const { terminal } = context;
  if (json) {
    terminal.printJson({ event: "seeds", path, metrics, seeds });
    return;
  }
  terminal.print(`\n${formatSeeds({ metrics, seeds })}\n`);
  terminal.print(`${colorsOf(terminal.out).bold("Runs:")} ${shortPath(path)}`);
}

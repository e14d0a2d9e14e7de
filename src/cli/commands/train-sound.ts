/** @file `auricle train` on sound: from the options to a run, and what is shown of its end. */

import { join } from "node:path";
import type { Command } from "commander";
import { FRONT_END_PRESETS } from "../../audio/front-end/index.ts";
import { AUDIO_MODEL_NAMES, isAudioModelName, type AudioModelName } from "../../models/index.ts";
import {
  recipeOf,
  REPORT_NAME,
  resumeSoundRun,
  startSoundRun,
  trainSeeds,
  type ResumeSoundRequest,
  type SeedsOutcome,
  type SoundControls,
  type SoundOutcome,
  type SoundRequest,
} from "../../runs/index.ts";
import { commandName } from "../command-name.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import { formatDiagnosis } from "../diagnosis.ts";
import { formatEvaluations, formatLeaks, formatSeeds } from "../sound-report.ts";
import { colorsOf } from "../terminal.ts";
import { formatCurves } from "../terminal-charts-curves.ts";
import { shortPath } from "./run-path.ts";
import { isGiven, refuseOptionsOfOthers, type TrainOptions } from "./train-options.ts";

type FinishedRun = Extract<SoundOutcome, { status: "finished" }>;

export async function startSound(
  data: string,
  options: TrainOptions,
  command: Command,
  controls: SoundControls,
): Promise<SoundOutcome | SeedsOutcome> {
  refuseOptionsOfOthers(command, "sound");
  const { seeds, out } = options;
  const request = requestOf(data, options, command);
  return seeds === undefined
    ? startSoundRun(request, { out }, controls)
    : trainSeeds(request, { out, seeds }, controls);
}

/** Returns the request that a command line makes; the recipe sets the rest. */
export function requestOf(data: string, options: TrainOptions, command: Command): SoundRequest {
  const wanted = wantedOf(options, command);
  const model = wanted.model ?? recipeOf(wanted.recipe).model;
  return { ...wanted, data, model, seed: wanted.seed ?? 0 };
}

export function resumeSound(
  path: string,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  controls: SoundControls,
): Promise<SoundOutcome> {
  refuseOptionsOfOthers(command, "sound");
  if (options.seeds !== undefined)
    command.error("error: --seeds starts several runs, and --resume continues one");
  return resumeSoundRun(path, { ...wantedOf(options, command), data }, controls);
}

/** The options that set the model's input; with another run's weights, they are that run's. */
const HEARING = ["model", "frontEnd", "window"] as const;

/** Returns the options that the user gave; undefined where not given. */
function wantedOf(
  options: TrainOptions,
  command: Command,
): ResumeSoundRequest & Pick<SoundRequest, "reading"> {
  const { frontEnd, from, freeze = false, patience, recipe } = options;
  if (freeze && from === undefined) command.error("error: --freeze needs --from <run>");
  if (from !== undefined && HEARING.some((name) => isGiven(command, name))) {
    command.error("error: with --from, the model, its front end and its window are those of that run");
  }
  if (from !== undefined && recipe !== undefined && !recipeOf(recipe).normalize) {
    command.error(
      `error: --recipe ${recipe} is for a new network, and --from starts from another's weights: use one of them and set other options individually`,
    );
  }
  return {
    recipe,
    reading: {
      ...(options.splitName !== undefined && { splitName: options.splitName }),
      ...(options.task && { task: options.task }),
    },
    model: modelOf(options, command),
    seed: options.seed,
    ...(frontEnd && { frontEnd: FRONT_END_PRESETS[frontEnd] }),
    windowSeconds: options.window,
    fractions: options.split,
    ...(isGiven(command, "officialSplit") && { official: options.officialSplit }),
    fold: options.fold,
    force: options.forceSplit,
    ...(isGiven(command, "duplicates") && { duplicates: options.duplicates }),
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
    algorithms: options.algorithms,
  };
}

function modelOf({ model }: TrainOptions, command: Command): AudioModelName | undefined {
  if (model === undefined || isAudioModelName(model)) return model;
  return command.error(`error: ${model} is for images; for sound there are ${AUDIO_MODEL_NAMES.join(", ")}`);
}

export function showSoundRun(
  { path, result, metrics, hasTrained }: FinishedRun,
  context: CommandContext,
  json: boolean,
): void {
  const { terminal } = context;
  if (result.diagnosis?.verdict === "failed") context.setExitCode(NOT_LEARNED);
  if (json) {
    terminal.printJson({ event: "done", run: path, ...result });
    return;
  }
  const { bold } = colorsOf(terminal.out);
  if (!hasTrained) terminal.print(`This run is finished: ${result.epochs} epochs.`);
  if (result.stoppedEarly) terminal.print("Stopped early: the validation result no longer improves.");
  if (result.bestEpoch !== null) terminal.print(`Kept the weights of the best epoch, ${result.bestEpoch}.`);
  for (const line of ["", ...formatCurves(metrics, result.bestEpoch, terminal.out)]) terminal.print(line);
  const { evaluations, split, diagnosis } = result;
  const doubts = [...formatDiagnosis(diagnosis, terminal.out), ...formatLeaks(split, terminal.out)];
  for (const line of ["", ...doubts]) terminal.print(line);
  terminal.print(`${formatEvaluations(evaluations, terminal.out)}\n`);
  const short = shortPath(path);
  terminal.print(`${bold("Run:")}    ${short}`);
  terminal.print(`${bold("Report:")} ${join(short, REPORT_NAME)}`);
  terminal.print(`Next: ${commandName()} predict ${short} <recording>`);
}

export function showSeeds(
  { path, runs, metrics, notLearned }: SeedsOutcome,
  context: CommandContext,
  json: boolean,
): void {
  const { terminal } = context;
  if (notLearned.length > 0) context.setExitCode(NOT_LEARNED);
  if (json) {
    terminal.printJson({ event: "seeds", path, metrics, runs, notLearned });
    return;
  }
  if (notLearned.length > 0) {
    const { bold, red } = colorsOf(terminal.out);
    const seeds = `${notLearned.length === 1 ? "seed" : "seeds"} ${notLearned.join(", ")}`;
    terminal.print(`\n${red(bold(`With ${seeds} the model learnt nothing useful; its report says why.`))}`);
  }
  terminal.print(`\n${formatSeeds({ metrics, runs })}\n`);
  terminal.print(`${colorsOf(terminal.out).bold("Runs:")} ${shortPath(path)}`);
}

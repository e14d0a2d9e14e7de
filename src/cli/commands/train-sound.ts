/** @file `auricle train` on sound: from the options to a run, and what is shown of its end. */

import { join } from "node:path";
import type { Command } from "commander";
import { AUDIO_MODEL_NAMES, isAudioModelName } from "../../models/index.ts";
import {
  formatRecipeFile,
  isNetworkFile,
  planRun,
  recipeFor,
  REPORT_NAME,
  resumeRun,
  startRun,
  trainSeeds,
  valuesOfRun,
  type SeedsOutcome,
  type RunControls,
  type RunOutcome,
} from "../../runs/index.ts";
import { commandName } from "../command-name.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import { formatDiagnosis } from "../diagnosis.ts";
import { formatEvaluations, formatLeaks, formatSeeds } from "../sound-report.ts";
import { colorsOf, type Terminal } from "../terminal.ts";
import { formatCurves } from "../terminal-charts-curves.ts";
import { shortPath } from "./run-path.ts";
import { refuseOptionsOfOthers, type TrainOptions } from "./train-options.ts";

type FinishedRun = Extract<RunOutcome, { status: "finished" }>;

export async function startSound(
  data: string,
  options: TrainOptions,
  command: Command,
  controls: RunControls,
): Promise<RunOutcome | SeedsOutcome> {
  checkSoundOptions(options, command);
  const { seeds, out } = options;
  const request = { ...options, data };
  return seeds === undefined
    ? startRun(request, { out }, controls)
    : trainSeeds(request, { out, seeds }, controls);
}

export function resumeSound(
  path: string,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  controls: RunControls,
): Promise<RunOutcome> {
  checkSoundOptions(options, command);
  if (options.seeds !== undefined)
    command.error("error: --seeds starts several runs, and --resume continues one");
  return resumeRun(path, { ...options, data }, controls);
}

/** Prints the options of the run that a command line would begin, as a file for `--config`. */
export async function printSoundConfig(
  data: string,
  options: TrainOptions,
  command: Command,
  controls: RunControls,
  terminal: Terminal,
): Promise<void> {
  checkSoundOptions(options, command);
  const config = await planRun({ ...options, data }, controls);
  terminal.out.write(formatRecipeFile(valuesOfRun(config)));
}

/** Ends with a usage error for options that contradict each other. */
export function checkSoundOptions(options: TrainOptions, command: Command): void {
  refuseOptionsOfOthers(command, options, "sound");
  const { from, freeze, model, frontEnd, window, recipe } = options;
  if (freeze && from === undefined) command.error("error: --freeze needs --from <run>");
  if (from !== undefined && (model ?? frontEnd ?? window) !== undefined) {
    command.error("error: with --from, the model, its front end and its window are those of that run");
  }
  if (from !== undefined && recipe !== undefined && !recipeFor("sound", recipe).normalize) {
    command.error(
      `error: --recipe ${recipe} is for a new network, and --from starts from another's weights: use one of them and set other options individually`,
    );
  }
  if (model !== undefined && !isAudioModelName(model) && !isNetworkFile(model)) {
    command.error(`error: ${model} is for images; for sound there are ${AUDIO_MODEL_NAMES.join(", ")}`);
  }
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

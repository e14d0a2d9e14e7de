/** @file `auricle train`: from the options to a run, and its final output. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  contradictionsIn,
  formatRecipeFile,
  REPORT_NAME,
  rowOf,
  SCHEMA_PLACE,
  type OptionName,
} from "../../runs/index.ts";
import type {
  Activity,
  FoundRun,
  KindName,
  RunOutcome,
  SeedsOutcome,
  Session,
  TrainOptions as SessionTrainOptions,
  TrainingEvent,
} from "../../session/index.ts";
import { commandName } from "../command-name.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import { formatDiagnosis } from "../diagnosis.ts";
import { formatEvaluations, formatLeaks, formatSeeds } from "../run-figures.ts";
import type { Progress } from "../progress.ts";
import type { Taking } from "../on-ranks.ts";
import { colorsOf, type Terminal } from "../terminal.ts";
import { formatCurves } from "../terminal-charts-curves.ts";
import { shortPath } from "./run-path.ts";
import { controlsOf, decidingValues, refuseOptionsOfOthers, type TrainOptions } from "./train-options.ts";

type FinishedRun = Extract<RunOutcome, { status: "finished" }>;

/** A training that has begun. */
type Training = Activity<TrainingEvent, RunOutcome | SeedsOutcome>;

export async function startTraining(
  session: Session,
  data: string,
  options: TrainOptions,
  command: Command,
  taking: Taking | undefined,
): Promise<Training> {
  checkOptions(options, await session.kindOf(data), command);
  const { seeds } = options;
  const request = { ...decidingValues(options), data };
  const controls = controlsOnRank(options, taking);
  return seeds === undefined
    ? session.train(request, controls)
    : session.trainSeeds(request, seeds, controls);
}

export function resumeTraining(
  session: Session,
  { path, kind }: FoundRun,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  taking: Taking | undefined,
): Training {
  checkOptions(options, kind, command);
  if (options.seeds !== undefined)
    command.error("error: --seeds starts several runs, and --resume continues one");
  return session.resume(path, { ...decidingValues(options), data }, controlsOnRank(options, taking));
}

/** Rank 0 alone writes where the user looks. */
function controlsOnRank(options: TrainOptions, taking: Taking | undefined): SessionTrainOptions {
  const controls = controlsOf(options);
  if (!taking) return controls;
  const { ranks, folder } = taking;
  return {
    ...controls,
    ranks,
    threads: controls.threads ?? taking.threads,
    ...(ranks.rank > 0 && { out: folder, profile: false }),
  };
}

/** Shows a training until its end. From when there is a run on, Ctrl-C ends it after the step at hand. */
export function followTraining(
  training: Training,
  progress: Progress,
  { terminal, interruptible }: CommandContext,
): Promise<RunOutcome | SeedsOutcome> {
  let interruption: AbortSignal | undefined;
  const stop = () => {
    progress.end();
    terminal.note("Stopping after this step. Press Ctrl-C again to stop at once.");
    training.stop();
  };
  return training.listen((event) => {
    progress.show(event);
    if (event.kind !== "begun" || interruption) return;
    interruption = interruptible();
    if (interruption.aborted) training.stop();
    else interruption.addEventListener("abort", stop);
  });
}

/** Prints the options of the run that a command line would begin, as a file for `--config`. */
export async function printConfig(
  session: Session,
  data: string,
  options: TrainOptions,
  command: Command,
  progress: Progress,
  terminal: Terminal,
): Promise<void> {
  checkOptions(options, await session.kindOf(data), command);
  const { values } = await session
    .plan({ ...decidingValues(options), data }, controlsOf(options))
    .listen((event) => progress.show(event));
  // In other places, the file would name a schema that is not there.
  const schema = existsSync(SCHEMA_PLACE) ? SCHEMA_PLACE : undefined;
  terminal.out.write(formatRecipeFile(values, schema));
}

/** Ends with a usage error for options that contradict each other. */
export function checkOptions(options: TrainOptions, kind: KindName, command: Command): void {
  refuseOptionsOfOthers(command, options, kind);
  const [problem] = contradictionsIn(options, kind, flagOf);
  if (problem !== undefined) command.error(`error: ${problem}`);
}

/** The flag that gives an option a value. */
function flagOf(name: OptionName): string {
  const [[flag]] = rowOf(name).flags;
  return flag.split(" ")[0];
}

export function showRun(
  { kind, path, result, metrics, hasTrained }: FinishedRun,
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
  const doubts = [...formatDiagnosis(diagnosis, terminal.out), ...formatLeaks(split, kind, terminal.out)];
  for (const line of ["", ...doubts]) terminal.print(line);
  terminal.print(`${formatEvaluations(evaluations, kind, terminal.out)}\n`);
  const short = shortPath(path);
  terminal.print(`${bold("Run:")}    ${short}`);
  terminal.print(`${bold("Report:")} ${join(short, REPORT_NAME)}`);
  terminal.print(`Next: ${commandName()} predict ${short} ${kind === "sound" ? "<recording>" : "<image>"}`);
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

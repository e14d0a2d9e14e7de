/** @file `auricle train`: trains a model on data and keeps the run, or goes on with one. */

import type { Command } from "commander";
import { quoted } from "../../runs/index.ts";
import {
  openSession,
  type FoundRun,
  type RunOutcome,
  type SeedsOutcome,
  type Session,
} from "../../session/index.ts";
import { commandName } from "../command-name.ts";
import { INTERRUPTED, type CommandContext } from "../context.ts";
import { withFeatureFolder } from "../feature-folder.ts";
import { onRanks, shareRunFolder, type Taking } from "../on-ranks.ts";
import { progressOn } from "../progress.ts";
import { requireDataFolder } from "./require-folder.ts";
import { shortPath } from "./run-path.ts";
import { addTrainOptions, readTrainOptions, type TrainOptions } from "./train-options.ts";
import { isTrial, refuseForTrial, runTrial } from "./train-trial.ts";
import {
  followTraining,
  printConfig,
  resumeTraining,
  showRun,
  showSeeds,
  startTraining,
} from "./train-run.ts";

type Outcome = RunOutcome | SeedsOutcome | { readonly status: "planned" };

const EXAMPLES = `
Examples:
  $ auricle train ./genres                  a folder for each class
  $ auricle train ./genres --seeds 5        five runs: mean, deviation
  $ auricle train clips.csv --split 0.7/0.15/0.15
  $ auricle train ./photos                  the same with images
  $ auricle train --resume                  resume the last unfinished run
  $ auricle train digits --seed 1           a data set by its name

Data: a name that "auricle data" lists, a folder or a list of recordings or of
images, or a folder with IDX or CIFAR-10 files.
Ctrl-C stops after the current step, again at once; completed epochs are kept.`;

export function addTrainCommand(program: Command, context: CommandContext): void {
  const train = program
    .command("train")
    .description("train a model, or resume a run")
    .argument("[data]", "a data set, folder or list; not needed with --resume");
  addTrainOptions(train);
  train
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, _: unknown, command: Command) => {
      const options = await readTrainOptions(command);
      // A dry run leaves nothing behind.
      const kept = options.dryRun ? { cache: false } : options;
      await onRanks(context, options.rankTimeout, async (taking, own) => {
        if (taking) refuseForRanks(command, options);
        const outcome = await withFeatureFolder(kept, command, (featureFolder) =>
          runTraining(data, { ...options, featureFolder }, command, own, taking),
        );
        showOutcome(outcome, options, own);
      });
    });
}

async function runTraining(
  data: string | undefined,
  options: TrainOptions,
  command: Command,
  context: CommandContext,
  taking: Taking | undefined,
): Promise<Outcome> {
  const { terminal, onInterrupt } = context;
  requireDataFolder(options);
  if (isTrial(options)) refuseForTrial(command, options);
  const session = openSession();
  const progress = progressOn(terminal, options.json === true || options.printConfig === true);
  onInterrupt(() => {
    progress.end();
    if (options.json) terminal.printJson({ event: "interrupted", run: null, epochsDone: 0 });
    terminal.note(
      "Interrupted before training began. Files decoded so far are cached: the same command continues from here.",
    );
  });
  try {
    const run = taking
      ? await sharedRunToResume(taking, session, data, options, command)
      : await runToResume(session, data, options, command);
    if (run) {
      const resumed = resumeTraining(session, run, data, options, command, taking);
      return await followTraining(resumed, progress, context);
    }
    if (data === undefined) command.error("error: missing required argument 'data'");
    if (isTrial(options)) {
      await runTrial(session, data, options, command, progress, context);
      return { status: "planned" };
    }
    if (options.printConfig) {
      await printConfig(session, data, options, command, progress, terminal);
      return { status: "planned" };
    }
    const training = await startTraining(session, data, options, command, taking);
    return await followTraining(training, progress, context);
  } finally {
    progress.end();
  }
}

/** The run to go on with; undefined where one is to be begun. */
async function runToResume(
  session: Session,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
): Promise<FoundRun | undefined> {
  const { resume, out } = options;
  if (resume === undefined) return undefined;
  if (typeof resume === "string" && out !== undefined) {
    command.error("error: --resume <folder> and --out cannot be used together");
  }
  const folder = typeof resume === "string" ? resume : out;
  // In a script, the same line begins a run and goes on with it.
  const begins = folder !== undefined && data !== undefined && !(await session.hasRun(folder));
  return begins ? undefined : session.findRun(folder);
}

/** As {@link runToResume}: rank 0 knows, and the others get copies. */
async function sharedRunToResume(
  taking: Taking,
  session: Session,
  data: string | undefined,
  options: TrainOptions,
  command: Command,
): Promise<FoundRun | undefined> {
  if (options.resume === undefined) return undefined;
  const isFirst = taking.ranks.rank === 0;
  const run = isFirst ? await runToResume(session, data, options, command) : undefined;
  const path = await shareRunFolder(taking, run?.path);
  return path === undefined ? undefined : session.findRun(path);
}

/** Ends with a usage error for what one process does as well. */
function refuseForRanks(command: Command, options: TrainOptions): void {
  if (options.seeds !== undefined || isTrial(options) || options.printConfig) {
    command.error(
      "error: several processes train one run; use --seeds, --print-config, --dry-run and --overfit-one-batch without mpirun",
    );
  }
}

function showOutcome(outcome: Outcome, options: TrainOptions, context: CommandContext): void {
  const json = options.json ?? false;
  if (outcome.status === "planned") return;
  if (outcome.status === "seeds") showSeeds(outcome, context, json);
  else if (outcome.status === "interrupted") showInterrupted(outcome, options, context);
  else showRun(outcome, context, json);
}

function showInterrupted(
  outcome: Extract<Outcome, { status: "interrupted" }>,
  options: TrainOptions,
  context: CommandContext,
): void {
  const { path, epochsDone, epochs } = outcome;
  const seeds = "seeds" in outcome ? outcome.seeds : undefined;
  const { terminal } = context;
  context.setExitCode(INTERRUPTED);
  if (options.json) {
    const finished = seeds && { seeds: { path: seeds.path, done: seeds.done } };
    terminal.printJson({ event: "interrupted", run: path, epochsDone, ...finished });
  }
  const done = `${epochsDone} of ${epochs} epochs`;
  if (seeds === undefined) {
    terminal.note(`Interrupted: ${done} are done and saved. To continue:`);
    terminal.note(`  ${commandName()} train --resume ${quoted(shortPath(path))}`);
    return;
  }
  // The same line goes on with the seeds that are not finished, if it names the folder.
  const place = options.out === undefined ? ["--out", shortPath(seeds.path)] : [];
  terminal.note(
    `Interrupted: ${seeds.done} of ${seeds.of} seeds are done, and ${done} of the next one. To continue:`,
  );
  terminal.note(`  ${commandName()} ${[...context.argv, ...place].map(quoted).join(" ")}`);
}

/** @file `auricle sweep`: many trainings of one search, compared by validation, and the best of them. */

import { existsSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import type { Command } from "commander";
import { readFileBytes } from "../../io/atomic-file.ts";
import { quoted, type OptionName } from "../../runs/index.ts";
import { openSession } from "../../session/index.ts";
import { usableThreads } from "../../runtime/pool.ts";
import {
  proposeSweep,
  readSweep,
  runSweep,
  runSweepOnRanks,
  SWEEP_FILES,
  SWEEP_SCHEMA_PLACE,
  type Sweep,
  type SweepControls,
  type SweepOutcome,
} from "../../sweep/index.ts";
import { commandName } from "../command-name.ts";
import { INTERRUPTED, type CommandContext } from "../context.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { withFeatureFolder } from "../feature-folder.ts";
import { onRanks, type Taking } from "../on-ranks.ts";
import { wholeNumber } from "../option-values.ts";
import { progressBeside } from "../progress.ts";
import { SweepProgress } from "../sweep-progress.ts";
import { openSweepTable, formatSweep } from "../sweep-table.ts";
import { requireDataFolder } from "./require-folder.ts";
import { shortPath } from "./run-path.ts";
import { addTrainOptions, controlsOf, readTrainOptions, type TrainOptions } from "./train-options.ts";

/** The options of the process that a sweep takes too. */
const NAMES: readonly OptionName[] = [
  ...(["threads", "strict", "featureFolder", "cache", "dataFolder", "download"] as const),
  ...(["rankTimeout", "json"] as const),
];

interface SweepOptions {
  readonly out?: string;
  readonly parallel?: number;
  readonly csv?: string;
  readonly propose?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle sweep ./genres --propose > sweep.json
  $ auricle sweep sweep.json                into sweeps/sweep
  $ auricle sweep sweep.json --parallel 2   two runs side by side
  $ mpirun -n 8 auricle sweep sweep.json    eight, on one or more machines

The same command continues a sweep; what is trained is not trained again.
docs/sweeps.md describes the file. Configurations are compared by validation
alone; only the winner is tested.`;

export function addSweepCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("sweep")
    .description("search for the best training options")
    .argument("<file>", "a sweep file: data, options, ranges to search; with --propose, data")
    .option("--propose", "print a sweep file for the data, and train nothing")
    .option("--out <folder>", "folder of the sweep (default: sweeps/<name of the file>)")
    .option("--parallel <n>", "runs side by side, which share the threads (default: 1)", wholeNumber(1))
    .option("--csv <file>", 'write the results as a table; "-" writes it to stdout instead of the text');
  addTrainOptions(command, NAMES);
  command.addHelpText("after", EXAMPLES).action(async (file: string, own: SweepOptions, command: Command) => {
    const options = await readTrainOptions(command);
    requireDataFolder(options);
    if (options.json && own.csv === CSV_STDOUT) {
      command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
    }
    await onRanks(context, options.rankTimeout, async (taking, onRank) => {
      if (taking) refuseForRanks(command, own);
      await withFeatureFolder(options, command, (featureFolder) =>
        own.propose
          ? propose(file, { ...options, featureFolder }, onRank)
          : sweepOver(file, { ...options, featureFolder }, own, onRank, taking),
      );
    });
  });
}

function refuseForRanks(command: Command, { propose, parallel }: SweepOptions): void {
  if (parallel !== undefined) {
    command.error(
      "error: under mpirun each rank trains one run at a time; start more ranks, without --parallel",
    );
  }
  if (propose) command.error("error: --propose is for one process; use it without mpirun");
}

/** Prints a sweep file for data. */
async function propose(data: string, options: TrainOptions, { terminal }: CommandContext): Promise<void> {
  const session = openSession();
  const controls = controlsOf(options);
  const { examples, counts } = await session.describe(data, controls);
  const progress = progressBeside(terminal);
  const { config } = await session
    .plan({ data }, controls)
    .listen((event) => progress.show(event))
    .finally(() => progress.end());
  // In other places, the file would name a schema that is not there.
  const schema = existsSync(SWEEP_SCHEMA_PLACE) && { $schema: SWEEP_SCHEMA_PLACE };
  const content = { ...schema, ...proposeSweep({ data, examples, counts, config }) };
  terminal.out.write(`${JSON.stringify(content, undefined, 2)}\n`);
}

async function sweepOver(
  file: string,
  options: TrainOptions,
  { out, parallel = 1, csv }: SweepOptions,
  context: CommandContext,
  taking: Taking | undefined,
): Promise<void> {
  const { terminal } = context;
  const session = openSession();
  const text = new TextDecoder().decode(await readFileBytes(file));
  const sweep = await readSweep(text, file, (data) => session.kindOf(data));
  const path = resolve(out ?? join("sweeps", basename(file, extname(file))));
  const table = csv === undefined ? undefined : openSweepTable(csv, sweep, terminal.out);
  const isQuiet = options.json === true || csv === CSV_STDOUT;
  const progress = new SweepProgress(terminal, sweep, { isJson: options.json === true, isQuiet });
  const {
    threads = taking?.threads ?? usableThreads(),
    strict,
    featureFolder,
    dataFolder,
    download,
    cache,
  } = controlsOf(options);
  const signal = context.interruptible();
  signal.addEventListener("abort", () => {
    progress.end();
    terminal.note("Stopping after this step. Press Ctrl-C again to stop at once.");
  });
  const controls: SweepControls = {
    threads,
    reading: { strict, featureFolder, dataFolder, download, cache },
    signal,
    show: (event) => progress.show(event),
  };
  const outcome = await (
    taking
      ? runSweepOnRanks(taking.ranks, sweep, path, controls)
      : runSweep(sweep, path, { ...controls, parallel })
  ).finally(() => progress.end());
  if (!outcome) return;
  if (outcome.status === "interrupted") return showInterrupted(outcome.path, options, context);
  table?.(outcome);
  if (options.json) terminal.printJson({ event: "done", ...outcome });
  if (!isQuiet) showFinished(sweep, outcome, context);
}

function showInterrupted(path: string, { json }: TrainOptions, context: CommandContext): void {
  const { terminal, argv } = context;
  context.setExitCode(INTERRUPTED);
  if (json) terminal.printJson({ event: "interrupted", path });
  terminal.note("Interrupted: what is trained is saved. To continue:");
  terminal.note(`  ${commandName()} ${argv.map(quoted).join(" ")}`);
}

function showFinished(
  sweep: Sweep,
  outcome: Extract<SweepOutcome, { status: "finished" }>,
  { terminal }: CommandContext,
): void {
  for (const line of formatSweep(sweep, outcome, terminal.out)) terminal.print(line);
  const { path, test } = outcome;
  const recipe = shortPath(join(path, SWEEP_FILES.best));
  const seeds = sweep.seeds > 1 ? ` --seeds ${sweep.seeds}` : "";
  const data = quoted(shortPath(sweep.data));
  terminal.print("");
  terminal.print(`Best run: ${test.map(({ run }) => shortPath(run)).join(", ")}`);
  terminal.print(`Page:     ${shortPath(join(path, SWEEP_FILES.page))}`);
  terminal.print(`Recipe:   ${recipe}`);
  terminal.print(`Again:    ${commandName()} train ${data} --config ${quoted(recipe)}${seeds}`);
}

/** @file `auricle eval`: tests the model of a run. */

import type { Command } from "commander";
import { figuresOf, storedResults, type RunEvaluation } from "../../runs/index.ts";
import { openSession, type FoundRun, type Session } from "../../session/index.ts";
import { AnswersNpz, type AnswerRow } from "../answers-npz.ts";
import { formatAccuracyCost } from "../accuracy-cost.ts";
import type { CommandContext } from "../context.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { EvaluationCsv } from "../evaluation-csv.ts";
import { addFeatureOptions, withFeatureFolder } from "../feature-folder.ts";
import { nounsOf } from "../nouns.ts";
import { precisionOption, wholeNumber } from "../option-values.ts";
import { progressOn } from "../progress.ts";
import { formatEvaluations, formatHeadlines, formatKnown, formatLeaks } from "../run-figures.ts";
import type { Precision } from "../../runtime/precision.ts";
import { printable } from "../text.ts";
import { requireDataFolder } from "./require-folder.ts";

interface EvalOptions {
  readonly threads?: number;
  readonly precision?: Precision;
  readonly strict?: boolean;
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
  readonly csv?: string;
  readonly npz?: string;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle eval runs/genres           on its own validation and test parts
  $ auricle eval runs/genres ./other   on other recordings of the same classes
  $ auricle eval runs/digits mnist     on other images of the same classes`;

export function addEvalCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("eval")
    .description("test the model of a run")
    .argument("<run>", "the folder of a run")
    .argument("[data]", "a data set, a folder or a list (default: the run's own data)")
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1))
    .addOption(precisionOption())
    .option("--strict", "exit with an error if any file cannot be used");
  addFeatureOptions(command)
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option(
      "--csv <file>",
      'write a table with one row for each example; "-" writes it to stdout instead of the text',
    )
    .option("--npz <file>", "write outputs and true answers as arrays for NumPy")
    .option("--json", "write one JSON object instead of tables")
    .addHelpText("after", EXAMPLES)
    .action(async (place: string, data: string | undefined, options: EvalOptions, command: Command) => {
      const session = openSession();
      const run = await session.findRun(place);
      requireDataFolder(options);
      if (options.json && options.csv === CSV_STDOUT) {
        command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
      }
      await withFeatureFolder(options, command, (featureFolder) =>
        evaluate(session, run, data, { ...options, featureFolder }, context),
      );
    });
}

async function evaluate(
  session: Session,
  { path, config, kind }: FoundRun,
  data: string | undefined,
  { csv: table, npz: arrays, json, ...options }: EvalOptions,
  { terminal, onInterrupt }: CommandContext,
): Promise<void> {
  const progress = progressOn(terminal, json === true || table === CSV_STDOUT);
  const csv = table === undefined ? undefined : new EvaluationCsv(table, config, terminal.out);
  const npz = arrays === undefined ? undefined : new AnswersNpz(arrays, config);
  onInterrupt(() => {
    progress.end();
    terminal.note("Interrupted: no figures yet. Files decoded so far are cached for the next time.");
  });
  try {
    const { dataName, evaluations, split, known, costs } = await session
      .evaluate(path, { ...options, data })
      .listen((event) => progress.show(event));
    progress.end();
    for (const evaluation of evaluations) {
      csv?.add(evaluation);
      if (npz) for (const row of rowsOf(evaluation, config)) npz.add(row);
    }
    npz?.close();
    if (table === CSV_STDOUT) return;
    if (json) {
      terminal.printJson({
        event: "evaluated",
        run: path,
        data: dataName,
        split,
        ...(known && { [nounsOf(kind).met]: known }),
        evaluations: evaluations.map(asJson),
        ...(costs.length > 0 && {
          precision: costs.map((cost) => ({ ...cost, evaluation: asJson(cost.evaluation) })),
        }),
      });
      return;
    }
    terminal.print(`${printable(path)} on ${printable(dataName)}\n`);
    if (split) for (const line of formatLeaks(split, kind, terminal.out)) terminal.print(line);
    if (known) for (const line of formatKnown(known, kind, terminal.out)) terminal.print(line);
    const figures = evaluations.map(figuresOf);
    // What a model knows is never shown as its result.
    const shown = known?.new === 0 ? formatHeadlines : formatEvaluations;
    terminal.print(shown(figures, kind, terminal.out));
    costs.forEach((cost, i) =>
      terminal.print(`\n${formatAccuracyCost(cost, evaluations[i], kind, terminal.out)}`),
    );
  } finally {
    csv?.close();
    progress.end();
  }
}

/** The results of a part of the data, with targets as a network has them. */
function rowsOf(
  { name, results }: RunEvaluation["evaluations"][number],
  { task, classNames }: FoundRun["config"],
): AnswerRow[] {
  return results.map(({ id, truth, outputs }) => ({
    source: id,
    part: name,
    outputs,
    target: task === "regression" ? truth : classNames.map((_, i) => Number(truth.includes(i))),
  }));
}

/** The figures of an evaluation, and its examples as `predictions.json` has them. */
function asJson(evaluation: RunEvaluation["evaluations"][number]): object {
  return { ...figuresOf(evaluation), clips: storedResults(evaluation) };
}

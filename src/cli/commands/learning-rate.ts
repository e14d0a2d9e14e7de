/** @file `auricle learning-rate`: the learning rate range test on data, drawn, with a suggestion. */

import { extname } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic } from "../../io/atomic-file.ts";
import { renderLearningRates } from "../../report/index.ts";
import { modelTitle, OPTION_NAMES, rowOf, type OptionName } from "../../runs/index.ts";
import { openSession, type LearningRateOutcome } from "../../session/index.ts";
import { CSV_STDOUT, CsvOutput } from "../csv-output.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import { withFeatureFolder } from "../feature-folder.ts";
import { positiveNumber, wholeNumber } from "../option-values.ts";
import { progressOn } from "../progress.ts";
import { colorsOf, widthOf, type TextStream } from "../terminal.ts";
import { axisWith, formatPlot, joined } from "../terminal-plot.ts";
import { printable, wrapText } from "../text.ts";
import { requireDataFolder } from "./require-folder.ts";
import { shortPath } from "./run-path.ts";
import {
  addTrainOptions,
  controlsOf,
  decidingValues,
  readTrainOptions,
  type TrainOptions,
} from "./train-options.ts";
import { checkOptions } from "./train-run.ts";

/** The options of a training that a test has no use for. */
const LEFT_OUT: readonly OptionName[] = ["learningRate", "schedule", "epochs", "patience"];

/** The options of the process that a test takes too. */
const OWN: readonly OptionName[] = [
  ...(["strict", "featureFolder", "cache", "config", "threads", "dataFolder", "download", "json"] as const),
];

const NAMES = OPTION_NAMES.filter(
  (name) => OWN.includes(name) || (rowOf(name).changesBits && !LEFT_OUT.includes(name)),
);

interface RangeOptions {
  readonly min?: number;
  readonly max?: number;
  readonly steps?: number;
  readonly out?: string;
  readonly csv?: string;
}

const EXAMPLES = `
Examples:
  $ auricle learning-rate ./genres
  $ auricle learning-rate ./genres --model musicnn --batch-size 16
  $ auricle learning-rate ./genres --out rates.html --csv rates.csv

The rate rises from step to step. The suggestion is a tenth of the rate at which
the loss is lowest: the one to give to "auricle train --learning-rate".`;

export function addLearningRateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("learning-rate")
    .description("test a range of learning rates, and suggest one")
    .argument("<data>", "a data set, folder or list")
    .option("--min <x>", "the first learning rate (default: 1e-6)", positiveNumber)
    .option("--max <x>", "the last learning rate (default: 1)", positiveNumber)
    .option("--steps <n>", "number of steps (default: 200)", wholeNumber(10))
    .option("--out <file.html>", "write the curve as a page")
    .option("--csv <file>", 'write the curve as a table; "-" writes it to stdout instead of the text');
  addTrainOptions(command, NAMES);
  command
    .addHelpText("after", EXAMPLES)
    .action(async (data: string, range: RangeOptions, command: Command) => {
      checkOutputs(range, command);
      const options = await readTrainOptions(command);
      await withFeatureFolder(options, command, (featureFolder) =>
        testRange(data, { ...options, featureFolder }, range, command, context),
      );
    });
}

function checkOutputs(
  { out, csv, min = 1e-6, max = 1, ...options }: RangeOptions & { readonly json?: boolean },
  command: Command,
): void {
  if (out !== undefined && extname(out).toLowerCase() !== ".html") {
    command.error(`error: --out writes a page: its name must end with .html; got ${out}`);
  }
  if (options.json && csv === CSV_STDOUT) {
    command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
  }
  if (min >= max) command.error(`error: --min must be below --max; got ${min} and ${max}`);
}

async function testRange(
  data: string,
  options: TrainOptions,
  { min, max, steps, out, csv }: RangeOptions,
  command: Command,
  context: CommandContext,
): Promise<void> {
  const session = openSession();
  checkOptions(options, await session.kindOf(data), command);
  requireDataFolder(options);
  const { terminal } = context;
  const table =
    csv === undefined
      ? undefined
      : new CsvOutput(csv, ["step", "learning rate", "loss", "smoothed loss"], terminal.out);
  const isQuiet = options.json === true || csv === CSV_STDOUT;
  const progress = progressOn(terminal, isQuiet);
  const range = {
    ...(min !== undefined && { minLearningRate: min }),
    ...(max !== undefined && { maxLearningRate: max }),
    ...(steps !== undefined && { steps }),
  };
  const request = { ...decidingValues(options), data };
  const outcome = await session
    .learningRate(request, range, controlsOf(options))
    .listen((event) => progress.show(event))
    .finally(() => progress.end());
  if (outcome.suggestion === undefined) context.setExitCode(NOT_LEARNED);
  if (out !== undefined) await writeFileAtomic(out, pageOf(outcome));
  if (table) writeTable(table, outcome);
  if (options.json) terminal.printJson({ event: "learning-rate", ...outcome });
  if (isQuiet) return;
  for (const line of formatRange(outcome, terminal.out)) terminal.print(line);
  if (out !== undefined) terminal.print(`Page: ${shortPath(out)}`);
}

function writeTable(table: CsvOutput, { learningRates, losses, smoothedLosses }: LearningRateOutcome): void {
  learningRates.forEach((rate, i) =>
    table.row({
      step: i + 1,
      "learning rate": rate,
      loss: losses[i],
      "smoothed loss": smoothedLosses[i],
    }),
  );
  table.close();
}

function titleOf({ config, dataName }: LearningRateOutcome): string {
  return `${modelTitle(config.model)} on ${dataName}`;
}

/** The conditions under which the suggestion holds. */
function conditionsOf({ config, learningRates }: LearningRateOutcome): string {
  return (
    `${config.optimizer}, batches of ${config.batchSize}, ${learningRates.length} steps, seed ${config.seed}; the loss is that of ` +
    "one batch, always the same, after each step"
  );
}

/** The greatest loss that is drawn, in times of the first one: where training diverges, the curve would be flat otherwise. */
const DRAWN = 1.5;

/** The losses to draw; null above the picture. */
function drawn({ losses, smoothedLosses }: LearningRateOutcome) {
  const limit = DRAWN * Math.abs(smoothedLosses[0]);
  const below = (values: readonly number[]) => values.map((value) => (value > limit ? null : value));
  return { losses: below(losses), smoothedLosses: below(smoothedLosses) };
}

function pageOf(outcome: LearningRateOutcome): string {
  const facts = [`${conditionsOf(outcome)}.`];
  return renderLearningRates({ ...outcome, ...drawn(outcome), title: titleOf(outcome), facts });
}

function formatRange(outcome: LearningRateOutcome, stream: TextStream): string[] {
  const { learningRates, suggestion, suggestedStep, explanation } = outcome;
  const { losses, smoothedLosses } = drawn(outcome);
  const { bold, cyan, yellow, green } = colorsOf(stream);
  const width = widthOf(stream);
  const rate = (value: number) => value.toExponential(1);
  const curve = formatPlot(
    {
      title: "Loss",
      series: [
        { name: "after each step", values: losses, mark: "·", color: yellow },
        { name: "smoothed", values: smoothedLosses, mark: "line", color: cyan },
      ],
      axis: axisWith(
        `rate ${rate(learningRates[0])}`,
        rate(learningRates[learningRates.length - 1]),
        suggestedStep === undefined
          ? undefined
          : { position: suggestedStep / (learningRates.length - 1), text: "suggestion" },
      ),
    },
    width,
    stream,
  );
  return [
    bold(printable(titleOf(outcome))),
    ...wrapText(`${conditionsOf(outcome)}.`, width),
    "",
    ...curve.map(joined),
    "",
    ...(suggestion === undefined ? [] : [green(`Suggested learning rate: ${suggestion.toPrecision(2)}`)]),
    ...wrapText(`${explanation[0].toUpperCase()}${explanation.slice(1)}.`, width),
  ];
}

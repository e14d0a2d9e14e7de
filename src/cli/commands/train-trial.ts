/** @file `auricle train --dry-run` and `--overfit-one-batch`: trials of a training of which no run is kept. */

import type { Command } from "commander";
import { modelTitle } from "../../runs/index.ts";
import type { DryRun, OverfitOutcome, Session } from "../../session/index.ts";
import { formatShape } from "../../tensor/shape.ts";
import { NOT_LEARNED, type CommandContext } from "../context.ts";
import type { Progress } from "../progress.ts";
import { colorsOf, widthOf, type TextStream } from "../terminal.ts";
import { formatPlot, joined, axisWith } from "../terminal-plot.ts";
import { formatBytes, formatCount, formatDuration, padEnd, printable, wrapText } from "../text.ts";
import { refuseOptions } from "./refuse-options.ts";
import { shortPath } from "./run-path.ts";
import { controlsOf, decidingValues, type TrainOptions } from "./train-options.ts";
import { checkOptions } from "./train-run.ts";

/** Whether the options ask for a trial. */
export function isTrial({ dryRun, overfitOneBatch }: TrainOptions): boolean {
  return dryRun === true || overfitOneBatch === true;
}

/** Ends with a usage error where an option has no meaning in a trial. */
export function refuseForTrial(command: Command, { dryRun, overfitOneBatch }: TrainOptions): void {
  const flag = dryRun ? "--dry-run" : "--overfit-one-batch";
  if (dryRun && overfitOneBatch)
    command.error("error: --dry-run and --overfit-one-batch cannot be used together");
  const useless = ["resume", "seeds", "profile", "printConfig", ...(dryRun ? ["out"] : [])];
  refuseOptions(command, useless, `cannot be used with ${flag}, which keeps no run`);
}

/** Runs a trial and shows its figures. */
export async function runTrial(
  session: Session,
  data: string,
  options: TrainOptions,
  command: Command,
  progress: Progress,
  context: CommandContext,
): Promise<void> {
  checkOptions(options, await session.kindOf(data), command);
  const { terminal } = context;
  const request = { ...decidingValues(options), data };
  if (options.dryRun) {
    const figures = await session
      .dryRun(request, controlsOf(options))
      .listen((event) => progress.show(event));
    if (options.json) terminal.printJson({ event: "dry-run", ...figures });
    else for (const line of formatDryRun(figures, terminal.out)) terminal.print(line);
    return;
  }
  const outcome = await session
    .overfitOneBatch(request, controlsOf(options))
    .listen((event) => progress.show(event));
  if (!outcome.passed) context.setExitCode(NOT_LEARNED);
  if (options.json) terminal.printJson({ event: "overfit-one-batch", ...outcome });
  else for (const line of formatOverfit(outcome, terminal.out)) terminal.print(line);
}

function formatDryRun(figures: DryRun, stream: TextStream): string[] {
  const { config, words, split, network, step, evaluation, seconds, problems } = figures;
  const examples = (number: number) => count(number, words.example, words.examples);
  const all = split.train + split.validation + split.test;
  const unusable = problems.length > 0 ? `, ${count(problems.length, "file")} cannot be used` : "";
  const guessing = step.guessing === undefined ? "" : ` (that of guessing: ${step.guessing.toFixed(4)})`;
  const { epochs, batchSize, optimizer, learningRate, target } = config;
  const rows: readonly (readonly [string, string])[] = [
    ["data", `${examples(all)}, of which ${formatCount(figures.read)} were read${unusable}`],
    ["task", taskOf(config)],
    ["split", `${split.train} training, ${split.validation} validation, ${split.test} test`],
    [
      "network",
      `${modelTitle(config.model)}, ${count(network.layers, "layer")}: ` +
        `${formatShape(network.inputShape)} to ${formatShape(network.outputShape)}`,
    ],
    [
      "parameters",
      `${formatCount(network.parameters)}, of which ${formatCount(network.trainableParameters)} are trained`,
    ],
    [
      "training",
      `${count(epochs, "epoch")} of ${count(figures.stepsPerEpoch, "step")}, batches of ${batchSize}, ${optimizer}, ` +
        `learning rate ${learningRate}`,
    ],
    [
      "first step",
      `loss ${step.loss.toFixed(4)}${guessing}, gradient norm ${step.gradientNorm.toPrecision(3)}`,
    ],
    ["evaluation", `loss ${evaluation.loss.toFixed(4)} on ${examples(evaluation.examples)}`],
    ["memory", `${formatBytes(figures.memory)} for the network in training`],
    ["machine", `${target}, ${count(figures.threads, "thread")}`],
    [
      "time",
      `about ${formatDuration(seconds.epoch)} for an epoch, at most ${formatDuration(epochs * seconds.epoch)} for all epochs, ` +
        `about ${formatDuration(seconds.prepare)} for reading the data`,
    ],
  ];
  const width = widthOf(stream);
  const label = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    colorsOf(stream).bold(
      `Dry run on ${printable(figures.dataName)}: everything works, and nothing was kept.`,
    ),
    ...rows.flatMap(([name, text]) =>
      wrapText(printable(text), width - label).map((line, i) => padEnd(i === 0 ? name : "", label) + line),
    ),
  ];
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}

/** How many names of classes are shown. */
const MOST_NAMES = 12;

function taskOf({ task, classNames }: DryRun["config"]): string {
  const shown = classNames.slice(0, MOST_NAMES).join(", ");
  const others = classNames.length - MOST_NAMES;
  const what = { classification: "class", tagging: "tag", regression: "number" }[task];
  const many = count(classNames.length, what, what === "class" ? "classes" : undefined);
  return `${task}, ${many}: ${shown}${others > 0 ? ` and ${others} others` : ""}`;
}

function formatOverfit(outcome: OverfitOutcome, stream: TextStream): string[] {
  const { config, losses, passed, reached, targetLoss, limit, verdict, examples, file } = outcome;
  const { bold, red, green, yellow } = colorsOf(stream);
  const width = widthOf(stream);
  const said = (text: string) => wrapText(text, width);
  const curve = formatPlot(
    {
      title: "Loss of the batch",
      series: [{ name: "before each step", values: losses, mark: "line", color: yellow }],
      axis: axisWith("step 1", String(losses.length)),
    },
    width,
    stream,
  );
  const conclusion = reached
    ? `The batch is memorised after ${count(losses.length, "step")}: the loss is below ${targetLoss.toFixed(4)}, a hundredth ` +
      "of that of guessing. Network, loss, data and learning rate fit together."
    : passed
      ? `In ${limit} steps the loss did not fall below ${targetLoss.toFixed(4)}, a hundredth of that of guessing, but far enough: ` +
        `${verdict}.`
      : `Not learnt: ${verdict}.`;
  const advice =
    "A network that cannot learn a single batch will not learn all data. Likely causes: targets that do not belong to their inputs " +
    "(look at the data with auricle inspect), a learning rate that is too high or too low (auricle learning-rate), an input that is " +
    "not scaled, or a network without the capacity.";
  const { model, optimizer, learningRate } = config;
  return [
    bold(`${printable(modelTitle(model))} on one batch of ${printable(outcome.dataName)}`),
    ...said(
      `${count(examples, "example")}, ${optimizer}, constant learning rate ${learningRate}; no augmentation, label smoothing or ` +
        "weight decay.",
    ),
    ...(losses.length > 1 ? ["", ...curve.map(joined)] : []),
    "",
    ...said(conclusion).map(passed ? green : red),
    ...(passed ? [] : said(advice)),
    ...(file === undefined ? [] : [`Kept: ${shortPath(file)}`]),
  ];
}

/** @file `auricle predict`: what the model of a run says about images. */

import type { Command } from "commander";
import { predictFiles, predictTestExamples, type Prediction } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { exampleNumbers, wholeNumber } from "../option-values.ts";
import { colorsOf, type Terminal } from "../terminal.ts";
import { formatBar, formatPercent, padEnd, padStart, shorten } from "../text.ts";

interface PredictOptions {
  readonly index?: readonly number[];
  readonly top: number;
  readonly threads?: number;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle predict runs/digits --index 0..4      five examples of its test data
  $ auricle predict runs/digits my-idx3-ubyte.gz  all images of an IDX file`;

export function addPredictCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("predict")
    .description("show what the model of a run says about images")
    .argument("<run>", "the folder of a run")
    .argument("[files...]", "IDX files of images")
    .option("--index <numbers>", 'examples of the test data, such as "7" or "0..9,17"', exampleNumbers)
    .option("--top <n>", "how many classes to show for each image", wholeNumber(1), 3)
    .option("--threads <n>", "threads to compute with (default: all processors)", wholeNumber(1))
    .option("--data-folder <folder>", "a folder of your own copies of data sets, searched first")
    .option("--no-download", "do not download what is not on this machine")
    .option("--json", "write one JSON object for each image, with all classes")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, files: string[], options: PredictOptions, command: Command) => {
      if (files.length === 0 && !options.index) {
        command.error("error: name IDX files, or examples of the test data by --index");
      }
      const controls = { ...options, onProgress: downloadNotes(terminal) };
      const show = (prediction: Prediction) => showPrediction(prediction, terminal, options);
      if (options.index) await predictTestExamples(run, options.index, controls, show);
      await predictFiles(run, files, controls, show);
    });
}

function showPrediction(prediction: Prediction, terminal: Terminal, options: PredictOptions): void {
  const { source, example, trueClass, classNames, probabilities } = prediction;
  const order = classNames
    .map((name, c) => ({ name, probability: probabilities[c] }))
    .sort((a, b) => b.probability - a.probability);
  if (options.json) {
    terminal.printJson({
      event: "prediction",
      source,
      example,
      class: order[0].name,
      ...(trueClass !== undefined && { trueClass }),
      probabilities: Object.fromEntries(order.map(({ name, probability }) => [name, probability])),
    });
    return;
  }
  const { bold, green, red } = colorsOf(terminal.out);
  const isRight = order[0].name === trueClass;
  const verdict = isRight ? green("right") : red(`wrong: it is ${trueClass}`);
  const remark = trueClass === undefined ? "" : `, ${verdict}`;
  terminal.print(`${source}, example ${example}: ${bold(order[0].name)}${remark}`);
  const width = Math.min(30, Math.max(...classNames.map((name) => [...name].length)));
  for (const { name, probability } of order.slice(0, options.top)) {
    const label = padEnd(shorten(name, width), width);
    terminal.print(
      `  ${label}  ${padStart(formatPercent(probability, 1), 7)}  ${formatBar(probability, 24)}`.trimEnd(),
    );
  }
}

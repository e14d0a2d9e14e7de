/** @file `auricle predict`: what the model of a run says about recordings or images. */

import type { Command } from "commander";
import {
  findRun,
  isSoundRun,
  predictFiles,
  predictRecordings,
  predictTestExamples,
  type Prediction,
} from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { exampleNumbers, precisionOption, wholeNumber } from "../option-values.ts";
import { showRecording } from "../recording-prediction.ts";
import type { Precision } from "../../runtime/precision.ts";
import { colorsOf, type Terminal } from "../terminal.ts";
import { formatBar, formatPercent, padEnd, padStart, printable, shorten } from "../text.ts";
import { warner } from "../warner.ts";
import { refuseOptions } from "./refuse-options.ts";

interface PredictOptions {
  readonly index?: readonly number[];
  readonly top: number;
  readonly threads?: number;
  readonly precision?: Precision;
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

/** Recordings are named; images may be those of the run's own test data, which may have to be found first. */
const FOR_IMAGES = ["index", "dataFolder", "download"] as const;

const EXAMPLES = `
Examples:
  $ auricle predict runs/genres song.mp3          a recording, of any length
  $ auricle predict runs/genres ./album           all recordings in a folder
  $ auricle predict runs/digits --index 0..4      five images of its test data
  $ auricle predict runs/digits my-idx3-ubyte.gz  all images of an IDX file`;

export function addPredictCommand(program: Command, { terminal, setExitCode }: CommandContext): void {
  program
    .command("predict")
    .description("show what the model of a run says about recordings or images")
    .argument("<run>", "the folder of a run")
    .argument("[files...]", "recordings and folders of them, or IDX files of images")
    .option("--index <numbers>", 'images of the test data, such as "7" or "0..9,17"', exampleNumbers)
    .option("--top <n>", "how many classes to show for each", wholeNumber(1), 3)
    .option("--threads <n>", "threads to compute with (default: all processors)", wholeNumber(1))
    .addOption(precisionOption())
    .option("--strict", "stop at the first recording that cannot be read")
    .option("--data-folder <folder>", "a folder of your own copies of data sets, searched first")
    .option("--no-download", "do not download what is not on this machine")
    .option("--json", "write one JSON object for each, with all classes")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, files: string[], options: PredictOptions, command: Command) => {
      if (files.length === 0 && !options.index) {
        command.error("error: name recordings, IDX files, or examples of the test data by --index");
      }
      const path = await findRun(run);
      const warn = warner(terminal, options.json ?? false);
      if (await isSoundRun(path)) {
        refuseOptions(command, FOR_IMAGES, "is for images, and this run is on sound");
        const show = showRecording(terminal, options);
        const unread = await predictRecordings(path, files, { ...options, warn }, show, (problem) =>
          terminal.note(problem.message),
        );
        if (unread > 0) setExitCode(1);
        return;
      }
      refuseOptions(command, ["strict"], "is for sound, and this run is on images");
      const controls = { ...options, onProgress: downloadNotes(terminal), warn };
      const show = (prediction: Prediction) => showPrediction(prediction, terminal, options);
      if (options.index) await predictTestExamples(path, options.index, controls, show);
      await predictFiles(path, files, controls, show);
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
  const verdict = isRight ? green("right") : red(`wrong: it is ${printable(trueClass ?? "")}`);
  const remark = trueClass === undefined ? "" : `, ${verdict}`;
  terminal.print(`${printable(source)}, example ${example}: ${bold(printable(order[0].name))}${remark}`);
  const width = Math.min(30, Math.max(...classNames.map((name) => [...printable(name)].length)));
  for (const { name, probability } of order.slice(0, options.top)) {
    const label = padEnd(shorten(printable(name), width), width);
    terminal.print(
      `  ${label}  ${padStart(formatPercent(probability, 1), 7)}  ${formatBar(probability, 24)}`.trimEnd(),
    );
  }
}

/** @file `auricle predict` on images. */

import { predictFiles, predictTestExamples, type Prediction, type TrainedModel } from "../../runs/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { ImageCsv } from "../prediction-csv.ts";
import { PredictionSummary } from "../prediction-summary.ts";
import { colorsOf, type Terminal } from "../terminal.ts";
import { displayWidth, formatBar, formatPercent, padEnd, padStart, printable, shorten } from "../text.ts";
import type { PredictOptions } from "./predict-options.ts";
import { requireDataFolder } from "./require-folder.ts";
import { showSummary } from "./predict-sound.ts";

/** Images named one by one are summed up from this many on. */
const LEAST_BY_INDEX = 11;

export async function predictImages(
  trained: Extract<TrainedModel, { kind: "images" }>,
  files: readonly string[],
  options: PredictOptions,
  { terminal }: CommandContext,
): Promise<void> {
  requireDataFolder(options);
  const csv =
    options.csv === undefined ? undefined : new ImageCsv(options.csv, trained.classNames, terminal.out);
  const summary = new PredictionSummary("images");
  const show = (prediction: Prediction) => {
    if (options.csv !== CSV_STDOUT) showPrediction(prediction, terminal, options);
    csv?.add(prediction);
    const label = orderOf(prediction)[0].name;
    const { trueClass } = prediction;
    summary.add({ labels: [label], ...(trueClass !== undefined && { isRight: label === trueClass }) });
  };
  try {
    if (options.index) {
      const { dataFolder, download } = options;
      const controls = { dataFolder, download, onProgress: downloadNotes(terminal) };
      await predictTestExamples(trained, options.index, controls, show);
    }
    await predictFiles(trained, files, show);
  } finally {
    csv?.close();
  }
  showSummary(summary, options, { terminal }, files.length > 0 ? 2 : LEAST_BY_INDEX);
}

function orderOf({ classNames, probabilities }: Prediction) {
  return classNames
    .map((name, c) => ({ name, probability: probabilities[c] }))
    .sort((a, b) => b.probability - a.probability);
}

function showPrediction(prediction: Prediction, terminal: Terminal, options: PredictOptions): void {
  const { source, example, trueClass, classNames } = prediction;
  const order = orderOf(prediction);
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
  const width = Math.min(30, Math.max(...classNames.map((name) => displayWidth(printable(name)))));
  for (const { name, probability } of order.slice(0, options.top)) {
    const label = padEnd(shorten(printable(name), width), width);
    terminal.print(
      `  ${label}  ${padStart(formatPercent(probability, 1), 7)}  ${formatBar(probability, 24)}`.trimEnd(),
    );
  }
}

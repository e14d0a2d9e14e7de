/** @file A model's prediction for one recording: its answer, and how it changes over time. */

import { SILENCE_IN_WORDS } from "../data/audio/inspect/index.ts";
import { order, recordingJson, tagsOf, type ChooseTags, type RecordingPrediction } from "../runs/index.ts";
import { answerOf } from "./recording-answer.ts";
import { colorsOf, widthOf, type Terminal } from "./terminal.ts";
import {
  displayWidth,
  formatBar,
  formatDuration,
  formatPercent,
  padEnd,
  padStart,
  printable,
  shorten,
} from "./text.ts";

export interface ShowOptions {
  /** How many classes are shown. */
  readonly top: number;
  readonly json?: boolean;
  /** Default: those that are given. */
  readonly chooseTags?: ChooseTags;
}

/** Eighths of a character's height, for a curve of one line. */
const LEVELS = [..."▁▂▃▄▅▆▇█"];

/** A function that prints predictions. */
export function showRecording(
  terminal: Terminal,
  options: ShowOptions,
): (prediction: RecordingPrediction) => void {
  const { chooseTags = tagsOf } = options;
  if (options.json)
    return (prediction) =>
      terminal.printJson({
        event: "prediction",
        source: prediction.path,
        ...recordingJson(prediction, chooseTags),
      });
  return (given) => {
    const prediction = { ...given, classNames: given.classNames.map(printable) };
    const width = widthOf(terminal.out);
    const { bold, dim } = colorsOf(terminal.out);
    const length = formatDuration(prediction.seconds);
    const answer = answerOf(prediction, chooseTags);
    terminal.print(
      `${bold(printable(prediction.path))} ${dim(`(${length})`)}: ${bold(prediction.isSilent ? "silence" : answer)}`,
    );
    if (prediction.isSilent) {
      terminal.print(`  Silent (${SILENCE_IN_WORDS}): the prediction, ${answer}, is meaningless.`);
      return;
    }
    for (const { leftOut, message } of prediction.outside ?? []) {
      if (!leftOut) terminal.note(`Warning: ${printable(prediction.path)} ${message}`);
    }
    if (prediction.heardIn) terminal.print(`  ${HEARD[prediction.heardIn]}`);
    if (prediction.task === "regression") return;
    for (const line of formatOutputs(prediction, options.top, width)) terminal.print(line);
  };
}

const HEARD: Readonly<Record<NonNullable<RecordingPrediction["heardIn"]>, string>> = {
  training: "The model was trained on this recording and may have memorised it.",
  validation: "The model was selected on this recording: its prediction is optimistic.",
};

const BAR_WIDTH = 12;
/** The width of "100.0 %". */
const PERCENT_WIDTH = 7;
const GAP = "  ";

/** A line for each of the most probable classes; where there are several windows, with its probability over time. */
export function formatOutputs(
  { classNames, outputs, windows }: Pick<RecordingPrediction, "classNames" | "outputs" | "windows">,
  top: number,
  width: number,
): string[] {
  const shown = order(outputs).slice(0, top);
  const labelWidth = Math.min(20, Math.max(...shown.map((index) => displayWidth(classNames[index]))));
  const room = width - labelWidth - BAR_WIDTH - PERCENT_WIDTH - 4 * GAP.length;
  return shown.map((index) => {
    const label = padEnd(shorten(classNames[index], labelWidth), labelWidth);
    const bar = formatBar(outputs[index], BAR_WIDTH);
    const strip =
      windows.length > 1
        ? formatStrip(
            windows.map((window) => window.outputs[index]),
            room,
          )
        : "";
    const percent = padStart(formatPercent(outputs[index], 1), PERCENT_WIDTH);
    return ["", label, percent, bar, strip].join(GAP).trimEnd();
  });
}

/** Probabilities over time, at most `width` characters: neighbours are averaged where there are more. */
function formatStrip(values: readonly number[], width: number): string {
  const columns = Math.min(values.length, Math.max(1, width));
  return Array.from({ length: columns }, (_, column) => {
    const first = Math.floor((column * values.length) / columns);
    const end = Math.max(first + 1, Math.floor(((column + 1) * values.length) / columns));
    const part = values.slice(first, end);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return LEVELS[Math.min(LEVELS.length - 1, Math.floor(mean * LEVELS.length))];
  }).join("");
}

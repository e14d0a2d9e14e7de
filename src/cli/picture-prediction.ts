/** @file A model's prediction for one picture. */

import { pictureJson, type PicturePrediction } from "../runs/index.ts";
import { answerOf } from "./recording-answer.ts";
import { formatOutputs, type ShowOptions } from "./recording-prediction.ts";
import { colorsOf, widthOf, type Terminal } from "./terminal.ts";
import { printable } from "./text.ts";

const SEEN: Readonly<Record<NonNullable<PicturePrediction["seenIn"]>, string>> = {
  training: "The model was trained on this image and may have memorised it.",
  validation: "The model was selected on this image: its prediction is optimistic.",
};

/** A function that prints predictions. */
export function picturePrinter(
  terminal: Terminal,
  options: ShowOptions,
): (prediction: PicturePrediction) => void {
  if (options.json)
    return (prediction) =>
      terminal.printJson({
        event: "prediction",
        source: prediction.path,
        ...pictureJson(prediction),
      });
  return (given) => {
    const prediction = { ...given, classNames: given.classNames.map(printable) };
    const { path, example, task, seenIn } = prediction;
    const { bold, green, red } = colorsOf(terminal.out);
    const name = example === undefined ? printable(path) : `${printable(path)}, example ${example}`;
    const truth = trueAnswerOf(prediction);
    const answer = answerOf(prediction);
    const verdict = answer === truth ? green("right") : red(`wrong: it is ${truth}`);
    const remark = truth === undefined ? "" : task === "regression" ? `, true ${truth}` : `, ${verdict}`;
    terminal.print(`${bold(name)}: ${bold(answer)}${remark}`);
    if (seenIn) terminal.print(`  ${SEEN[seenIn]}`);
    if (task === "regression") return;
    for (const line of formatOutputs({ ...prediction, windows: [] }, options.top, widthOf(terminal.out))) {
      terminal.print(line);
    }
  };
}

/** The true answer in words; undefined where it is not known. */
function trueAnswerOf({ target, ...prediction }: PicturePrediction): string | undefined {
  return target && answerOf({ ...prediction, outputs: target });
}

/** @file Predictions as rows of a table: one for each recording or image. */

import type { FileProblem } from "../data/audio/index.ts";
import { tagsOf, type ChooseTags, type PicturePrediction, type RecordingPrediction } from "../runs/index.ts";
import { CsvOutput, type CsvCell } from "./csv-output.ts";
import { answerOf } from "./recording-answer.ts";
import type { TextStream } from "./terminal.ts";

/** Digits of a probability or a number: all that float32 has. */
const DIGITS = 9;

/** Writes what a model of sound says. */
export class RecordingCsv {
  private readonly csv: CsvOutput;
  private readonly chooseTags: ChooseTags;

  constructor(
    place: string,
    description: Pick<RecordingPrediction, "task" | "classNames">,
    stdout: TextStream,
    chooseTags: ChooseTags = tagsOf,
  ) {
    this.chooseTags = chooseTags;
    const { task, classNames } = description;
    const answer = { classification: ["class"], tagging: ["tags"], regression: [] }[task];
    const columns = ["source", "seconds", "silent", ...answer, "heard in", "problem"];
    this.csv = new CsvOutput(place, [...columns, ...classNames.map((name) => columnOf(name, task))], stdout);
  }

  add(prediction: RecordingPrediction): void {
    const { path, seconds, isSilent, task, heardIn } = prediction;
    this.csv.row({
      source: path,
      seconds: Number(seconds.toFixed(3)),
      silent: isSilent,
      ...(task === "classification" && !isSilent && { class: answerOf(prediction) }),
      ...(task === "tagging" && !isSilent && { tags: this.chooseTags(prediction).join(";") }),
      "heard in": heardIn,
      ...namedOutputs(prediction, (name) => columnOf(name, task)),
    });
  }

  addProblem({ path, problem }: FileProblem): void {
    this.csv.row({ source: path, problem });
  }

  close(): void {
    this.csv.close();
  }
}

/** The name of the column of an output. */
export function columnOf(name: string, task: RecordingPrediction["task"]): string {
  return task === "regression" ? `value of ${name}` : `probability of ${name}`;
}

/** Writes what a model of images says. */
export class PictureCsv {
  private readonly csv: CsvOutput;

  constructor(
    place: string,
    { task, classNames }: Pick<PicturePrediction, "task" | "classNames">,
    stdout: TextStream,
  ) {
    const answer = { classification: ["class", "true class"], tagging: ["tags"], regression: [] }[task];
    const columns = ["source", "example", ...answer, "seen in", "problem"];
    this.csv = new CsvOutput(place, [...columns, ...classNames.map((name) => columnOf(name, task))], stdout);
  }

  add(prediction: PicturePrediction): void {
    const { path, example, target, task, classNames, seenIn } = prediction;
    this.csv.row({
      source: path,
      example,
      ...(task === "classification" && { class: answerOf(prediction) }),
      ...(task === "classification" && target && { "true class": classNames[target.indexOf(1)] }),
      ...(task === "tagging" && { tags: tagsOf(prediction).join(";") }),
      "seen in": seenIn,
      ...namedOutputs(prediction, (name) => columnOf(name, task)),
    });
  }

  addProblem({ path, problem }: FileProblem): void {
    this.csv.row({ source: path, problem });
  }

  close(): void {
    this.csv.close();
  }
}

/** Outputs by the names of their columns. */
export function namedOutputs(
  { classNames, outputs }: Pick<RecordingPrediction, "classNames" | "outputs">,
  column: (name: string) => string,
): Record<string, CsvCell> {
  return Object.fromEntries(
    classNames.map((name, i) => [column(name), Number(outputs[i].toPrecision(DIGITS))]),
  );
}

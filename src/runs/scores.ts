/** @file How good a model's answers about examples are: the figures of one part of the data. Browser-safe. */

import { indexOfLargest } from "../audio-model/outputs.ts";
import type { Example, Task } from "../data/collection/collection.ts";
import {
  averagePrecision,
  classificationReport,
  confusionMatrix,
  rocAuc,
  wilsonInterval,
} from "../nn/metrics/index.ts";
import type { ExampleResult, Evaluation } from "../report/report-data.ts";
import type { ExampleEvaluation, ExampleEvaluations } from "./run-kind.ts";

/** The probability from which a tag counts as given. */
const TAG_THRESHOLD = 0.5;

/**
 * @param name the name of the part: "validation", "test"
 * @param durationOf returns the seconds of an example
 * @param trainingMeans in a regression: the means of the training examples' targets, for comparison
 */
export function scoreExamples(
  name: string,
  task: Task,
  classNames: readonly string[],
  {
    examples,
    loss,
    silent = 0,
  }: Pick<ExampleEvaluations, "examples" | "loss"> & Partial<Pick<ExampleEvaluations, "silent">>,
  durationOf: (example: Example) => number,
  trainingMeans: readonly number[] = [],
): Evaluation {
  const common = {
    name,
    examples: examples.length,
    ...(silent > 0 && { silent }),
    loss: Number.isFinite(loss) ? loss : null,
    results: examples.map((evaluation) => resultOf(task, evaluation, durationOf(evaluation.example))),
  };
  if (task === "classification") return { ...common, task, ...classification(examples, classNames) };
  if (task === "tagging") return { ...common, task, ...tagging(examples, classNames) };
  return { ...common, task, outputs: regression(examples, classNames, trainingMeans) };
}

function resultOf(
  task: Task,
  { example, outputs, windows }: ExampleEvaluation,
  seconds: number,
): ExampleResult {
  return {
    id: example.id,
    seconds,
    truth: truthOf(task, example),
    outputs: Array.from(outputs),
    windows: windows.map((window) => ({ ...window, outputs: Array.from(window.outputs) })),
  };
}

function truthOf(task: Task, { label, target }: Example): number[] {
  if (task === "classification") return [label];
  if (task === "regression") return Array.from(target);
  return Array.from(target).flatMap((value, tag) => (value > 0 ? [tag] : []));
}

function classification(examples: readonly ExampleEvaluation[], classNames: readonly string[]) {
  const classes = classNames.length;
  const labels = examples.map(({ example }) => example.label);
  const matrix = confusionMatrix(joined(examples.map(({ outputs }) => outputs)), labels, classes);
  const report = classificationReport(matrix);
  const hits = examples.filter(({ example, outputs }) => indexOfLargest(outputs) === example.label).length;
  const { low, high } = wilsonInterval(hits, examples.length);
  const windows = examples.flatMap(({ example, windows }) =>
    windows.map(({ outputs }) => indexOfLargest(outputs) === example.label),
  );
  return {
    accuracy: report.accuracy,
    accuracyInterval: [low, high] as const,
    ...(windows.length > examples.length && {
      windowAccuracy: windows.filter(Boolean).length / windows.length,
    }),
    macroF1: report.macro.f1,
    classes: report.classes.map((scores, index) => ({ name: classNames[index], ...scores })),
    confusionMatrix: classNames.map((_, truth) =>
      Array.from(matrix.data.subarray(truth * classes, (truth + 1) * classes)),
    ),
  };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, i) => all.set(row, i * row.length));
  return all;
}

function tagging(examples: readonly ExampleEvaluation[], classNames: readonly string[]) {
  const tags = classNames.map((name, tag) => {
    const outputs = examples.map((one) => one.outputs[tag]);
    const targets = examples.map(({ example }) => example.target[tag]);
    const given = outputs.map((probability) => probability >= TAG_THRESHOLD);
    const right = given.filter((isGiven, i) => isGiven && targets[i] > 0).length;
    const support = targets.filter((target) => target > 0).length;
    const isRanked = support > 0 && support < examples.length;
    const found = given.filter(Boolean).length;
    return {
      name,
      averagePrecision: isRanked ? averagePrecision(outputs, targets) : null,
      rocAuc: isRanked ? rocAuc(outputs, targets) : null,
      f1: found + support === 0 ? 0 : (2 * right) / (found + support),
      support,
    };
  });
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return {
    meanAveragePrecision: mean(tags.map((tag) => tag.averagePrecision)),
    meanRocAuc: mean(tags.map((tag) => tag.rocAuc)),
    macroF1: tags.reduce((sum, { f1 }) => sum + f1, 0) / tags.length,
    tags,
  };
}

function regression(
  examples: readonly ExampleEvaluation[],
  names: readonly string[],
  trainingMeans: readonly number[],
) {
  const meanError = (index: number, answer: (one: ExampleEvaluation) => number) =>
    examples.reduce((sum, one) => sum + Math.abs(answer(one) - one.example.target[index]), 0) /
    examples.length;
  return names.map((name, index) => ({
    name,
    unit: "",
    meanAbsoluteError: meanError(index, ({ outputs }) => outputs[index]),
    ...(trainingMeans.length > 0 && { baselineError: meanError(index, () => trainingMeans[index]) }),
  }));
}

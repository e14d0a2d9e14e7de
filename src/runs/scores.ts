/** @file How good a model's answers about clips are: the figures of one part of the data. Browser-safe. */

import { indexOfLargest } from "../audio-model/outputs.ts";
import type { Task } from "../data/collection/collection.ts";
import {
  averagePrecision,
  classificationReport,
  confusionMatrix,
  rocAuc,
  wilsonInterval,
} from "../nn/metrics/index.ts";
import type { ClipResult, Evaluation } from "../report/report-data.ts";
import type { ExampleEvaluation, ExampleEvaluations } from "./run-kind.ts";

/** The probability from which a tag counts as given. */
const TAG_THRESHOLD = 0.5;

/**
 * @param name the name of the part: "validation", "test"
 * @param durationOf returns the seconds of a clip
 * @param trainingMeans in a regression: the means of the training clips' targets, for comparison
 */
export function scoreClips(
  name: string,
  task: Task,
  classNames: readonly string[],
  {
    clips,
    loss,
    silent = 0,
  }: Pick<ExampleEvaluations, "clips" | "loss"> & Partial<Pick<ExampleEvaluations, "silent">>,
  durationOf: (clip: ExampleEvaluation["clip"]) => number,
  trainingMeans: readonly number[] = [],
): Evaluation {
  const common = {
    name,
    examples: clips.length,
    ...(silent > 0 && { silent }),
    loss: Number.isFinite(loss) ? loss : null,
    clips: clips.map((evaluation) => clipResult(task, evaluation, durationOf(evaluation.clip))),
  };
  if (task === "classification") return { ...common, task, ...classification(clips, classNames) };
  if (task === "tagging") return { ...common, task, ...tagging(clips, classNames) };
  return { ...common, task, outputs: regression(clips, classNames, trainingMeans) };
}

function clipResult(task: Task, { clip, outputs, windows }: ExampleEvaluation, seconds: number): ClipResult {
  return {
    id: clip.id,
    seconds,
    truth: truthOf(task, clip),
    outputs: Array.from(outputs),
    windows: windows.map((window) => ({ ...window, outputs: Array.from(window.outputs) })),
  };
}

function truthOf(task: Task, { label, target }: ExampleEvaluation["clip"]): number[] {
  if (task === "classification") return [label];
  if (task === "regression") return Array.from(target);
  return Array.from(target).flatMap((value, tag) => (value > 0 ? [tag] : []));
}

function classification(clips: readonly ExampleEvaluation[], classNames: readonly string[]) {
  const classes = classNames.length;
  const labels = clips.map(({ clip }) => clip.label);
  const matrix = confusionMatrix(joined(clips.map(({ outputs }) => outputs)), labels, classes);
  const report = classificationReport(matrix);
  const hits = clips.filter(({ clip, outputs }) => indexOfLargest(outputs) === clip.label).length;
  const { low, high } = wilsonInterval(hits, clips.length);
  const windows = clips.flatMap(({ clip, windows }) =>
    windows.map(({ outputs }) => indexOfLargest(outputs) === clip.label),
  );
  return {
    accuracy: report.accuracy,
    accuracyInterval: [low, high] as const,
    ...(windows.length > clips.length && { windowAccuracy: windows.filter(Boolean).length / windows.length }),
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

function tagging(clips: readonly ExampleEvaluation[], classNames: readonly string[]) {
  const tags = classNames.map((name, tag) => {
    const outputs = clips.map((one) => one.outputs[tag]);
    const targets = clips.map(({ clip }) => clip.target[tag]);
    const given = outputs.map((probability) => probability >= TAG_THRESHOLD);
    const right = given.filter((isGiven, i) => isGiven && targets[i] > 0).length;
    const support = targets.filter((target) => target > 0).length;
    const isRanked = support > 0 && support < clips.length;
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
  clips: readonly ExampleEvaluation[],
  names: readonly string[],
  trainingMeans: readonly number[],
) {
  const meanError = (index: number, answer: (one: ExampleEvaluation) => number) =>
    clips.reduce((sum, one) => sum + Math.abs(answer(one) - one.clip.target[index]), 0) / clips.length;
  return names.map((name, index) => ({
    name,
    unit: "",
    meanAbsoluteError: meanError(index, ({ outputs }) => outputs[index]),
    ...(trainingMeans.length > 0 && { baselineError: meanError(index, () => trainingMeans[index]) }),
  }));
}

/** @file The results of a run for the terminal, at most 80 columns wide. */

import type { EvaluationFigures, KnownCounts, KindName, SeedsOutcome, RunResult } from "../runs/index.ts";
import { meanAndDeviation } from "../nn/metrics/index.ts";
import { countExamples, examplesOf, nounsOf } from "./nouns.ts";
import { colorsOf, type TextStream } from "./terminal.ts";
import { formatConfusionMatrix } from "./terminal-charts.ts";
import { displayWidth, formatCount, formatPercent, formatTable, printable, shorten } from "./text.ts";

type Figures<Task> = Extract<EvaluationFigures, { task: Task }>;

/** All parts that were evaluated; the first one, mostly the test, in full. */
export function formatEvaluations(
  evaluations: readonly EvaluationFigures[],
  kind: KindName,
  stream: TextStream,
): string {
  const [first, ...others] = evaluations;
  return [
    ...(first
      ? formatInFull(first, kind, stream)
      : ["No part of the data was held out: nothing was tested."]),
    ...others.flatMap((evaluation) => ["", headline(evaluation, kind, stream)]),
  ].join("\n");
}

/** The figures that matter most, of each part alike. */
export function formatHeadlines(
  evaluations: readonly EvaluationFigures[],
  kind: KindName,
  stream: TextStream,
): string {
  return evaluations.map((evaluation) => headline(evaluation, kind, stream)).join("\n\n");
}

/** Which examples a model knows, before its figures are read; no line where it knows none. */
export function formatKnown(counts: KnownCounts, kind: KindName, stream: TextStream): string[] {
  const { validation, training } = counts;
  const known = validation + training;
  if (known === 0) return [];
  const { bold, red } = colorsOf(stream);
  const count = (examples: number) => countExamples(examples, kind);
  const { example, files } = nounsOf(kind);
  return [
    ...(counts.new === 0
      ? [
          red(bold(`No ${example} is new to this model.`)),
          `These figures do not show how it performs on new ${files}:`,
        ]
      : [bold(`${formatCount(counts.new)} of ${count(counts.new + known)} are new to this model.`)]),
    `It was trained on ${count(training)} and selected on ${count(validation)}` +
      (counts.new === 0 ? "." : ", listed separately."),
    "",
  ];
}

function formatInFull(evaluation: EvaluationFigures, kind: KindName, stream: TextStream): string[] {
  switch (evaluation.task) {
    case "classification":
      return [
        headline(evaluation, kind, stream),
        "",
        ...classTable(evaluation, kind),
        "",
        ...formatConfusionMatrix(
          evaluation.confusionMatrix,
          evaluation.classes.map(({ name }) => name),
          stream,
        ),
      ];
    case "tagging":
      return [headline(evaluation, kind, stream), "", ...tagTable(evaluation, kind)];
    case "regression":
      return [headline(evaluation, kind, stream), "", ...outputTable(evaluation)];
  }
}

/** The most important figures of an evaluation. */
export function headline(evaluation: EvaluationFigures, kind: KindName, stream: TextStream): string {
  const { bold } = colorsOf(stream);
  const name = evaluation.name[0].toUpperCase() + evaluation.name.slice(1);
  const { examples, silent = 0 } = evaluation;
  const silence = silent > 0 ? `, ${formatCount(silent)} of them silent` : "";
  const count = `${countExamples(examples, kind)}${silence}`;
  switch (evaluation.task) {
    case "classification": {
      const [low, high] = evaluation.accuracyInterval.map((end) => (100 * end).toFixed(1));
      const accuracy = formatPercent(evaluation.accuracy, 1);
      return (
        bold(`${name}: accuracy ${accuracy}`) +
        ` (95 %: ${low} to ${high})   macro F1 ${evaluation.macroF1.toFixed(4)}\n${count}` +
        (evaluation.windowAccuracy === undefined
          ? ""
          : `; by window: accuracy ${formatPercent(evaluation.windowAccuracy, 1)}`)
      );
    }
    case "tagging":
      return (
        bold(`${name}: mean average precision ${orDash(evaluation.meanAveragePrecision)}`) +
        `   ROC-AUC ${orDash(evaluation.meanRocAuc)}   ${count}`
      );
    case "regression": {
      const errors = evaluation.outputs.map(({ meanAbsoluteError }) => meanAbsoluteError.toPrecision(4));
      return bold(`${name}: mean absolute error ${errors.join(", ")}`) + `   ${count}`;
    }
  }
}

function orDash(value: number | null): string {
  return value === null ? "-" : value.toFixed(4);
}

function classTable({ classes }: Figures<"classification">, kind: KindName): string[] {
  return formatTable([
    ["class", "precision", "recall", "F1", examplesOf(kind)],
    ...classes.map(({ name, precision, recall, f1, support }) => [
      shorten(printable(name), 30),
      precision.toFixed(4),
      recall.toFixed(4),
      f1.toFixed(4),
      formatCount(support),
    ]),
  ]);
}

function tagTable({ tags }: Figures<"tagging">, kind: KindName): string[] {
  return formatTable([
    ["tag", "average precision", "ROC-AUC", "F1", examplesOf(kind)],
    ...tags.map(({ name, averagePrecision, rocAuc, f1, support }) => [
      shorten(printable(name), 30),
      orDash(averagePrecision),
      orDash(rocAuc),
      f1.toFixed(4),
      formatCount(support),
    ]),
  ]);
}

function outputTable({ outputs }: Figures<"regression">): string[] {
  return formatTable([
    ["number", "mean absolute error", "of predicting the mean"],
    ...outputs.map(({ name, meanAbsoluteError, baselineError }) => [
      shorten(printable(name), 30),
      meanAbsoluteError.toPrecision(4),
      baselineError === undefined ? "-" : baselineError.toPrecision(4),
    ]),
  ]);
}

/** Warns about a split that leaks, before its figures are read; no line for any other. */
export function formatLeaks(
  { leaks, forced }: RunResult["split"],
  kind: KindName,
  stream: TextStream,
): string[] {
  if (leaks === 0) return [];
  const { file, files } = nounsOf(kind);
  const what = leaks === 1 ? `one group, ${file} or pair` : `${formatCount(leaks)} groups, ${files} or pairs`;
  const { bold, red } = colorsOf(stream);
  return [
    red(bold(forced ? "The split was forced although it leaks." : "The official split leaks.")),
    `Several parts share ${what} of duplicates:`,
    `these figures are too optimistic for new ${files}.`,
    "",
  ];
}

const WIDTH = 80;

/** A line for each seed, then mean and standard deviation; several tables where there are many figures. */
export function formatSeeds({ metrics, runs }: Pick<SeedsOutcome, "metrics" | "runs">): string {
  const names = ["seed", ...runs.map(({ seed }) => String(seed)), "mean", "deviation"];
  const columns = metrics.map((metric, i) => {
    const values = runs.map((run) => run.values[i]);
    const { mean, standardDeviation } = meanAndDeviation(values);
    const figures = [...values, mean, standardDeviation];
    return [printable(metric), ...figures.map((value) => (value === undefined ? "-" : value.toFixed(4)))];
  });
  const tables: string[][] = [];
  let shown: string[][] = [];
  for (const column of columns) {
    const wider = [...shown, column];
    if (shown.length > 0 && Math.max(...tableOf(names, wider).map(displayWidth)) > WIDTH) {
      tables.push(tableOf(names, shown));
      shown = [column];
    } else shown = wider;
  }
  return [...tables, tableOf(names, shown)].map((lines) => lines.join("\n")).join("\n\n");
}

function tableOf(names: readonly string[], columns: readonly (readonly string[])[]): string[] {
  return formatTable(names.map((name, row) => [name, ...columns.map((column) => column[row])]));
}

/** @file The first thing to read: what was reached, and what to doubt. Browser-safe. */

import { titleOf } from "./evaluation-section.ts";
import { countOf, formatCount, formatNumber, formatPercent, formatScore } from "./format.ts";
import { html, type Content, type Html } from "./html.ts";
import {
  DIAGNOSIS_TITLES,
  type ClassificationEvaluation,
  type Diagnosis,
  type Evaluation,
  type Fact,
  type ReportData,
} from "./report-data.ts";

export function headline(data: ReportData): Html {
  const [first] = data.evaluations;
  return html`<header class="headline">
    <p class="kicker">Auricle report · ${data.createdAt.slice(0, 10)}</p>
    <h1>${data.title}</h1>
    <p class="subtitle">
      ${taskWord(data)} of ${data.data.name} with ${data.model.name} (${formatCount(data.model.parameters)}
      weights)
    </p>
    ${notices(data)} ${first && html`<div class="figures">${figuresOf(first).map(figure)}</div>`}
    ${first?.task === "classification" && inWords(first, data.data.unit)}
  </header>`;
}

function taskWord({ task }: ReportData): string {
  return { classification: "Classification", tagging: "Tagging", regression: "Regression" }[task];
}

function figure({ name, value, note }: Fact & { readonly note?: string }): Html {
  return html`<div class="figure">
    <b>${value}</b><span>${name}</span>${note !== undefined && html`<small>${note}</small>`}
  </div>`;
}

function figuresOf(evaluation: Evaluation): (Fact & { readonly note?: string })[] {
  const name = titleOf(evaluation.name);
  if (evaluation.task === "classification") {
    const [low, high] = evaluation.accuracyInterval;
    return [
      {
        name: `${name} accuracy`,
        value: formatPercent(evaluation.accuracy),
        note: `95 % interval ${formatPercent(low)} … ${formatPercent(high)}`,
      },
      { name: "Macro-F1", value: formatScore(evaluation.macroF1), note: "mean over the classes" },
      ...(evaluation.windowAccuracy === undefined
        ? []
        : [
            {
              name: "Accuracy by window",
              value: formatPercent(evaluation.windowAccuracy),
              note: "before the mean over a clip",
            },
          ]),
    ];
  }
  if (evaluation.task === "tagging") {
    return [
      {
        name: `${name} mean average precision`,
        value: formatScore(evaluation.meanAveragePrecision),
        note: "mean over the tags",
      },
      { name: "ROC-AUC", value: formatScore(evaluation.meanRocAuc), note: "mean over the tags" },
      { name: "Macro-F1", value: formatScore(evaluation.macroF1), note: "at a probability of 0.5" },
    ];
  }
  return evaluation.outputs.map(({ name: output, unit, meanAbsoluteError, baselineError }) => ({
    name: `${name} mean absolute error: ${output}`,
    value: `${formatNumber(meanAbsoluteError)}${unit && ` ${unit}`}`,
    note:
      baselineError === undefined
        ? undefined
        : `predicting the mean: ${formatNumber(baselineError)}${unit && ` ${unit}`}`,
  }));
}

function inWords({ classes, accuracy, examples, name }: ClassificationEvaluation, unit: string): Html {
  return html`<p>
    Of ${countOf(examples, `${name} ${unit}`)}, ${formatCount(accuracy * examples)} were classified correctly,
    out of ${classes.length} classes. ${constantAnswer(classes)}
  </p>`;
}

/** Describes the accuracy of always giving the same answer; of equally frequent classes none is the most frequent. */
function constantAnswer(classes: ClassificationEvaluation["classes"]): string {
  const most = Math.max(...classes.map(({ support }) => support));
  const total = classes.reduce((sum, { support }) => sum + support, 0);
  const largest = classes.filter(({ support }) => support === most);
  const reached = `would reach ${formatPercent(total > 0 ? most / total : NaN)}`;
  if (largest.length === classes.length) {
    return `All classes are equally frequent: always predicting one class ${reached}.`;
  }
  const which = largest.length === 1 ? "the most frequent" : `one of the ${largest.length} most frequent`;
  return `Always predicting “${largest[0].name}”, ${which}, ${reached}.`;
}

/** The most leaks that are listed. */
const LEAKS_SHOWN = 10;

/** Renders the findings of a diagnosis with their advice; undefined where there are none. */
function diagnosisNotice({ verdict, findings }: Diagnosis): Content {
  if (findings.length === 0) return undefined;
  return html`<div class="notice${verdict === "failed" && " danger"}" role="note">
    <b>${DIAGNOSIS_TITLES[verdict]}</b>
    <ul>
      ${findings.map(({ observation, advice }) => html`<li>${observation} ${advice}</li>`)}
    </ul>
  </div>`;
}

/** Renders everything that makes the figures less meaningful than they seem, as prominently as the figures. */
function notices({ data, evaluations, diagnosis, warnings = [] }: ReportData): Content {
  const { split } = data;
  const first: Evaluation | undefined = evaluations[0];
  return [
    diagnosis && diagnosisNotice(diagnosis),
    (split.forced || split.leaks.length > 0) &&
      html`<div class="notice danger" role="note">
        <b>${split.forced ? "The split was forced although it leaks." : "The split leaks."}</b>
        The figures below are too optimistic for new recordings.
        ${
          split.leaks.length > 0 &&
          html`<ul>
            ${split.leaks.slice(0, LEAKS_SHOWN).map((leak) => html`<li>${leak}</li>`)}
            ${split.leaks.length > LEAKS_SHOWN && html`<li>and ${split.leaks.length - LEAKS_SHOWN} more</li>`}
          </ul>`
        }
      </div>`,
    warnings.length > 0 &&
      html`<div class="notice danger" role="note">
        <b>Warnings.</b>
        <ul>
          ${warnings.map((warning) => html`<li>${warning}</li>`)}
        </ul>
      </div>`,
    data.synthetic &&
      html`<div class="notice" role="note">
        <b>The data are synthetic.</b> Programs rendered these sounds; the figures do not apply to real
        recordings.
      </div>`,
    first &&
      first.name !== "test" &&
      html`<div class="notice" role="note">
        <b>There is no test result.</b> The figures are for the ${first.name} data, which the training was
        steered; expect less on new recordings.
      </div>`,
    first === undefined && html`<div class="notice" role="note"><b>Nothing was evaluated.</b></div>`,
  ];
}

/** @file Loss and accuracy by epoch, as charts whose values can be read off, and as a table. Browser-safe. */

import { linearAxis, rangeOf } from "./axis.ts";
import { formatDuration, formatNumber, formatScore } from "./format.ts";
import { html, type Html, NOTHING } from "./html.ts";
import { dotPath, linePath, percent, plot } from "./plot.ts";
import type { EpochRow } from "./report-data.ts";
import { scrollable } from "./tables.ts";

interface Series {
  readonly name: string;
  /** Its class in the style sheet, also its colour. */
  readonly look: "train" | "validation" | "third";
  readonly values: readonly (number | null)[];
}

/** From here on the word beside a line stands at its left, so that it does not widen a narrow page. */
const HALF = 0.5;

export function renderCurves(history: readonly EpochRow[], bestEpoch: number | null): Html {
  if (history.length === 0) return html`<p>No epoch was trained.</p>`;
  const column = (key: keyof EpochRow) => history.map((row) => row[key]);
  const loss: Series[] = [
    { name: "training", look: "train", values: column("loss") },
    { name: "validation", look: "validation", values: column("validationLoss") },
  ];
  const scores: Series[] = [
    { name: "training", look: "train", values: column("accuracy") },
    { name: "validation", look: "validation", values: column("validationAccuracy") },
    { name: "validation macro-F1", look: "third", values: column("validationMacroF1") },
  ];
  return html`<div class="charts">
      ${chart("Loss", loss, history, bestEpoch)} ${chart("Accuracy", scores, history, bestEpoch)}
    </div>
    <p class="note">
      Training figures are means over an epoch, while the weights change and dropout and augmentation are at
      work; validation is computed at its end, without them.
    </p>
    ${historyTable(history, bestEpoch)}`;
}

function chart(
  title: string,
  all: readonly Series[],
  history: readonly EpochRow[],
  best: number | null,
): Html {
  const series = all.filter(({ values }) => values.some((value) => value !== null && Number.isFinite(value)));
  if (series.length === 0) return NOTHING;
  const epochs = history.map(({ epoch }) => epoch);
  const x = linearAxis(
    "epoch",
    [epochs[0], epochs[epochs.length - 1]],
    Math.min(8, epochs.length),
    (value) => (Number.isInteger(value) ? String(value) : ""),
  );
  const y = linearAxis("", rangeOf(series.flatMap(({ values }) => values)), 8);
  const pointsOf = ({ values }: Series) =>
    values.map((value, i) =>
      value === null || !Number.isFinite(value)
        ? null
        : ([x.position(epochs[i]), y.position(value)] as const),
    );
  const bestIndex = best === null ? -1 : epochs.indexOf(best);
  const bestX = bestIndex < 0 ? null : x.position(epochs[bestIndex]);
  const drawing = series.map((one) => {
    const points = pointsOf(one);
    const bestPoint = points[bestIndex];
    return html`<path class="line ${one.look}" d="${linePath(points)}" />${
        bestPoint && html`<path class="dot ${one.look}" d="${dotPath([bestPoint])}" />`
      }`;
  });
  const values = series.map((one) => ({
    name: one.name,
    values: one.values.map((value) => formatScore(value)),
  }));
  const shown = bestIndex < 0 ? epochs.length - 1 : bestIndex;
  return html`<figure
    class="chart"
    role="group"
    tabindex="0"
    aria-label="${title} by epoch; arrow keys show the values of each"
    data-chart="${JSON.stringify({ epochs, positions: epochs.map(x.position), best, series: values })}"
  >
    <figcaption>
      <b>${title}</b>
      <span class="legend"
        >${series.map(({ name, look }) => html`<span class="key ${look}">${name}</span>`)}</span
      >
    </figcaption>
    ${plot({
      x,
      y,
      description: `${title} by epoch`,
      drawing,
      overlay: html`${bestX !== null && html`<div class="best${bestX > HALF && " late"}" style="left:${percent(bestX)}"></div>`}
        <div class="cursor" hidden></div>`,
    })}
    <output class="readout"
      >Epoch ${epochs[shown]}${shown === bestIndex && " (best)"}:
      ${values.map((one) => `${one.name} ${one.values[shown]}`).join(", ")}</output
    >
  </figure>`;
}

const four = (score: number | null) => formatScore(score, 4);

const COLUMNS: readonly (readonly [keyof EpochRow, string, (value: number | null) => string])[] = [
  ["loss", "loss", four],
  ["accuracy", "accuracy", four],
  ["validationLoss", "validation loss", four],
  ["validationAccuracy", "validation accuracy", four],
  ["validationMacroF1", "validation macro-F1", four],
  ["learningRate", "learning rate", (value) => formatNumber(value ?? NaN)],
  ["seconds", "time", (value) => formatDuration(value ?? NaN)],
];

function historyTable(history: readonly EpochRow[], best: number | null): Html {
  const columns = COLUMNS.filter(([key]) => history.some((row) => row[key] !== null));
  const line = (row: EpochRow) =>
    html`<tr class="${row.epoch === best && "best-row"}">
      <th scope="row">${row.epoch}${row.epoch === best && " (best)"}</th>
      ${columns.map(([key, , text]) => html`<td>${text(row[key])}</td>`)}
    </tr>`;
  return html`<details>
    <summary>All epochs as a table</summary>
    ${scrollable(
      "All epochs",
      html`<table>
        <thead>
          <tr>
            <th scope="col">epoch</th>
            ${columns.map(([, title]) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${history.map(line)}
        </tbody>
      </table>`,
    )}
  </details>`;
}

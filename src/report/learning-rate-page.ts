/** @file The curve of a learning rate range test as one HTML file. Browser-safe. */

import { linearAxis, logarithmicAxis, rangeOf } from "./axis.ts";
import { htmlDocument } from "./document.ts";
import { html } from "./html.ts";
import { dotPath, linePath, plot } from "./plot.ts";

/** The data of the page. */
export interface LearningRatePage {
  /** The model's and the data's names. */
  readonly title: string;
  /** Facts about the test, each a sentence. */
  readonly facts: readonly string[];
  readonly learningRates: readonly number[];
  /** null above the picture. */
  readonly losses: readonly (number | null)[];
  readonly smoothedLosses: readonly (number | null)[];
  readonly suggestion: number | undefined;
  readonly explanation: string;
}

/** Renders the page. */
export function renderLearningRates(data: LearningRatePage): string {
  const { title, facts, explanation, losses, smoothedLosses, suggestion } = data;
  const { learningRates } = data;
  const x = logarithmicAxis("learning rate", [learningRates[0], learningRates[learningRates.length - 1]]);
  const y = linearAxis("", rangeOf([...losses, ...smoothedLosses]), 8);
  const points = (values: readonly (number | null)[]) =>
    values.map((value, i) =>
      value === null ? null : ([x.position(data.learningRates[i]), y.position(value)] as const),
    );
  const suggested = suggestion !== undefined && [0, 1].map((end) => [x.position(suggestion), end] as const);
  const chart = plot({
    x,
    y,
    description: "Loss by learning rate",
    drawing: html`<path class="dot train" d="${dotPath(points(losses).filter((point) => point !== null))}" />
      <path class="line validation" d="${linePath(points(smoothedLosses))}" />
      ${suggested && html`<path class="line third" d="${linePath(suggested)}" />`}`,
  });
  const body = html`<main>
    <h1>${title}: learning rates</h1>
    <p>${explanation}</p>
    <figure class="chart">
      <figcaption>
        <b>Loss</b>
        <span class="legend"
          ><span class="key train">after each step</span
          ><span class="key validation">smoothed</span
          >${suggested && html`<span class="key third">suggestion</span>`}</span
        >
      </figcaption>
      ${chart}
    </figure>
    ${facts.map((fact) => html`<p class="note">${fact}</p>`)}
  </main>`;
  return htmlDocument({ title, kind: "Learning rates", body }).text;
}

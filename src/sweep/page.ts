/** @file The results of a sweep as one HTML file: how options and validation hang together, and all figures. */

import { linearAxis, logarithmicAxis, rangeOf, type Axis } from "../report/axis.ts";
import { htmlDocument } from "../report/document.ts";
import { formatNumber } from "../report/format.ts";
import { html, type Html } from "../report/html.ts";
import { dotPath, linePath, percent, plot } from "../report/plot.ts";
import { scrollable } from "../report/tables.ts";
import { wordsOf, type OptionName } from "../runs/index.ts";
import type { Entry } from "./sweep-result.ts";
import type { SweepMetric } from "./scores.ts";
import type { Sweep } from "./sweep-file.ts";

export interface SweepPage {
  readonly title: string;
  readonly sweep: Pick<Sweep, "space">;
  readonly metric: SweepMetric;
  /** The metric in words: "validation macro-F1". */
  readonly metricName: string;
  /** The best first. */
  readonly entries: readonly Entry[];
  /** Sentences: how the best was chosen, and its figures on the test part. */
  readonly facts: readonly string[];
}

/** The option's values along an axis; the position of one that was left out is undefined. */
interface OptionAxis {
  readonly name: OptionName;
  readonly axis: Axis;
  readonly positionOf: (entry: Entry) => number | undefined;
}

/** An entry with a figure. */
type Scored = Entry & { readonly score: NonNullable<Entry["score"]> };

const STYLE = `
.sweep .line { opacity: 0.35; }
.sweep .line.validation { opacity: 1; }
.axis-end { position: absolute; transform: translateX(-50%); font-size: 0.75rem; white-space: nowrap; }
.axis-end:first-of-type { transform: none; }
.axis-end.last { transform: translateX(-100%); }
.parallel .x-ticks span:first-child { transform: none; }
.parallel .x-ticks span:last-child { transform: translateX(-100%); }
.flag { white-space: nowrap; }
`;

/** Width of an axis beside which its name can be read; more of them are scrolled. */
const AXIS_REM = 9;

export function renderSweep({ title, sweep, metric, metricName, entries, facts }: SweepPage): string {
  const scored = entries.filter((entry): entry is Scored => entry.score !== null);
  const axes = sweep.space.map(({ name, cases }) =>
    axisOf(
      name,
      scored,
      cases.some(({ range }) => range.kind === "logUniform"),
    ),
  );
  const values = scored.map(({ score }) => score.mean);
  const figure = linearAxis(metricName, rangeOf(values), 8);
  const body = html`<main class="sweep">
    <h1>${title}</h1>
    ${facts.map((fact) => html`<p>${withFlags(fact)}</p>`)}
    <p class="note">
      ${metric === "validationLoss" ? "The lower, the better." : "The higher, the better."} Of a configuration
      that was stopped, the figure is that of the epochs it had: it is no fair comparison with those of more
      epochs.
    </p>
    ${parallel(axes, scored, figure)}
    <h2>Each option</h2>
    <div class="charts">${axes.map((axis) => panel(axis, scored, figure, metricName))}</div>
    <h2>All configurations</h2>
    ${table(entries, axes, metricName)}
  </main>`;
  return htmlDocument({ title, kind: "Sweep", style: STYLE, body }).text;
}

/** A sentence whose flags are not broken behind one of their hyphens. */
function withFlags(sentence: string): Html {
  const parts = sentence.split(/(--[\w-]+)/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<span class="flag">${part}</span>` : html`${part}`))}`;
}

function axisOf(name: OptionName, entries: readonly Entry[], isLogarithmic: boolean): OptionAxis {
  const all = entries.flatMap(({ options }): unknown[] =>
    options[name] === undefined ? [] : [options[name]],
  );
  const numbers = all.filter((value): value is number => typeof value === "number");
  if (numbers.length > 0 && numbers.length === all.length) {
    const range = [Math.min(...numbers), Math.max(...numbers)] as const;
    const axis = isLogarithmic && range[0] > 0 ? logarithmicAxis(name, range) : linearAxis(name, range, 6);
    const positionOf = ({ options }: Entry) => {
      const value: unknown = options[name];
      return typeof value === "number" ? axis.position(value) : undefined;
    };
    return { name, axis, positionOf };
  }
  const texts = [...new Set(all.map((value) => textOf(name, value)))].sort();
  const place = (index: number) => (index + 0.5) / texts.length;
  return {
    name,
    axis: { label: name, ticks: texts.map((text, i) => ({ position: place(i), text })), position: place },
    positionOf: ({ options }) =>
      options[name] === undefined ? undefined : place(texts.indexOf(textOf(name, options[name]))),
  };
}

function textOf(name: OptionName, value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  return wordsOf(name, value).at(-1) ?? "";
}

/** One line for each configuration, from option to option and to its figure. */
function parallel(axes: readonly OptionAxis[], entries: readonly Scored[], figure: Axis): Html {
  const places = [...axes.keys(), axes.length].map((i) => i / Math.max(1, axes.length));
  const pointsOf = (entry: Scored) => [
    ...axes.map(({ positionOf }, i) => {
      const position = positionOf(entry);
      return position === undefined ? null : ([places[i], position] as const);
    }),
    [places[axes.length], figure.position(entry.score.mean)] as const,
  ];
  const [best, ...others] = entries;
  const titles = [...axes.map(({ axis }) => axis), figure];
  const ticks = titles.map(({ label }, i) => ({ position: places[i], text: label }));
  const grid = places.map((place) =>
    linePath([
      [place, 0],
      [place, 1],
    ]),
  );
  const ends = titles.flatMap(({ ticks: own }, i) =>
    [own.at(0), own.length > 1 ? own.at(-1) : undefined].map(
      (tick) =>
        tick &&
        html`<span
          class="axis-end${i === axes.length && " last"}"
          style="left:${percent(places[i])};bottom:${percent(tick.position)}"
          >${tick.text}</span
        >`,
    ),
  );
  const chart = plot({
    x: { label: "", ticks, position: (value) => value },
    y: { label: "", ticks: [], position: (value) => value },
    description: "Each configuration as a line through its options and its figure",
    drawing: html`<path class="grid" d="${grid.join("")}" />
      ${others.map((entry) => html`<path class="line train" d="${linePath(pointsOf(entry))}" />`)}
      ${best && html`<path class="line validation" d="${linePath(pointsOf(best))}" />`}`,
    overlay: html`${ends}`,
  });
  const name = "All options at once";
  return html`<figure class="chart parallel">
    <figcaption>
      <b>${name}</b>
      <span class="legend"
        ><span class="key train">a configuration</span><span class="key validation">the best</span></span
      >
    </figcaption>
    ${scrollable(name, html`<div style="min-width:${titles.length * AXIS_REM}rem">${chart}</div>`)}
  </figure>`;
}

/** The figures by one option. */
function panel(
  { name, axis, positionOf }: OptionAxis,
  entries: readonly Scored[],
  y: Axis,
  metricName: string,
): Html {
  const pointsOf = (some: readonly Scored[]) =>
    some.flatMap((entry) => {
      const x = positionOf(entry);
      return x === undefined ? [] : [[x, y.position(entry.score.mean)] as const];
    });
  const complete = entries.slice(1).filter(({ status }) => status === "complete");
  const stopped = entries.slice(1).filter(({ status }) => status !== "complete");
  const dots = (look: string, some: readonly Scored[]) =>
    some.length > 0 && html`<path class="dot ${look}" d="${dotPath(pointsOf(some))}" />`;
  return html`<figure class="chart">
    <figcaption>
      <b>${name}</b>
      <span class="legend"
        ><span class="key train">to the end</span
        >${stopped.length > 0 && html`<span class="key third">stopped</span>`}<span class="key validation"
          >the best</span
        ></span
      >
    </figcaption>
    ${plot({
      x: { ...axis, label: "" },
      y: { ...y, label: "" },
      description: `${metricName} by ${name}`,
      drawing: html`${dots("third", stopped)}${dots("train", complete)}${dots("validation", entries.slice(0, 1))}`,
    })}
  </figure>`;
}

function table(entries: readonly Entry[], axes: readonly OptionAxis[], metricName: string): Html {
  const row = ({ number, score, epochs, status, options, problem }: Entry, i: number) =>
    html`<tr class="${i === 0 && score !== null && "best-row"}">
      <th scope="row">${number}</th>
      <td>${score ? formatNumber(score.mean) : "–"}</td>
      <td>${score && score.deviation !== null ? formatNumber(score.deviation) : "–"}</td>
      <td>${score ? epochs : "–"}</td>
      <td>${problem === undefined ? status : `failed: ${problem}`}</td>
      ${axes.map(({ name }) => html`<td>${options[name] === undefined ? "" : textOf(name, options[name])}</td>`)}
    </tr>`;
  return scrollable(
    "All configurations",
    html`<table>
      <thead>
        <tr>
          <th scope="col">configuration</th>
          <th scope="col">${metricName}</th>
          <th scope="col">deviation</th>
          <th scope="col">epochs</th>
          <th scope="col">state</th>
          ${axes.map(({ name }) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${entries.map(row)}
      </tbody>
    </table>`,
  );
}

/** @file Examples as a model sees them, as points on a page. Browser-safe. */

import { clipCard } from "../clip-card.ts";
import { clipViews, namesOf, type ClipView } from "../clip-views.ts";
import { examplesDialog, htmlDocument } from "../document.ts";
import { byteLength } from "../card-budget.ts";
import { DEFAULT_MAX_BYTES } from "../clip-order.ts";
import { linearAxis, rangeOf, type Axis } from "../axis.ts";
import { escapeHtml, html, type Html } from "../html.ts";
import { dotPath, plot } from "../plot.ts";
import type { Evaluation } from "../report-data.ts";
import type { ExplanationFile } from "./files.ts";

export interface EmbeddingMapData {
  readonly title: string;
  /** The data and how many of them, in words. */
  readonly subtitle: string;
  /** As ISO 8601. */
  readonly createdAt: string;
  /** The layer that the embeddings are of, in words. */
  readonly layer: string;
  /** One of the examples: "clip", "image". */
  readonly unit: string;
  /** Its clips are the points, with previews where there are any. */
  readonly evaluation: Evaluation;
  readonly layouts: readonly EmbeddingLayout[];
  readonly notes: readonly string[];
}

export interface EmbeddingLayout {
  /** The name in files: "pca", "umap". */
  readonly key: string;
  readonly title: string;
  readonly note: string;
  /** `[clips, 2]`. */
  readonly places: Float32Array;
}

/** Classes by colours that are told apart on light and dark, also by the colour-blind as far as twelve can be. */
const COLORS = [
  "#0f86b8",
  "#e0761f",
  "#2a9d5c",
  "#c94f9b",
  "#b39a00",
  "#7a6ff0",
  "#d2453f",
  "#20a39e",
  "#8a6d4b",
  "#7f8c8d",
  "#5b9e1f",
  "#b06ad0",
];

/** The page's points at most; of more the first are drawn. */
export const MOST_POINTS = 3000;

const MAP_STYLE = `
.point { stroke-width: 10px; stroke-linecap: round; stroke: var(--tone); }
#peek { position: fixed; z-index: 8; width: 19rem; max-width: 90vw; pointer-events: none; box-shadow: 0 .3rem 1.2rem rgb(0 0 0 / .35); }
#peek img { display: block; max-width: 100%; max-height: 12rem; margin: 0 auto; }
.ring { stroke-width: 15px; stroke-linecap: round; stroke: var(--ink); }
.map .plot { grid-template-rows: auto min(34rem, 90vw) 1.3rem auto; }
.map a:hover .point, .map a:focus-visible .point { stroke-width: 17px; }
.classes { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 1rem 0; padding: 0; list-style: none; font-size: .92rem; }
.classes i { display: inline-block; width: .8rem; height: .8rem; border-radius: 50%; margin-right: .4rem; background: var(--tone); }
.charts.map { grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }`;

/** Draws a map as a page, an SVG for each layout, and a table. */
export function embeddingMapFiles(data: EmbeddingMapData): readonly ExplanationFile[] {
  const views = clipViews(data.evaluation);
  return [
    ...data.layouts.map((layout) => ({
      name: `${layout.key}.svg`,
      content: standalone(data, layout, views),
    })),
    { name: "map.csv", content: tableOf(data, views) },
    { name: "map.html", content: page(data, views) },
  ];
}

function page(data: EmbeddingMapData, views: readonly ClipView[]): string {
  const shown = views.slice(0, MOST_POINTS);
  const body = html`<header class="headline">
      <p class="kicker">Auricle map · ${data.createdAt.slice(0, 10)}</p>
      <h1>${data.title}</h1>
      <p class="subtitle">${data.subtitle}, by ${data.layer}</p>
      ${data.notes.length > 0 && html`<div class="notice">${data.notes.map((note) => html`<p>${note}</p>`)}</div>`}
    </header>
    <main>
      <p class="note">
        Each point is an example, in the colour of its true class; one with a ring was predicted wrong. Point
        at one for its name, choose it to see and hear it.
      </p>
      ${legend(data.evaluation, shown)}
      <div class="charts map">${data.layouts.map((layout) => chart(data, layout, shown))}</div>
      <h2>Examples</h2>
      <div class="cards">${cards(data, shown)}</div>
    </main>
    <div id="peek" class="clip" hidden></div>
    ${examplesDialog(data.unit)}`;
  return htmlDocument({ title: data.title, kind: "Auricle map", style: MAP_STYLE, body }).text;
}

function legend(evaluation: Evaluation, views: readonly ClipView[]): Html | undefined {
  if (evaluation.task === "regression") return undefined;
  const found = new Set(views.map(({ label }) => label));
  return html`<ul class="classes">
    ${namesOf(evaluation).map(
      (name, label) => found.has(label) && html`<li><i style="--tone:${colorOf(label)}"></i>${name}</li>`,
    )}
  </ul>`;
}

function colorOf(label: number): string {
  return COLORS[(label + COLORS.length) % COLORS.length];
}

function chart(data: EmbeddingMapData, layout: EmbeddingLayout, views: readonly ClipView[]): Html {
  const { x, y } = axesOf(layout, views.length);
  return html`<figure class="chart">
    <figcaption><b>${layout.title}</b> <span class="note">${layout.note}</span></figcaption>
    ${plot({
      x,
      y,
      description: `${layout.title} of ${views.length} examples`,
      drawing: drawingOrder(data.evaluation, views).map((i) => {
        const { key, clip, verdict, label } = views[i];
        const place = [x.position(layout.places[2 * i]), y.position(layout.places[2 * i + 1])] as const;
        const path = dotPath([place]);
        return html`<a
          href="#clip-${key}"
          data-clip="clip-${key}"
          data-title="${clip.id}"
          aria-label="${clip.id}: ${verdict}"
          >${isMistake(data.evaluation, views[i]) && html`<path class="ring" d="${path}" />`}<path
            class="point"
            style="--tone:${colorOf(label)}"
            d="${path}"
            ><title>${clip.id}: ${verdict}</title></path
          ></a
        >`;
      }),
    })}
  </figure>`;
}

/** In a regression nothing is right or wrong. */
function isMistake({ task }: Evaluation, { isWrong }: ClipView): boolean {
  return task !== "regression" && isWrong;
}

/** Mistakes last, so that they lie on top. */
function drawingOrder(evaluation: Evaluation, views: readonly ClipView[]): number[] {
  const rank = (i: number) => Number(isMistake(evaluation, views[i]));
  return [...views.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
}

function axesOf({ places }: EmbeddingLayout, count: number): { readonly x: Axis; readonly y: Axis } {
  const axis = (first: 0 | 1) =>
    linearAxis("", rangeOf(Array.from({ length: count }, (_, i) => places[2 * i + first])), 5);
  return { x: axis(0), y: axis(1) };
}

/** Cards with sounds and pictures as long as there is room, then without. */
function cards({ evaluation }: EmbeddingMapData, views: readonly ClipView[]): Html[] {
  let room = DEFAULT_MAX_BYTES;
  return views.map((view) => {
    const full = clipCard(view, evaluation.task, { picture: true, sound: true });
    const size = byteLength(full.text);
    const fits = size < room;
    if (fits) room -= size;
    return fits ? full : clipCard(view, evaluation.task, { picture: false, sound: false });
  });
}

const SIZE = 800;
const LEGEND_WIDTH = 220;

/** A drawing by itself, for documents. */
function standalone(data: EmbeddingMapData, layout: EmbeddingLayout, views: readonly ClipView[]): string {
  const { evaluation } = data;
  const { x, y } = axesOf(layout, views.length);
  const points = drawingOrder(evaluation, views).map((i) => {
    const left = 20 + x.position(layout.places[2 * i]) * (SIZE - 40);
    const top = 20 + (1 - y.position(layout.places[2 * i + 1])) * (SIZE - 40);
    const ring = isMistake(evaluation, views[i]) ? ' stroke="#000" stroke-width="2"' : "";
    const title = escapeHtml(`${views[i].clip.id}: ${views[i].verdict}`);
    return (
      `<circle cx="${left.toFixed(1)}" cy="${top.toFixed(1)}" r="5" fill="${colorOf(views[i].label)}"${ring}>` +
      `<title>${title}</title></circle>`
    );
  });
  const found = new Set(views.map(({ label }) => label));
  const names = evaluation.task === "regression" ? [] : namesOf(evaluation);
  const keys = names.flatMap((name, label) => (found.has(label) ? [{ name, label }] : []));
  const legends = keys.map(({ name, label }, row) => {
    const top = 40 + 24 * row;
    return (
      `<circle cx="${SIZE + 10}" cy="${top - 5}" r="6" fill="${colorOf(label)}"/>` +
      `<text x="${SIZE + 24}" y="${top}">${escapeHtml(name)}</text>`
    );
  });
  const height = Math.max(SIZE, 60 + 24 * keys.length);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE + LEGEND_WIDTH} ${height}" font-family="sans-serif" font-size="15">` +
    `<title>${escapeHtml(`${data.title}: ${layout.title}`)}</title>` +
    `<rect width="100%" height="100%" fill="#fff"/>${points.join("")}${legends.join("")}</svg>\n`
  );
}

function tableOf({ evaluation, layouts }: EmbeddingMapData, views: readonly ClipView[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const names = namesOf(evaluation);
  const head = ["id", "true class", "verdict", ...layouts.flatMap(({ key }) => [`${key} 1`, `${key} 2`])];
  const rows = views.map(({ clip, label, verdict }, i) => [
    quoted(clip.id),
    quoted(evaluation.task === "regression" ? "" : (names[label] ?? "")),
    quoted(verdict),
    ...layouts.flatMap(({ places }) => [places[2 * i], places[2 * i + 1]].map(String)),
  ]);
  return [head.map(quoted), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

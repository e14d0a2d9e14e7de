/** @file Examples as a model sees them, as points on a page. Browser-safe. */

import { byteLength } from "../card-budget.ts";
import { examplesDialog, htmlDocument } from "../document.ts";
import { exampleCard } from "../example-card.ts";
import { DEFAULT_MAX_BYTES } from "../example-order.ts";
import { exampleViews, namesOf, type ExampleView } from "../example-views.ts";
import { escapeHtml, html, type Html } from "../html.ts";
import { axesOf, colorOf, drawingOrder, isMistake, MAP_STYLE, mapCharts, PEEK } from "../map-charts.ts";
import type { EmbeddingLayout, Evaluation } from "../report-data.ts";
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
  /** Its examples are the points, with previews where there are any. */
  readonly evaluation: Evaluation;
  readonly layouts: readonly EmbeddingLayout[];
  readonly notes: readonly string[];
}

/** The page's points at most. */
export const MOST_POINTS = 3000;

/** Draws a map as a page, an SVG for each layout, and a table. */
export function embeddingMapFiles(data: EmbeddingMapData): readonly ExplanationFile[] {
  const views = exampleViews(data.evaluation);
  return [
    ...data.layouts.map((layout) => ({
      name: `${layout.key}.svg`,
      content: standalone(data, layout, views),
    })),
    { name: "map.csv", content: tableOf(data, views) },
    { name: "map.html", content: page(data, views) },
  ];
}

function page(data: EmbeddingMapData, views: readonly ExampleView[]): string {
  const body = html`<header class="headline">
      <p class="kicker">Auricle map · ${data.createdAt.slice(0, 10)}</p>
      <h1>${data.title}</h1>
      <p class="subtitle">${data.subtitle}, by ${data.layer}</p>
      ${data.notes.length > 0 && html`<div class="notice">${data.notes.map((note) => html`<p>${note}</p>`)}</div>`}
    </header>
    <main>
      ${mapCharts(data.evaluation, views, data.layouts)}
      <h2>Examples</h2>
      <div class="cards">${cards(data, views)}</div>
    </main>
    ${PEEK} ${examplesDialog(data.unit)}`;
  return htmlDocument({ title: data.title, kind: "Auricle map", style: MAP_STYLE, body }).text;
}

/** Cards with sounds and pictures as long as there is room, then without. */
function cards({ evaluation }: EmbeddingMapData, views: readonly ExampleView[]): Html[] {
  let room = DEFAULT_MAX_BYTES;
  return views.map((view) => {
    const full = exampleCard(view, evaluation.task, { picture: true, sound: true });
    const size = byteLength(full.text);
    const fits = size < room;
    if (fits) room -= size;
    return fits ? full : exampleCard(view, evaluation.task, { picture: false, sound: false });
  });
}

const SIZE = 800;
const LEGEND_WIDTH = 220;

/** A drawing by itself, for documents. */
function standalone(data: EmbeddingMapData, layout: EmbeddingLayout, views: readonly ExampleView[]): string {
  const { evaluation } = data;
  const { x, y } = axesOf(layout, views.length);
  const points = drawingOrder(evaluation, views).map((i) => {
    const left = 20 + x.position(layout.places[2 * i]) * (SIZE - 40);
    const top = 20 + (1 - y.position(layout.places[2 * i + 1])) * (SIZE - 40);
    const ring = isMistake(evaluation, views[i]) ? ' stroke="#000" stroke-width="2"' : "";
    const title = escapeHtml(`${views[i].result.id}: ${views[i].verdict}`);
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

function tableOf({ evaluation, layouts }: EmbeddingMapData, views: readonly ExampleView[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const names = namesOf(evaluation);
  const head = ["id", "true class", "verdict", ...layouts.flatMap(({ key }) => [`${key} 1`, `${key} 2`])];
  const rows = views.map(({ result, label, verdict }, i) => [
    quoted(result.id),
    quoted(evaluation.task === "regression" ? "" : (names[label] ?? "")),
    quoted(verdict),
    ...layouts.flatMap(({ places }) => [places[2 * i], places[2 * i + 1]].map(String)),
  ]);
  return [head.map(quoted), ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

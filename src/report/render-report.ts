/** @file A run's report as one HTML file that needs nothing else. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { byteLength, fillCards, plainCards, type CardCounts, type ExampleCards } from "./card-budget.ts";
import { DEFAULT_MAX_BYTES } from "./example-order.ts";
import { exampleViews, partKey, type ExampleView } from "./example-views.ts";
import { renderCurves } from "./curves.ts";
import { dataSection } from "./data-section.ts";
import { examplesDialog, htmlDocument } from "./document.ts";
import { evaluationSection, titleOf } from "./evaluation-section.ts";
import { filterSection } from "./filters.ts";
import { countOf, formatBytes, formatCount } from "./format.ts";
import { headline } from "./headline.ts";
import { html, type Content, type Html } from "./html.ts";
import type { ReportData } from "./report-data.ts";
import { MAP_STYLE } from "./map-charts.ts";
import { mapSection } from "./map-section.ts";
import { modelSection, runSection } from "./run-section.ts";
import { seedsPlace } from "./seeds.ts";

export interface ReportOptions {
  /** The size limit of the file; sounds and pictures are left out beyond it. Default 25,000,000. */
  readonly maxBytes?: number;
}

/**
 * The report as the text of an HTML file: style, script, pictures and sounds are within it, and it reads nothing from
 * anywhere. All numbers are there without the script, which adds values at the pointer and examples in a window.
 * @throws AuricleError "argument" where the numbers alone take more than `maxBytes`.
 */
export function renderReport(data: ReportData, { maxBytes = DEFAULT_MAX_BYTES }: ReportOptions = {}): string {
  const views = data.evaluations.map(exampleViews);
  const plain = plainCards(views, data.task);
  const words = page(data, views, plain, undefined).text;
  const room = maxBytes - byteLength(words) - LONGEST_NOTE;
  if (room < 0) {
    throw new AuricleError(
      "argument",
      `renderReport: the report takes ${byteLength(words)} bytes without sounds and pictures, more than maxBytes ` +
        `${maxBytes}; raise maxBytes or give fewer examples`,
    );
  }
  const { cards, counts } = fillCards(views, data.task, plain, room);
  return page(data, views, cards, { ...counts, maxBytes }).text;
}

/** Bytes kept for the note about the examples that were left out. */
const LONGEST_NOTE = 1000;

interface Counts extends CardCounts {
  readonly maxBytes: number;
}

function page(
  data: ReportData,
  views: readonly (readonly ExampleView[])[],
  cards: ExampleCards,
  counts: Counts | undefined,
): Html {
  const body = html`<a class="skip" href="#results">To the results</a>
    ${headline(data)} ${navigation(data)}
    <main id="results">
      ${seedsPlace("section")}
      <section id="training">
        <h2>Training</h2>
        ${renderCurves(data.history, data.bestEpoch)}
      </section>
      ${counts && mediaNote(counts, data.data.unit)}
      ${data.evaluations.map((evaluation, i) =>
        evaluationSection(evaluation, views[i], cards, data.data.unit),
      )}
      ${data.map && mapSection(data.map, data.evaluations[0], views[0])}
      ${data.filters && filterSection(data.filters)} ${modelSection(data)} ${dataSection(data.data)}
      ${runSection(data)}
    </main>
    ${examplesDialog(data.data.unit)}`;
  return htmlDocument({
    title: data.title,
    kind: "Auricle report",
    ...(data.map && { style: MAP_STYLE }),
    body,
  });
}

function navigation(data: ReportData): Html {
  const links = [
    ["training", "Training"],
    ...data.evaluations.map(({ name }) => [partKey(name), titleOf(name)]),
    ...(data.map ? [["map", "Map"]] : []),
    ...(data.filters ? [["filters", "Filters"]] : []),
    ["model", "Model"],
    ["data", "Data"],
    ["run", "The run"],
  ];
  return html`<nav aria-label="Sections">
    ${seedsPlace("link")} ${links.map(([key, title]) => html`<a href="#${key}">${title}</a>`)}
  </nav>`;
}

/** Tells which sounds and pictures are not in the file, and why. */
function mediaNote({ examples, listed, pictures, sounds, maxBytes }: Counts, unit: string): Content {
  const isAll = pictures === examples && (sounds === examples || sounds === 0);
  if (sounds + pictures === 0 || isAll) return undefined;
  const all = `of the ${countOf(examples, unit)}`;
  const seen =
    sounds > 0
      ? `${formatCount(sounds)} ${all} can be heard and ${formatCount(pictures)} seen`
      : `${formatCount(pictures)} ${all} can be seen`;
  return html`<p class="note media">
    To keep this file small (below ${formatBytes(maxBytes)}), ${seen}, mistakes first; the others have their
    probabilities alone.${listed < examples && ` ${formatCount(examples - listed)} are not listed.`}
  </p>`;
}

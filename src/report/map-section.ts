/** @file The map of the tested examples in a report. Browser-safe. */

import { titleOf } from "./evaluation-section.ts";
import type { ExampleView } from "./example-views.ts";
import { formatCount } from "./format.ts";
import { html, type Html } from "./html.ts";
import { mapCharts, PEEK } from "./map-charts.ts";
import type { EmbeddingMap, Evaluation } from "./report-data.ts";

/** @param views all examples of the evaluation that the map is of */
export function mapSection(map: EmbeddingMap, evaluation: Evaluation, views: readonly ExampleView[]): Html {
  const { points, layouts, layer } = map;
  const isPart = points.length < views.length;
  return html`<section id="map">
    <h2>${titleOf(evaluation.name)}: map of the examples</h2>
    <p class="note">
      Examples lie near each other where the model sees them alike, by
      ${layer}.${isPart && ` ${formatCount(points.length)} of ${formatCount(views.length)} are drawn.`}
    </p>
    ${mapCharts(
      evaluation,
      points.map((point) => views[point]),
      layouts,
    )}
    ${PEEK}
  </section>`;
}

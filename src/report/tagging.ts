/** @file Scores by tag. Browser-safe. */

import { scoreCell } from "./classification.ts";
import { partKey, tagGroups, type ExampleGroup, type ExampleView } from "./example-views.ts";
import { countOf, formatCount, formatScore } from "./format.ts";
import { html, type Html } from "./html.ts";
import type { TaggingEvaluation } from "./report-data.ts";
import { scrollable } from "./tables.ts";

/** @param views the examples, whose mistakes are counted; none: the counts are left out */
export function tagScores(evaluation: TaggingEvaluation, views: readonly ExampleView[], unit: string): Html {
  const part = partKey(evaluation.name);
  const counts = new Map<string, number>();
  for (const { key } of views.flatMap(({ groups }) => groups)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const mistakes = (group: ExampleGroup) =>
    html`<td>${groupLink(part, group, counts.get(group.key) ?? 0, unit)}</td>`;
  const heads = [
    "average precision",
    "ROC-AUC",
    "F1",
    "support",
    ...(views.length > 0 ? ["missed", "false"] : []),
  ];
  return html`<h3>By tag</h3>
    <p class="note">
      Average precision and ROC-AUC are over all thresholds; F1 and mistakes are at a probability of 0.5.
      Means: average precision ${formatScore(evaluation.meanAveragePrecision)}, ROC-AUC
      ${formatScore(evaluation.meanRocAuc)}, macro-F1 ${formatScore(evaluation.macroF1)}.
    </p>
    ${scrollable(
      "Scores by tag",
      html`<table class="scores">
        <thead>
          <tr>
            <th scope="col">tag</th>
            ${heads.map((head) => html`<th scope="col">${head}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${evaluation.tags.map(({ name, averagePrecision, rocAuc, f1, support }, tag) => {
            const groups = tagGroups(part, name, tag);
            return html`<tr>
              <th scope="row">${name}</th>
              ${[averagePrecision, rocAuc, f1].map(scoreCell)}
              <td>${formatCount(support)}</td>
              ${views.length > 0 && [mistakes(groups.missed), mistakes(groups.false)]}
            </tr>`;
          })}
        </tbody>
      </table>`,
    )}`;
}

/** Examples stand under no tag of their own, as they may have several mistakes; without a script, all are shown. */
function groupLink(part: string, { key, title }: ExampleGroup, count: number, unit: string): Html | string {
  if (count === 0) return "0";
  return html`<a
    href="#${part}-examples"
    data-group="${key}"
    data-title="${title}"
    aria-label="${title}: ${countOf(count, unit)}"
    >${formatCount(count)}</a
  >`;
}

/**
 * @file The results of several runs that differ by their seed. Their figures are complete only when the last run is done,
 * after the reports of the others are written: so each report has places for them, empty until they are filled.
 * Browser-safe.
 */

import { AuricleError } from "../errors.ts";
import { meanAndDeviation } from "../nn/metrics/index.ts";
import { formatScore } from "./format.ts";
import { html, trusted, type Html } from "./html.ts";
import type { SeedsSummary } from "./report-data.ts";
import { scrollable } from "./tables.ts";

/** Texts from outside cannot hold such comments, since their angle brackets are escaped. */
const PLACES = {
  link: { start: "<!-- seeds link -->", end: "<!-- end of seeds link -->" },
  section: { start: "<!-- seeds -->", end: "<!-- end of seeds -->" },
} as const;

/** The empty place, for `html`. */
export function seedsPlace(place: keyof typeof PLACES): Html {
  return trusted(PLACES[place].start + PLACES[place].end);
}

/**
 * A report, as `renderReport` made it, with the figures of its own and other seeds: of each, and their mean and standard
 * deviation. Figures that it has already are replaced.
 * @throws AuricleError "argument" for a text that is no such report, or no runs.
 */
export function withSeeds(report: string, seeds: SeedsSummary): string {
  const linked = fill(report, "link", html`<a href="#seeds">Seeds</a>`);
  return fill(linked, "section", seedsSection(seeds));
}

function fill(report: string, place: keyof typeof PLACES, content: Html): string {
  const { start, end } = PLACES[place];
  const from = report.indexOf(start) + start.length;
  const to = report.indexOf(end, from);
  if (from < start.length || to < 0) {
    throw new AuricleError(
      "argument",
      `withSeeds: the text is not a report with a place for the figures: no ${start}`,
    );
  }
  return report.slice(0, from) + content.text + report.slice(to);
}

/** Mean ± standard deviation (of a sample: n - 1) over runs that differ by their seed. */
function seedsSection({ metrics, runs }: SeedsSummary): Html {
  const spread = metrics.map((_, i) => meanAndDeviation(runs.map(({ values }) => values[i])));
  return html`<section id="seeds">
    <h2>${runs.length} seeds</h2>
    <p class="note">
      The same run with other initial weights, order and augmentation: a difference below the standard
      deviation is not significant. The other sections show this run.
    </p>
    ${scrollable(
      "Results by seed",
      html`<table>
        <thead>
          <tr>
            <th scope="col">seed</th>
            ${metrics.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${runs.map(
            ({ seed, values }) =>
              html`<tr>
                <th scope="row">${seed}</th>
                ${metrics.map((_, i) => html`<td>${formatScore(values[i], 4)}</td>`)}
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">mean ± standard deviation</th>
            ${spread.map(({ mean, standardDeviation }) => html`<td>${formatScore(mean, 4)} ± ${formatScore(standardDeviation, 4)}</td>`)}
          </tr>
        </tfoot>
      </table>`,
    )}
  </section>`;
}

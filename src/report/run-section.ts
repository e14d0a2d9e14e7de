/** @file What was run, with what, how long it took, and how to do it again. Browser-safe. */

import { formatDuration, formatScore } from "./format.ts";
import { html, lines, type Content, type Html } from "./html.ts";
import { meanAndDeviation } from "../nn/metrics/index.ts";
import { percent } from "./plot.ts";
import type { ReportData, SeedsSummary, Timing } from "./report-data.ts";
import { factList, scrollable } from "./tables.ts";

export function modelSection({ model }: ReportData): Html {
  return html`<section id="model">
    <h2>Model</h2>
    ${factList([{ name: "Network", value: model.name }, ...model.facts])}
    ${model.summary !== undefined && scrollable("Layers", html`<pre>${lines(model.summary)}</pre>`)}
  </section>`;
}

export function runSection({ configuration, environment, timings, command }: ReportData): Html {
  return html`<section id="run">
    <h2>The run</h2>
    ${timings.length > 0 && timeTable(timings)}
    <h3>Configuration</h3>
    ${factList(configuration)}
    <h3>Made with</h3>
    ${factList(environment)}
    <h3>To repeat it</h3>
    ${scrollable("The command", html`<pre>${lines(command)}</pre>`)}
  </section>`;
}

/** No shares: some figures count several workers, or the same seconds as others. */
function timeTable(timings: readonly Timing[]): Html {
  const longest = timings.reduce((most, { seconds }) => Math.max(most, seconds), 0);
  return html`<h3>Where the time went</h3>
    <table class="scores">
      <thead>
        <tr>
          <th scope="col">step</th>
          <th scope="col">time</th>
        </tr>
      </thead>
      <tbody>
        ${timings.map(
          ({ name, seconds, note }) =>
            html`<tr>
              <th scope="row">${name}${note !== undefined && html` <span class="note">${note}</span>`}</th>
              <td class="score" style="--part:${percent(longest > 0 ? seconds / longest : 0)}">
                ${formatDuration(seconds)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

/** Mean ± standard deviation (of a sample: n - 1) over runs that differ by their seed. */
export function seedsSection({ metrics, runs }: SeedsSummary): Content {
  if (runs.length === 0) return undefined;
  const spread = metrics.map((_, i) => meanAndDeviation(runs.map(({ values }) => values[i])));
  return html`<section id="seeds">
    <h2>${runs.length} seeds</h2>
    <p class="note">
      The same run with other initial weights, order and augmentation: what differs by less than the standard
      deviation is no difference. The other sections show one of them.
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

/** @file The run: its configuration and environment, the time it took, and the command that repeats it. Browser-safe. */

import { formatDuration } from "./format.ts";
import { html, lines, type Html } from "./html.ts";
import { percent } from "./plot.ts";
import type { ReportData, Timing } from "./report-data.ts";
import { factList, scrollable } from "./tables.ts";

export function modelSection({ model }: ReportData): Html {
  return html`<section id="model">
    <h2>Model</h2>
    ${factList([{ name: "network", value: model.name }, ...model.facts])}
    ${model.summary !== undefined && scrollable("Layers", html`<pre>${lines(model.summary)}</pre>`)}
  </section>`;
}

export function runSection({ configuration, environment, timings, command }: ReportData): Html {
  return html`<section id="run">
    <h2>The run</h2>
    ${timings.length > 0 && timeTable(timings)}
    <h3>Configuration</h3>
    ${factList(configuration)}
    <h3>Environment</h3>
    ${factList(environment)}
    <h3>Command to repeat the run</h3>
    <div class="command">
      <pre class="wrapped" id="command">${lines(command)}</pre>
      <button type="button" data-copy="command" hidden>Copy</button>
    </div>
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

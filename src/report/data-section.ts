/** @file A description of the data, how they were split, and their problems. Browser-safe. */

import { countOf, formatCount, formatDuration, formatPercent } from "./format.ts";
import { html, type Content, type Html } from "./html.ts";
import { percent } from "./plot.ts";
import type { DataPart, DataProblem, DataSummary } from "./report-data.ts";
import { factList, scrollable } from "./tables.ts";

/** Problems that are shown without being asked for. */
const PROBLEMS_SHOWN = 10;

/** Problems that are listed at most. */
const LARGEST_LIST = 1000;

export function dataSection(data: DataSummary): Html {
  return html`<section id="data">
    <h2>Data and split</h2>
    ${factList([{ name: "split", value: data.split.method }, ...data.facts])} ${partTable(data)}
    ${data.classNames.length > 0 && data.parts.some(({ classCounts }) => classCounts.length > 0) && countTable(data)}
    ${problemList(data.problems)}
  </section>`;
}

function partTable({ parts, unit }: DataSummary): Html {
  const all = parts.reduce((sum, { examples }) => sum + examples, 0);
  const hasSound = parts.some(({ seconds }) => seconds !== undefined);
  const line = ({ name, examples, seconds }: DataPart) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td>${formatCount(examples)}</td>
      <td>${formatPercent(examples / all)}</td>
      ${hasSound && html`<td>${formatDuration(seconds ?? NaN)}</td>`}
    </tr>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">part</th>
        <th scope="col">${unit}s</th>
        <th scope="col">share</th>
        ${hasSound && html`<th scope="col">duration</th>`}
      </tr>
    </thead>
    <tbody>
      ${parts.map(line)}
    </tbody>
  </table>`;
}

function countTable({ parts, classNames }: DataSummary): Html {
  const largest = parts.flatMap(({ classCounts }) => classCounts).reduce((a, b) => Math.max(a, b), 1);
  return scrollable(
    "Counts by class and part",
    html`<table class="scores">
      <thead>
        <tr>
          <th scope="col">class</th>
          ${parts.map(({ name }) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${classNames.map(
          (name, index) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${parts.map(({ classCounts }) => {
                const count = classCounts[index] ?? 0;
                return html`<td class="score" style="--part:${percent(count / largest)}">
                  ${formatCount(count)}
                </td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function problemList(problems: readonly DataProblem[]): Content {
  if (problems.length === 0) return html`<p>No problem was found in the files.</p>`;
  const item = ({ file, problem }: DataProblem) => html`<li><code>${file}</code> ${problem}</li>`;
  const more = problems.slice(PROBLEMS_SHOWN, LARGEST_LIST);
  const unlisted = problems.length - PROBLEMS_SHOWN - more.length;
  return html`<h3>Problems</h3>
    <p>${countOf(problems.length, "file")} with a problem:</p>
    <ul class="problems">
      ${problems.slice(0, PROBLEMS_SHOWN).map(item)}
    </ul>
    ${
      more.length > 0 &&
      html`<details>
        <summary>${countOf(more.length, "more file")}</summary>
        <ul class="problems">
          ${more.map(item)}
        </ul>
        ${unlisted > 0 && html`<p class="note">and ${formatCount(unlisted)} more, not listed</p>`}
      </details>`
    }`;
}

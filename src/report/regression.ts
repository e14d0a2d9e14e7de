/** @file True and predicted numbers, one against the other. Browser-safe. */

import { linearAxis, rangeOf } from "./axis.ts";
import type { ExampleView } from "./example-views.ts";
import { formatNumber } from "./format.ts";
import { html, type Html } from "./html.ts";
import { dotPath, pointOf, plot } from "./plot.ts";
import type { OutputScores, RegressionEvaluation } from "./report-data.ts";

/** Above this number, points are drawn together and open nothing. */
const MOST_LINKS = 1000;

export function regressionScatter(
  { outputs }: RegressionEvaluation,
  views: readonly ExampleView[],
  unit: string,
): Html {
  return html`<h3>True and predicted</h3>
    <p class="note">Points on the line are exact${views.length > 0 && `; choose one to see its ${unit}`}.</p>
    <div class="charts">${outputs.map((output, index) => scatter(output, index, views, unit))}</div>`;
}

function scatter(output: OutputScores, index: number, views: readonly ExampleView[], example: string): Html {
  const { name, unit, meanAbsoluteError, baselineError } = output;
  const pairs = views.map(({ result }) => [result.truth[index], result.outputs[index]] as const);
  const range = rangeOf(pairs.flat());
  const x = linearAxis(`true${unit && `, ${unit}`}`, range, 5);
  const y = linearAxis(`predicted${unit && `, ${unit}`}`, range, 5);
  const inUnit = (value: number) => `${formatNumber(value)}${unit && ` ${unit}`}`;
  const points = pairs.map(([truth, guess]) => [x.position(truth), y.position(guess)] as const);
  return html`<figure class="chart square">
    <figcaption>
      <b>${name}</b> mean absolute error
      ${inUnit(meanAbsoluteError)}${
        baselineError !== undefined && ` (predicting the mean: ${inUnit(baselineError)})`
      }
    </figcaption>
    ${
      views.length > 0 &&
      plot({
        x,
        y,
        description: `${name}: predicted against true values of ${views.length} ${example}s`,
        drawing: html`<path class="diagonal" d="M${pointOf(0, 0)}L${pointOf(1, 1)}" />${
            views.length > MOST_LINKS
              ? html`<path class="dot validation" d="${dotPath(points)}" />`
              : points.map((point, i) => pointLink(views[i], point))
          }`,
      })
    }
  </figure>`;
}

function pointLink({ key, result, verdict }: ExampleView, point: readonly [number, number]): Html {
  const name = result.id;
  return html`<a
    href="#example-${key}"
    data-example="example-${key}"
    data-title="${name}"
    aria-label="${name}: ${verdict}"
    ><path class="dot validation" d="${dotPath([point])}"><title>${name}: ${verdict}</title></path></a
  >`;
}

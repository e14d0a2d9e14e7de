/** @file The results of one evaluation: figures, the most telling examples, and all others. Browser-safe. */

import type { ExampleCards } from "./card-budget.ts";
import { classScores, confusionMatrix } from "./classification.ts";
import { leastSure, worstMistakes } from "./example-order.ts";
import { cellGroup, namesOf, partKey, type ExampleGroup, type ExampleView } from "./example-views.ts";
import { countOf, formatCount } from "./format.ts";
import { html, type Content, type Html } from "./html.ts";
import { regressionScatter } from "./regression.ts";
import type { Evaluation } from "./report-data.ts";
import { tagScores } from "./tagging.ts";

export function evaluationSection(
  evaluation: Evaluation,
  views: readonly ExampleView[],
  cards: ExampleCards,
  unit: string,
): Html {
  const part = partKey(evaluation.name);
  return html`<section id="${part}">
    <h2>${titleOf(evaluation.name)}: ${countOf(evaluation.examples, unit)}${silentOf(evaluation)}</h2>
    ${figures(evaluation, views, unit)} ${views.length > 0 && exampleLists(evaluation, views, cards, unit)}
  </section>`;
}

function silentOf({ silent = 0 }: Evaluation): string {
  return silent > 0 ? `, ${formatCount(silent)} of them silent` : "";
}

/** "test" → "Test". */
export function titleOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function figures(evaluation: Evaluation, views: readonly ExampleView[], unit: string): Content {
  if (evaluation.task === "classification") {
    return [confusionMatrix(evaluation, views, unit), classScores(evaluation)];
  }
  return evaluation.task === "tagging"
    ? tagScores(evaluation, views, unit)
    : regressionScatter(evaluation, views, unit);
}

function exampleLists(
  evaluation: Evaluation,
  views: readonly ExampleView[],
  cards: ExampleCards,
  unit: string,
): Html {
  const part = partKey(evaluation.name);
  const isRegression = evaluation.task === "regression";
  const worst = worstMistakes(views);
  const unsure = leastSure(views);
  const shown = new Set([...worst, ...unsure]);
  return html`${cardList(
      isRegression ? "Largest errors" : "Worst mistakes",
      isRegression
        ? "Predictions with the largest error first."
        : "Wrong predictions with the highest probability first. A wrong label looks like this too.",
      worst,
      cards,
    )}
    ${
      !isRegression &&
      cardList(
        "Least certain correct predictions",
        "Correct predictions closest to being wrong first.",
        unsure,
        cards,
      )
    }
    <details class="all" id="${part}-examples">
      <summary>All other ${unit}s of the ${evaluation.name} data</summary>
      ${groupsOf(evaluation, views).map(({ group, members }) => groupSection(group, members, { cards, shown, unit }))}
    </details>`;
}

function cardList(title: string, note: string, views: readonly ExampleView[], cards: ExampleCards): Content {
  if (views.length === 0) return undefined;
  return html`<h3>${title}</h3>
    <p class="note">${note}</p>
    <div class="cards">${views.map(({ key }) => cards.get(key))}</div>`;
}

interface GroupMembers {
  readonly group: ExampleGroup;
  readonly members: readonly ExampleView[];
}

/** Every example in one group: the cells of a confusion matrix, mistakes first, or all in order of their weight. */
function groupsOf(evaluation: Evaluation, views: readonly ExampleView[]): GroupMembers[] {
  const part = partKey(evaluation.name);
  const byWeight = [...views].sort((a, b) => Number(b.isWrong) - Number(a.isWrong) || b.weight - a.weight);
  if (evaluation.task !== "classification") {
    return [{ group: { key: `${part}-all`, title: "All, worst first" }, members: byWeight }];
  }
  const names = namesOf(evaluation);
  const cells = names.flatMap((_, truth) => names.map((_, guess) => [truth, guess] as const));
  const byKey = new Map<string, ExampleView[]>();
  for (const view of byWeight) {
    const [{ key }] = view.groups;
    const members = byKey.get(key);
    if (members) members.push(view);
    else byKey.set(key, [view]);
  }
  return cells
    .sort((a, b) => Number(a[0] === a[1]) - Number(b[0] === b[1]))
    .map(([truth, guess]) => cellGroup(part, names, truth, guess))
    .flatMap((group) => {
      const members = byKey.get(group.key);
      return members ? [{ group, members }] : [];
    });
}

interface ShownExamples {
  readonly cards: ExampleCards;
  /** Those that are shown above. */
  readonly shown: ReadonlySet<ExampleView>;
  readonly unit: string;
}

/** An example that is shown above already is only named. */
function groupSection(
  { key, title }: ExampleGroup,
  members: readonly ExampleView[],
  { cards, shown, unit }: ShownExamples,
): Html {
  const above = members.filter((view) => shown.has(view));
  const here = members.filter((view) => !shown.has(view));
  const listed = here.flatMap((view) => cards.get(view.key) ?? []);
  const missing = here.length - listed.length;
  return html`<section class="group" id="${key}">
    <h4>${title}: ${countOf(members.length, unit)}</h4>
    ${
      above.length > 0 &&
      html`<p class="note">
        Shown above:
        ${above.map((view, i) => html`${i > 0 && ", "}<a href="#example-${view.key}">${view.result.id}</a>`)}
      </p>`
    }
    <div class="cards">${listed}</div>
    ${missing > 0 && html`<p class="note">and ${formatCount(missing)} more, not listed</p>`}
  </section>`;
}

/** @file Scores by class, and the confusion matrix whose cells open their examples. Browser-safe. */

import { cellGroup, namesOf, partKey, type ExampleView } from "./example-views.ts";
import { countOf, formatCount, formatScore } from "./format.ts";
import { html, type Content, type Html } from "./html.ts";
import { pictureUri, thumbnail } from "./picture-image.ts";
import { percent } from "./plot.ts";
import type { ClassificationEvaluation, PicturePreview } from "./report-data.ts";
import { scrollable } from "./tables.ts";

/** With more classes than this, the most frequent mistakes are listed instead. */
const LARGEST_MATRIX = 60;

/** How many kinds of mistakes are listed then. */
const MISTAKES = 40;

export function classScores(evaluation: ClassificationEvaluation): Html {
  const { classes, confusionMatrix: counts, macroF1, examples } = evaluation;
  // As macro-F1: nothing is known of a class that is neither a label nor a prediction of any example.
  const occurring = classes.filter(({ support }, c) => support > 0 || counts.some((row) => row[c] > 0));
  const mean = (key: "precision" | "recall") =>
    occurring.reduce((sum, scores) => sum + scores[key], 0) / occurring.length;
  return html`<h3>By class</h3>
    ${scrollable(
      "Scores by class",
      html`<table class="scores">
        <thead>
          <tr>
            <th scope="col">class</th>
            <th scope="col">precision</th>
            <th scope="col">recall</th>
            <th scope="col">F1</th>
            <th scope="col">support</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            ({ name, precision, recall, f1, support }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${[precision, recall, f1].map(scoreCell)}
                <td>${formatCount(support)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">macro mean</th>
            ${[mean("precision"), mean("recall"), macroF1].map(scoreCell)}
            <td>${formatCount(examples)}</td>
          </tr>
        </tfoot>
      </table>`,
    )}`;
}

/** A number 0 … 1 with a bar as long. */
export function scoreCell(score: number | null): Html {
  return html`<td class="score" style="--part:${percent(score ?? 0)}">${formatScore(score)}</td>`;
}

/** Up to so many classes, cells have room for a picture. */
const MOST_PICTURED = 12;

/**
 * The confusion matrix, or the most frequent mistakes.
 * @param views the examples, in each cell the most telling of its pictures; none: there is nothing to open
 */
export function confusionMatrix(
  evaluation: ClassificationEvaluation,
  views: readonly ExampleView[],
  unit: string,
): Html {
  const names = namesOf(evaluation);
  const isSmall = names.length <= LARGEST_MATRIX;
  const hasExamples = views.length > 0;
  const pictures = names.length <= MOST_PICTURED ? cellPictures(views) : new Map<string, PicturePreview>();
  const opening: Opening = { hasExamples, unit, pictures };
  return html`<h3>Confusion matrix</h3>
    <p class="note">
      ${isSmall ? "Rows are the true classes, columns the predicted ones." : "The most frequent mistakes."}
      ${hasExamples && `Choose a number to see the ${unit}s behind it.`}
    </p>
    ${isSmall ? matrixTable(evaluation, names, opening) : mistakeTable(evaluation, names, opening)}`;
}

/** The examples behind the numbers. */
interface Opening {
  readonly hasExamples: boolean;
  /** "clip", "image". */
  readonly unit: string;
  /** By the keys of their groups. */
  readonly pictures: ReadonlyMap<string, PicturePreview>;
}

interface Cell {
  readonly truth: number;
  readonly guess: number;
  readonly count: number;
}

/** The picture of each cell that has one: of its mistakes, or right answers, that of the greatest probability. */
function cellPictures(views: readonly ExampleView[]): Map<string, PicturePreview> {
  const pictures = new Map<string, PicturePreview>();
  for (const { result, groups } of [...views].sort((a, b) => b.weight - a.weight)) {
    const picture = result.preview?.picture;
    for (const { key } of picture ? groups : []) {
      if (picture && !pictures.has(key)) pictures.set(key, picture);
    }
  }
  return pictures;
}

function matrixTable(evaluation: ClassificationEvaluation, names: readonly string[], opening: Opening): Html {
  const part = partKey(evaluation.name);
  const row = (counts: readonly number[], truth: number) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return html`<tr>
      <th scope="row" title="${names[truth]}"><span>${names[truth]}</span></th>
      ${counts.map((count, guess) => {
        if (count === 0) return html`<td class="none">0</td>`;
        const share = count / total;
        const look = `${truth === guess ? "hit" : "miss"}${share > 0.55 ? " strong" : ""}`;
        // The least share is still seen.
        const style = `--share:${percent(0.12 + 0.88 * share)}`;
        return html`<td class="${look}" style="${style}">
          ${cellLink(part, names, { truth, guess, count }, opening)}
        </td>`;
      })}
    </tr>`;
  };
  return scrollable(
    "Confusion matrix",
    html`<table class="matrix${names.length > 20 && " dense"}">
      <thead>
        <tr>
          <td class="corner">true ↓ predicted →</td>
          ${names.map((name) => html`<th scope="col" title="${name}"><span>${name}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${evaluation.confusionMatrix.map(row)}
      </tbody>
    </table>`,
  );
}

function cellLink(
  part: string,
  names: readonly string[],
  { truth, guess, count }: Cell,
  { hasExamples, unit, pictures }: Opening,
): Content {
  if (!hasExamples) return formatCount(count);
  const { key, title } = cellGroup(part, names, truth, guess);
  const picture = pictures.get(key);
  return html`<a
    href="#${key}"
    data-group="${key}"
    data-title="${title}"
    aria-label="${title}: ${countOf(count, unit)}"
    >${picture && html`<img src="${pictureUri(thumbnail(picture))}" alt="" />`}${formatCount(count)}</a
  >`;
}

function mistakeTable(
  evaluation: ClassificationEvaluation,
  names: readonly string[],
  opening: Opening,
): Html {
  const part = partKey(evaluation.name);
  const mistakes = evaluation.confusionMatrix
    .flatMap((row, truth) => row.map((count, guess) => ({ truth, guess, count })))
    .filter(({ truth, guess, count }) => truth !== guess && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.guess - b.guess)
    .slice(0, MISTAKES);
  return scrollable(
    "The most frequent mistakes",
    html`<table>
      <thead>
        <tr>
          <th scope="col">true class</th>
          <th scope="col" class="text">predicted</th>
          <th scope="col">${opening.unit}s</th>
        </tr>
      </thead>
      <tbody>
        ${mistakes.map(
          ({ truth, guess, count }) =>
            html`<tr>
              <th scope="row">${names[truth]}</th>
              <td class="text">${names[guess]}</td>
              <td>${cellLink(part, names, { truth, guess, count }, opening)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

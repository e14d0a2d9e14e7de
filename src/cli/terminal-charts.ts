/** @file A confusion matrix for the terminal, or the most frequent mistakes where it would be too wide. */

import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { displayWidth, formatCount, formatTable, padEnd, padStart, printable, shorten } from "./text.ts";

/** Least and most characters of a column's heading that is a name. */
const HEADING = { least: 3, most: 12 } as const;

/** Characters that the names of the rows get at least, if they are so long. */
const LEAST_LABEL = 8;
const USUAL_LABEL = 16;

/** How many kinds of mistakes are listed where the matrix is too wide. */
const MISTAKES = 10;

/**
 * Rows are the true classes and columns the predicted ones. Columns have their classes' names where these can be told
 * apart in the room there is, otherwise their numbers, which then stand before the rows' names too.
 * @returns lines
 * @param matrix row = true class, column = predicted class, entry = number of examples
 */
export function formatConfusionMatrix(
  matrix: readonly (readonly number[])[],
  classNames: readonly string[],
  stream: TextStream,
): string[] {
  const names = classNames.map(printable);
  const width = widthOf(stream);
  const digits = Math.max(...matrix.flat().map((count) => String(count).length));
  const headings = namedColumns(names, digits, width) ?? numberedColumns(names, digits, width);
  if (!headings) return formatMistakes(matrix, names);
  const { bold, dim } = colorsOf(stream);
  const { columns, rows, columnWidth } = headings;
  const labelWidth = Math.max(...rows.map(displayWidth));
  const lines = matrix.map((counts, truth) => {
    const cells = counts.map((count, guess) => {
      const cell = padStart(count === 0 ? "·" : String(count), columnWidth);
      if (truth === guess) return bold(cell);
      return count === 0 ? dim(cell) : cell;
    });
    return padEnd(rows[truth], labelWidth) + cells.join("");
  });
  return [
    "Confusion matrix: rows are the true classes, columns the predicted ones",
    " ".repeat(labelWidth) + columns.map((name) => padStart(name, columnWidth)).join(""),
    ...lines,
  ];
}

interface Headings {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** With the space before. */
  readonly columnWidth: number;
}

function namedColumns(names: readonly string[], digits: number, width: number): Headings | undefined {
  const longest = Math.max(...names.map(displayWidth));
  const labelWidth = Math.min(longest, USUAL_LABEL);
  const heading = Math.min(longest, HEADING.most, Math.floor((width - labelWidth) / names.length) - 1);
  if (heading < Math.min(longest, HEADING.least) || heading < digits) return undefined;
  const columns = names.map((name) => shorten(name, heading));
  if (new Set(columns).size < names.length) return undefined;
  const room = Math.min(longest, width - names.length * (heading + 1));
  return { columns, rows: names.map((name) => shorten(name, room)), columnWidth: heading + 1 };
}

function numberedColumns(names: readonly string[], digits: number, width: number): Headings | undefined {
  const numberWidth = String(names.length - 1).length;
  const columnWidth = Math.max(digits, numberWidth) + 1;
  const room = width - numberWidth - 1 - names.length * columnWidth;
  if (room < LEAST_LABEL) return undefined;
  return {
    columns: names.map((_, c) => String(c)),
    rows: names.map((name, c) => `${padStart(String(c), numberWidth)} ${shorten(name, room)}`),
    columnWidth,
  };
}

function formatMistakes(matrix: readonly (readonly number[])[], names: readonly string[]): string[] {
  const mistakes = matrix
    .flatMap((row, truth) => row.map((count, guess) => ({ truth, guess, count })))
    .filter(({ truth, guess, count }) => truth !== guess && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.guess - b.guess)
    .slice(0, MISTAKES);
  const name = (index: number) => shorten(names[index], 28);
  return [
    "The most frequent mistakes (the whole confusion matrix is in result.json)",
    ...formatTable(
      [
        ["true class", "predicted", "examples"],
        ...mistakes.map(({ truth, guess, count }) => [name(truth), name(guess), formatCount(count)]),
      ],
      "ll",
    ),
  ];
}

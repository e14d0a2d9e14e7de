/** @file Loss and accuracy by epoch as curves of characters, which also tell the curves apart without colours. */

import type { EpochMetrics } from "../runs/index.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { displayWidth, padEnd, padStart } from "./text.ts";

/** Lines of a plot, without title and axis. */
const ROWS = 11;

/** Between two plots side by side. */
const GAP = 3;

/** Below this width, plots stand one below the other. */
const LEAST_WIDTH_FOR_TWO = 64;

/** Characters of the values beside a plot. */
const LABEL_WIDTH = 6;

interface Plot {
  readonly title: string;
  /** Drawn as dots, below the other. */
  readonly training: readonly (number | null)[];
  /** Drawn as a line; all null where nothing is held out. */
  readonly validation: readonly (number | null)[];
}

/**
 * Curves of loss and accuracy (of loss alone, where there is no accuracy): dots for training, a line for validation,
 * and a mark below the best epoch. No lines for fewer than two epochs, which make no curve.
 */
export function formatCurves(
  history: readonly EpochMetrics[],
  bestEpoch: number | null,
  stream: TextStream,
): string[] {
  if (history.length < 2) return [];
  const plots: Plot[] = [
    {
      title: "Loss",
      training: history.map(({ loss }) => loss),
      validation: history.map(({ validationLoss }) => validationLoss),
    },
    {
      title: "Accuracy",
      training: history.map(({ accuracy }) => accuracy),
      validation: history.map(({ validationAccuracy }) => validationAccuracy),
    },
  ];
  const drawn = plots.filter((plot) => finite([...plot.training, ...plot.validation]).length > 0);
  const width = widthOf(stream);
  const isPair = drawn.length === 2 && width >= LEAST_WIDTH_FOR_TWO;
  const plotWidth = isPair ? Math.floor((width - GAP) / 2) : Math.min(width, 2 * LEAST_WIDTH_FOR_TWO);
  const best = bestEpoch === null ? -1 : history.findIndex(({ epoch }) => epoch === bestEpoch);
  const blocks = drawn.map((plot) => formatPlot(plot, history, best, plotWidth, stream));
  if (!isPair) return blocks.flatMap((lines, i) => [...(i > 0 ? [""] : []), ...lines.map(joined)]);
  const [left, right] = blocks;
  return left.map((line, i) => `${padded(line, plotWidth + GAP)}${joined(right[i])}`.trimEnd());
}

/** A line in pieces, as colours add characters that take no room. */
type Line = readonly { readonly text: string; readonly color?: (text: string) => string }[];

function joined(line: Line): string {
  return line
    .map(({ text, color }) => (color ? color(text) : text))
    .join("")
    .trimEnd();
}

function padded(line: Line, width: number): string {
  const text = line.map((piece) => (piece.color ? piece.color(piece.text) : piece.text)).join("");
  return text + " ".repeat(width - lengthOf(line));
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

function formatPlot(
  { title, training, validation }: Plot,
  history: readonly EpochMetrics[],
  best: number,
  width: number,
  stream: TextStream,
): Line[] {
  const { bold, cyan, yellow, dim } = colorsOf(stream);
  const columns = width - LABEL_WIDTH - 2;
  const values = finite([...training, ...validation]);
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const rowsOf = (series: readonly (number | null)[]) =>
    resample(series, columns).map((value) =>
      value === null ? null : Math.round((max > min ? (max - value) / (max - min) : 0.5) * (ROWS - 1)),
    );
  const dots = drawDots(rowsOf(training), columns);
  const line = drawLine(rowsOf(validation), columns);
  const hasLine = finite(validation).length > 0;
  const rows = Array.from({ length: ROWS }, (_, row): Line => {
    const label = row % ((ROWS - 1) / 2) === 0 ? formatLabel(max - (row / (ROWS - 1)) * (max - min)) : "";
    const cells = Array.from({ length: columns }, (_, column) => {
      if (line[row][column] !== " ") return { text: line[row][column], color: cyan };
      return dots[row][column] === " " ? { text: " " } : { text: dots[row][column], color: yellow };
    });
    return [{ text: `${padStart(label, LABEL_WIDTH)} ${label ? "┤" : "│"}`, color: dim }, ...cells];
  });
  const legend = [
    { text: title, color: bold },
    { text: "  " },
    { text: "· training", color: yellow },
    ...(hasLine ? [{ text: "  " }, { text: "─ validation", color: cyan }] : []),
  ];
  const indent = Math.max(0, Math.min(LABEL_WIDTH + 2, width - lengthOf(legend)));
  return [
    [{ text: " ".repeat(indent) }, ...legend],
    ...rows,
    ...axisLines(history, best, columns).map((text) => [{ text, color: dim }]),
  ];
}

/** The line below a plot with a mark at the best epoch, and the epochs below it. */
function axisLines(history: readonly EpochMetrics[], best: number, columns: number): string[] {
  const marks = Array.from({ length: columns }, () => "─");
  const column = Math.round((best / (history.length - 1)) * (columns - 1));
  if (best >= 0) marks[column] = "▲";
  const first = `epoch ${history[0].epoch}`;
  const last = String(history[history.length - 1].epoch);
  const text = best < 0 ? "" : `best ${history[best].epoch}`;
  // Below its mark, but not over the words at either end; left out where there is no room.
  const room = columns - first.length - last.length - 4;
  const start = Math.max(0, Math.min(room - text.length, column - first.length - 2 - (text.length >> 1)));
  const middle = text.length <= room ? padEnd(" ".repeat(start) + text, room) : " ".repeat(Math.max(0, room));
  const indent = " ".repeat(LABEL_WIDTH + 1);
  return [`${indent}└${marks.join("")}`, `${indent} ${first}  ${middle}  ${last}`];
}

function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

/** Values at equal distances from the first to the last, by linear interpolation; null beside a value that is none. */
function resample(values: readonly (number | null)[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, i) => {
    const position = (i / (count - 1)) * (values.length - 1);
    const [before, after] = [values[Math.floor(position)], values[Math.ceil(position)]];
    if (before === null || after === null) return null;
    const value = before + (position % 1) * (after - before);
    return Number.isFinite(value) ? value : null;
  });
}

function emptyCanvas(columns: number): string[][] {
  return Array.from({ length: ROWS }, () => Array.from({ length: columns }, () => " "));
}

function drawDots(rows: readonly (number | null)[], columns: number): string[][] {
  const canvas = emptyCanvas(columns);
  rows.forEach((row, column) => {
    if (row !== null) canvas[row][column] = "·";
  });
  return canvas;
}

/** Row 0 is the top one. A line turns in the column in which it leaves its row. */
function drawLine(rows: readonly (number | null)[], columns: number): string[][] {
  const canvas = emptyCanvas(columns);
  rows.forEach((row, column) => {
    if (row === null) return;
    const next = rows[column + 1] ?? row;
    if (next === row) {
      canvas[row][column] = "─";
      return;
    }
    const isFalling = next > row;
    canvas[row][column] = isFalling ? "╮" : "╯";
    canvas[next][column] = isFalling ? "╰" : "╭";
    for (let between = Math.min(row, next) + 1; between < Math.max(row, next); between++) {
      canvas[between][column] = "│";
    }
  });
  return canvas;
}

/** A value in {@link LABEL_WIDTH} characters. */
function formatLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000 || (size > 0 && size < 0.001)) return value.toExponential(0).replace("e+", "e");
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

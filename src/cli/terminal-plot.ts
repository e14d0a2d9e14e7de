/** @file Series of numbers as a plot of characters, which also tell the series apart without colours. */

import { colorsOf, type TextStream } from "./terminal.ts";
import { displayWidth, padEnd, padStart } from "./text.ts";

/** Lines of a plot, without title and axis. */
const ROWS = 11;

/** Characters of the values beside a plot. */
const LABEL_WIDTH = 6;

/** Characters before the columns of a plot. */
export const PLOT_INDENT = LABEL_WIDTH + 2;

type Paint = (text: string) => string;

/** Values at equal distances. */
export interface Series {
  /** Shown in the legend; printable. */
  readonly name: string;
  /** null and values that are not finite leave a gap. */
  readonly values: readonly (number | null)[];
  /** "line", or the character that marks a value. */
  readonly mark: string;
  readonly color: Paint;
}

export interface Plot {
  /** Empty: none. */
  readonly title: string;
  readonly series: readonly Series[];
  /** The end of the list that is drawn over the others. Default "last". */
  readonly top?: "first" | "last";
  /** The lines below the columns. */
  readonly axis: (columns: number) => readonly string[];
}

/** A line in pieces, as colours add characters that take no room. */
export type Line = readonly { readonly text: string; readonly color?: Paint }[];

export function joined(line: Line): string {
  return painted(line).trimEnd();
}

/** A line with blanks up to a width. */
export function padded(line: Line, width: number): string {
  return painted(line) + " ".repeat(width - lengthOf(line));
}

function painted(line: Line): string {
  return line.map(({ text, color }) => (color ? color(text) : text)).join("");
}

function lengthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** Draws series on one scale: title and legend, values with their scale, axis. @param width in characters, of all of it */
export function formatPlot({ title, series, axis, top }: Plot, width: number, stream: TextStream): Line[] {
  const { bold, dim } = colorsOf(stream);
  const columns = width - PLOT_INDENT;
  const values = finite(series.flatMap((one) => one.values));
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const layers = series.map((one) => {
    const rows = resample(one.values, columns).map((value) =>
      value === null ? null : Math.round((max > min ? (max - value) / (max - min) : 0.5) * (ROWS - 1)),
    );
    return { color: one.color, canvas: one.mark === "line" ? drawLine(rows) : drawMarks(rows, one.mark) };
  });
  const lines = Array.from({ length: ROWS }, (_, row): Line => {
    const label = row % ((ROWS - 1) / 2) === 0 ? formatLabel(max - (row / (ROWS - 1)) * (max - min)) : "";
    const cells = Array.from({ length: columns }, (_, column) => {
      const isDrawn = ({ canvas }: (typeof layers)[number]) => canvas[row][column] !== " ";
      const shown = top === "first" ? layers.find(isDrawn) : layers.findLast(isDrawn);
      return shown ? { text: shown.canvas[row][column], color: shown.color } : { text: " " };
    });
    return [{ text: `${padStart(label, LABEL_WIDTH)} ${label ? "┤" : "│"}`, color: dim }, ...cells];
  });
  const below = axis(columns).map((text): Line => [{ text, color: dim }]);
  return [...legend(title, series, width, bold), ...lines, ...below];
}

/** Title and names, on as many lines as they need. */
function legend(title: string, series: readonly Series[], width: number, bold: Paint): Line[] {
  const entries = [
    ...(title === "" ? [] : [{ text: title, color: bold }]),
    ...series
      .filter(({ values }) => finite(values).length > 0)
      .map(({ name, mark, color }) => ({ text: `${mark === "line" ? "─" : mark} ${name}`, color })),
  ];
  const lines: { text: string; color?: Paint }[][] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last && lengthOf(last) + 2 + displayWidth(entry.text) <= width) last.push({ text: "  " }, entry);
    else lines.push([entry]);
  }
  return lines.map((line) => {
    const indent = Math.max(0, Math.min(PLOT_INDENT, width - lengthOf(line)));
    return [{ text: " ".repeat(indent) }, ...line];
  });
}

/** A place on the horizontal axis. */
export interface AxisMark {
  /** 0 at the first column, 1 at the last. */
  readonly position: number;
  /** The words below it. */
  readonly text: string;
}

/** An axis with words at both ends and below a mark. */
export function axisWith(
  first: string,
  last: string,
  mark?: AxisMark,
): (columns: number) => readonly string[] {
  return (columns) => {
    const line = Array.from({ length: columns }, () => "─");
    const column = Math.round((mark?.position ?? 0) * (columns - 1));
    if (mark) line[column] = "▲";
    const text = mark?.text ?? "";
    // Below its mark, but not over the words at either end; left out where there is no room.
    const room = columns - displayWidth(first) - displayWidth(last) - 4;
    const start = Math.max(0, Math.min(room - text.length, column - first.length - 2 - (text.length >> 1)));
    const middle = text.length <= room ? " ".repeat(start) + text : "";
    const indent = " ".repeat(PLOT_INDENT - 1);
    return [
      `${indent}└${line.join("")}`,
      `${indent} ${first}  ${padEnd(middle, Math.max(0, room))}  ${last}`,
    ];
  };
}

/** The finite ones among values. */
export function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

/** Values at equal distances from the first to the last, by linear interpolation; null beside a value that is none. */
function resample(values: readonly (number | null)[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, i) => {
    const position = count === 1 ? 0 : (i / (count - 1)) * (values.length - 1);
    const [before, after] = [values[Math.floor(position)] ?? null, values[Math.ceil(position)] ?? null];
    if (before === null || after === null) return null;
    const value = before + (position % 1) * (after - before);
    return Number.isFinite(value) ? value : null;
  });
}

function emptyCanvas(columns: number): string[][] {
  return Array.from({ length: ROWS }, () => Array.from({ length: columns }, () => " "));
}

function drawMarks(rows: readonly (number | null)[], mark: string): string[][] {
  const canvas = emptyCanvas(rows.length);
  rows.forEach((row, column) => {
    if (row !== null) canvas[row][column] = mark;
  });
  return canvas;
}

/** Row 0 is the top one. A line turns in the column in which it leaves its row. */
function drawLine(rows: readonly (number | null)[]): string[][] {
  const canvas = emptyCanvas(rows.length);
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

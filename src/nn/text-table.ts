/** @file A table in plain text: columns as wide as their contents, numbers to the right. */

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** The least room of the first column, whose longer entries stand on lines of their own. */
const LEAST_FIRST = 12;

/**
 * Rows of text under titles, two spaces between columns. Where a row would be wider than `width`, the first column
 * gives way: a long entry then stands on a line of its own above its row.
 * @param notes by row: a line below it, if there is one
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  notes: readonly (string | undefined)[] = [],
): string[] {
  const widths = widthsOf(columns, rows);
  const others = total(widths.slice(1));
  const shortest = Math.max(columns[0].title.length, LEAST_FIRST);
  widths[0] = Math.min(widths[0], Math.max(shortest, width - others));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i].align === "right" ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const lines = rows.flatMap((row, i) => {
    const shown = row[0].length > widths[0] ? [cut(row[0], width), line(["", ...row.slice(1)])] : [line(row)];
    const note = notes[i];
    return note === undefined ? shown : [...shown, cut(note, width)];
  });
  const rule = "─".repeat(widths[0] + others);
  return [line(columns.map(({ title }) => title)), rule, ...lines, rule];
}

/** Whether each row fits into one line of `width` characters. */
export function fitsTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): boolean {
  const [first, ...others] = widthsOf(columns, rows);
  return first + total(others) <= width;
}

function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
}

/** The total width of columns after the first, with the spaces before them. */
function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + 2 + one, 0);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

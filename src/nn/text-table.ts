/** @file A table in plain text: columns as wide as their contents, numbers to the right. */

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/**
 * Rows of text under titles, two spaces between columns. Where a row would be wider than `width`, the first column
 * gives way: a long entry then stands on a line of its own above its row.
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const others = widths.slice(1).reduce((total, one) => total + 2 + one, 0);
  const shortest = Math.max(columns[0].title.length, 12);
  widths[0] = Math.min(widths[0], Math.max(shortest, width - others));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i].align === "right" ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const lines = rows.flatMap((row) =>
    row[0].length > widths[0] ? [row[0], line(["", ...row.slice(1)])] : [line(row)],
  );
  const rule = "─".repeat(widths[0] + others);
  return [line(columns.map(({ title }) => title)), rule, ...lines, rule];
}

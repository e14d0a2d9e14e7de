/** @file Text for the terminal: tables, bars, numbers and times in words. Widths are counted in cells of a terminal. */

import stringWidth from "string-width";

/** Splits text into what a reader takes for single characters: an emoji of several code points is one. */
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** How many cells of a terminal a text takes: two for an emoji or an ideograph, none for an accent or for colours. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/**
 * A name from outside, such as a file's, in one line and as nothing but text. Control characters, which could move the
 * cursor or colour what follows, and those that turn the direction of writing are written as in JSON: "\n", "\u001b".
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : escaped;
  });
}

/** The same for a message of several lines. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** Cuts a text that is too long and marks the cut. */
export function shorten(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${fitting(charactersOf(text), width - 1).join("")}…`;
}

/** Cuts the beginning of a text that is too long: the end of a path tells more. */
export function shortenStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  return `…${fitting(charactersOf(text).reverse(), width - 1)
    .reverse()
    .join("")}`;
}

function charactersOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** As many of the characters, from the first on, as fit into `width` cells. */
function fitting(characters: readonly string[], width: number): string[] {
  let taken = 0;
  const end = characters.findIndex((character) => (taken += displayWidth(character)) > width);
  return characters.slice(0, end < 0 ? characters.length : end);
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - displayWidth(text))) + text;
}

/**
 * Lines of a table: columns two spaces apart, the first aligned left, the others as `align` says ("l" or "r", by
 * column; default right).
 */
export function formatTable(rows: readonly (readonly string[])[], align = "l"): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (align[column] === "l" ? padEnd : padStart)(cell, widths[column]))
      .join("  ")
      .trimEnd(),
  );
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A horizontal bar for a part of a whole, 0 … 1, exact to an eighth of a character; padded to `width`. */
export function formatBar(part: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, part)) * width * 8);
  return padEnd("█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8], width);
}

/** As many words a line as fit into `width`; a longer word has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** 60000 → "60,000". */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** "1.2 GB", "31 MB", "5 KB", "417 bytes". */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e10) return `${(bytes / 1e9).toFixed(0)} GB`;
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${Math.round(bytes / 1e6)} MB`;
  if (bytes >= 1e3) return `${Math.round(bytes / 1e3)} KB`;
  return `${bytes} bytes`;
}

/** Seconds as "4.2 s", "1:07 min" or "2:05:00 h". */
export function formatDuration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)} h`;
}

/** 0.8763 → "87.63 %". */
export function formatPercent(part: number, digits = 2): string {
  return `${(100 * part).toFixed(digits)} %`;
}

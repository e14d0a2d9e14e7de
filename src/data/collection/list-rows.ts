/** @file The rows of a list of files, whatever its format: CSV, TSV, JSON or JSON lines. Browser-safe. */

import { CsvError, parse } from "#here/io/csv";
import { extname } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { readListText, type ListedMedium } from "./list-text.ts";

export interface ListRow {
  /** For messages: "line 7" or "entry 7". */
  readonly where: string;
  /** By column, in lower case. */
  readonly values: ReadonlyMap<string, unknown>;
}

const LIST_EXTENSIONS = [".csv", ".tsv", ".json", ".jsonl"];

export function hasListExtension(name: string): boolean {
  return LIST_EXTENSIONS.includes(extname(name).toLowerCase());
}

/** How the column with the files' paths may be called. */
export const PATH_COLUMNS: readonly string[] = ["path", "file", "file_name", "filename"];

/** @throws AuricleError "file" or "data" naming the line that cannot be understood. */
export async function readListRows(path: string, medium: ListedMedium): Promise<ListRow[]> {
  const text = await readListText(path, medium);
  switch (extname(path).toLowerCase()) {
    case ".json":
      return jsonRows(path, text);
    case ".jsonl":
      return jsonLineRows(path, text);
    case ".tsv":
      return csvRows(path, text, "\t");
    default:
      return csvRows(path, text, ",");
  }
}

/** The column delimiters that are recognized. Spreadsheets write semicolons in locales with a decimal comma. */
const DELIMITERS = [",", ";", "\t", "|"];

/** Excel may name the separator of the columns in the first line. */
const DELIMITER_LINE = /^sep=(.)(?=\r?\n|\r)/i;

/**
 * The delimiter that makes one of the first line's columns that of the paths, and the most columns; `usual` where none
 * does.
 */
function delimiterOf(text: string, usual: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const columns = (delimiter: string) =>
    header.split(delimiter).map((cell) =>
      cell
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .toLowerCase(),
    );
  const counts = [usual, ...DELIMITERS].map((delimiter) => {
    const cells = columns(delimiter);
    return { delimiter, cells: cells.some((cell) => PATH_COLUMNS.includes(cell)) ? cells.length : 0 };
  });
  return counts.reduce((best, one) => (one.cells > best.cells ? one : best)).delimiter;
}

function csvRows(path: string, text: string, usual: string): ListRow[] {
  const said = DELIMITER_LINE.exec(text);
  // An empty line in its place keeps the numbers of the lines.
  const table = said ? text.slice(said[0].length) : text;
  const delimiter = said ? said[1] : delimiterOf(text, usual);
  let columns: string[] | undefined;
  const rows: ListRow[] = [];
  try {
    parse(table, {
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      on_record: (record, { lines }) => {
        if (columns === undefined) columns = record.map((column) => column.toLowerCase());
        else rows.push(csvRow(path, columns, record, lines, delimiter));
        return null;
      },
    });
  } catch (cause) {
    if (cause instanceof AuricleError) throw cause;
    const line = cause instanceof CsvError && typeof cause.lines === "number" ? `line ${cause.lines}: ` : "";
    throw new AuricleError("data", `${path}: ${line}${messageOf(cause)}`, { cause });
  }
  if (columns !== undefined) return rows;
  throw new AuricleError("data", `${path}: it is empty; its first line must name the columns`);
}

function csvRow(
  path: string,
  columns: readonly string[],
  record: readonly string[],
  line: number,
  delimiter: string,
): ListRow {
  if (record.length !== columns.length) {
    throw new AuricleError(
      "data",
      `${path}: line ${line}: it has ${record.length} columns, the first line ${columns.length}` +
        (record.length > columns.length
          ? `; a cell that holds ${JSON.stringify(delimiter)}, as a number with a decimal comma does, must be in quotes`
          : ""),
    );
  }
  return {
    where: `line ${line}`,
    values: new Map(columns.map((column, i): [string, unknown] => [column, record[i]])),
  };
}

function jsonRows(path: string, text: string): ListRow[] {
  const entries = parseJson(path, text, "");
  if (!Array.isArray(entries)) {
    throw new AuricleError("data", `${path}: it must be an array of objects such as {"path": …, "label": …}`);
  }
  return entries.map((entry: unknown, i) => jsonRow(path, entry, `entry ${i + 1}`));
}

function jsonLineRows(path: string, text: string): ListRow[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const where = `line ${i + 1}`;
    return line.trim() === "" ? [] : [jsonRow(path, parseJson(path, line, `${where}: `), where)];
  });
}

function parseJson(path: string, text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AuricleError("data", `${path}: ${where}${messageOf(cause)}`, { cause });
  }
}

function jsonRow(path: string, entry: unknown, where: string): ListRow {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw new AuricleError("data", `${path}: ${where}: it must be an object such as {"path": …, "label": …}`);
  }
  return {
    where,
    values: new Map(
      Object.entries(entry).map(([key, value]: [string, unknown]) => [key.toLowerCase(), value]),
    ),
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

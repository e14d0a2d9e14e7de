/** @file The rows of a list of recordings, whatever its format: CSV, TSV, JSON or JSON lines. Node only. */

import { extname } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { AuricleError } from "../../errors.ts";
import { readFileBytes } from "../../io/atomic-file.ts";

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

/** @throws AuricleError "file" or "data" naming the line that cannot be understood. */
export async function readListRows(path: string): Promise<ListRow[]> {
  const bytes = await readFileBytes(path);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AuricleError("data", `${path}: it must be text in UTF-8; save it so`, { cause });
  }
  switch (extname(path).toLowerCase()) {
    case ".json":
      return jsonRows(path, text);
    case ".jsonl":
      return jsonLineRows(path, text);
    case ".tsv":
      return csvRows(path, text, "\t");
    default:
      return csvRows(path, text, commaOf(text));
  }
}

/** What separates the columns: where spreadsheets use the comma in numbers, they write semicolons between columns. */
function commaOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  return !header.includes(",") && header.includes(";") ? ";" : ",";
}

function csvRows(path: string, text: string, delimiter: string): ListRow[] {
  let columns: string[] | undefined;
  const rows: ListRow[] = [];
  try {
    parse(text, {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (record, { lines }) => {
        if (columns === undefined) columns = record.map((column) => column.toLowerCase());
        else {
          const entries = columns.map((column, i): [string, unknown] => [column, record[i]]);
          rows.push({ where: `line ${lines}`, values: new Map(entries) });
        }
        return null;
      },
    });
  } catch (cause) {
    const line = cause instanceof CsvError && typeof cause.lines === "number" ? `line ${cause.lines}: ` : "";
    throw new AuricleError("data", `${path}: ${line}${messageOf(cause)}`, { cause });
  }
  if (columns !== undefined) return rows;
  throw new AuricleError("data", `${path}: it is empty; its first line must name the columns`);
}

function jsonRows(path: string, text: string): ListRow[] {
  const entries = parseJson(path, text, "");
  if (!Array.isArray(entries)) {
    throw new AuricleError("data", `${path}: it must be an array of objects such as {"path": …, "label": …}`);
  }
  return entries.map((entry: unknown, i) => jsonRow(path, entry, `entry ${i + 1}`));
}

function jsonLineRows(path: string, text: string): ListRow[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
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

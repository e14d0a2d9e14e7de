/** @file A list of recordings with their labels. Node only. */

import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AuricleError } from "../../errors.ts";
import { errorCode, fileError } from "../../io/atomic-file.ts";
import { checkAudioFiles, isHidden } from "./files.ts";
import { buildCollection, type ClipEntry } from "./build.ts";
import type { AudioCollection } from "../audio/collection.ts";
import type { SplitRole, Task } from "./collection.ts";
import { readLabels, type Labels } from "./list-labels.ts";
import { readNumberColumn, type Cell } from "./list-numbers.ts";
import { ListedFiles, type ListedPath } from "./list-paths.ts";
import { hasListExtension, PATH_COLUMNS, readListRows, type ListRow } from "./list-rows.ts";
import { shownValue } from "./shown-value.ts";
import { SPLIT_ROLE_NAMES, splitRoleOf } from "./split-role.ts";

const LABEL_COLUMNS = ["label", "labels"];

const OTHER_COLUMNS = ["split", "group", "start", "end"];

/**
 * Reads a list (.csv, .tsv, .json, .jsonl) with the columns `path` and `label` and, where wanted, `split`, `group`,
 * `start` and `end` (in seconds). Paths are relative to the list. A clip has several labels where `|` or `;` is between
 * them; labels that are all numbers make a regression, as do other columns of numbers where there is no column `label`.
 * @param task the kind of labels, where they do not show it themselves: classes that are called 0, 1, …
 * @throws AuricleError "data" or "file" with the line that cannot be used. Files that cannot be read are problems.
 */
export async function readList(path: string, task?: Task): Promise<AudioCollection> {
  const folder = dirname(path);
  const rows = await readListRows(path);
  const pathColumn = checkColumns(path, rows);
  const labels = labelsOfRows(path, rows, pathColumn, task);
  const listed = new ListedFiles(folder);
  const starts = readSeconds(path, rows, "start");
  const ends = readSeconds(path, rows, "end");
  const asListed = rows.map((row, i) => {
    const [label, start = 0, end] = [labels.rows[i], starts.seconds[i], ends.seconds[i]];
    return readEntry(path, listed, row, { pathColumn, label, start, end });
  });

  const distinct = [...new Map(asListed.map((entry) => [entry.path, entry])).values()];
  const { files, problems } = await checkAudioFiles(distinct, (missing) => listed.find(missing));
  const found = new Map(files.map((file) => [file.askedFor, file]));
  const entries = asListed.map((entry): ClipEntry => {
    const file = found.get(entry.path);
    return file ? { group: file.sameAs, ...entry, name: file.name, path: file.path } : entry;
  });
  checkDistinct(path, rows, entries);
  return buildCollection({
    name: basename(path),
    folder,
    task: labels.task,
    ...(labels.names && { classNames: labels.names }),
    entries: entries.filter((_, i) => found.has(asListed[i].path)),
    lost: entries.filter((_, i) => !found.has(asListed[i].path)),
    problems,
    notes: [
      ...labels.notes,
      ...starts.notes,
      ...ends.notes,
      ...listed.notes(),
      ...noteIntegers(labels, task),
    ],
  });
}

/** The lists beside the recordings of a folder. */
export interface ListsInFolder {
  /** The list whose recordings are there; undefined where there is none. */
  readonly list: string | undefined;
  /** Files with the columns of a list, none of whose recordings are there. */
  readonly hollow: readonly string[];
}

/**
 * The list that a folder holds beside its recordings: the one file in it with the columns of a list, recordings of which
 * are there. Other tables, of features for example, are none.
 * @throws AuricleError "data" when there are several.
 */
export async function listsInFolder(folder: string): Promise<ListsInFolder> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
  const lists: string[] = [];
  const hollow: string[] = [];
  for (const name of names.sort()) {
    if (!hasListExtension(name) || isHidden(name)) continue;
    const kind = await kindOfFile(join(folder, name));
    if (kind === "list") lists.push(name);
    if (kind === "hollow list") hollow.push(join(folder, name));
  }
  if (lists.length < 2) return { list: lists.length === 1 ? join(folder, lists[0]) : undefined, hollow };
  throw new AuricleError(
    "data",
    `${folder}: it holds several lists of recordings, ${lists.join(", ")}; name one of them`,
  );
}

/** So many rows of a table, from all over it, are looked at for recordings. */
const LOOKED_AT = 200;

async function kindOfFile(path: string): Promise<"list" | "hollow list" | "other"> {
  try {
    const rows = await readListRows(path);
    const pathColumn = checkColumns(path, rows);
    const listed = new ListedFiles(dirname(path));
    const step = Math.ceil(rows.length / LOOKED_AT);
    const some = rows.filter((_, i) => i % step === 0).map(({ values }) => values.get(pathColumn));
    const candidates = some.flatMap((given) =>
      typeof given === "string" && given !== "" ? [listed.listed(given)] : [],
    );
    const { files } = await checkAudioFiles(candidates, (missing) => listed.find(missing));
    if (files.length > 0) return "list";
    return LABEL_COLUMNS.some((column) => rows[0].values.has(column)) ? "hollow list" : "other";
  } catch (error) {
    if (error instanceof AuricleError || errorCode(error)) return "other";
    throw error;
  }
}

/** @returns the name of the column with the paths. */
function checkColumns(path: string, rows: readonly ListRow[]): string {
  if (rows.length === 0) throw new AuricleError("data", `${path}: it lists no recordings`);
  const pathColumn = PATH_COLUMNS.find((column) => rows[0].values.has(column));
  if (pathColumn !== undefined) return pathColumn;
  throw new AuricleError(
    "data",
    `${path}: a column "path" must name the recordings; its columns are ${[...rows[0].values.keys()].join(", ")}`,
  );
}

function labelsOfRows(
  path: string,
  rows: readonly ListRow[],
  pathColumn: string,
  task: Task | undefined,
): Labels {
  const columns = [...rows[0].values.keys()];
  const labelColumn = LABEL_COLUMNS.find((column) => columns.includes(column));
  if (labelColumn !== undefined) {
    const column = rows.map(({ where, values }) => ({ where, value: values.get(labelColumn) }));
    return readLabels(path, column, task);
  }
  const names = columns.filter((column) => column !== pathColumn && !OTHER_COLUMNS.includes(column));
  if (names.length === 0 || (task !== undefined && task !== "regression")) {
    throw new AuricleError("data", `${path}: a column "label" is required; there is none`);
  }
  const columnsOfNumbers = names.map((name) => {
    const cells = rows.map(({ where, values }) => ({ where, value: values.get(name) }));
    return { name, read: readNumberColumn(cells) };
  });
  const notes: string[] = [];
  const numbers = columnsOfNumbers.map(({ name, read }) => {
    if (read.kind === "numbers") {
      if (read.note !== undefined) notes.push(`In the column ${name}, ${read.note}`);
      return read.numbers;
    }
    if (read.kind === "unclear") throw new AuricleError("data", `${path}: ${name}: ${read.problem}`);
    throw new AuricleError(
      "data",
      `${path}: ${read.other.where}: without a column "label" all others must be numbers to predict; ${name} is ` +
        shownValue(read.other.value ?? ""),
    );
  });
  return {
    task: "regression",
    names,
    rows: rows.map((_, i) => ({ numbers: numbers.map((column) => column[i]) })),
    notes,
  };
}

interface EntryFacts {
  readonly pathColumn: string;
  readonly label: Labels["rows"][number];
  /** In seconds. */
  readonly start: number;
  readonly end: number | undefined;
}

function readEntry(
  list: string,
  listed: ListedFiles,
  { where, values }: ListRow,
  { pathColumn, label, start, end }: EntryFacts,
): ClipEntry & ListedPath {
  const fail = (message: string) => new AuricleError("data", `${list}: ${where}: ${message}`);
  const given = values.get(pathColumn);
  if (typeof given !== "string" || given.trim() === "")
    throw fail(`${pathColumn} must name a recording; got none`);
  if (end !== undefined && end <= start) throw fail(`end must be after start; got ${start} to ${end}`);
  const group = values.get("group");
  const split = readSplit(values.get("split"), fail);
  return {
    ...listed.listed(given),
    start,
    ...(end !== undefined && { end }),
    ...label,
    ...(group !== undefined && group !== null && group !== "" && { group: textOf(group) }),
    ...(split && { split }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "object" ? shownValue(value) : String(value);
}

interface Times {
  /** The time in each row, in seconds; undefined where the cell is empty. No entries if all cells are empty. */
  readonly seconds: readonly (number | undefined)[];
  readonly notes: readonly string[];
}

function readSeconds(list: string, rows: readonly ListRow[], column: "start" | "end"): Times {
  const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";
  const cells = rows.map(({ where, values }) => ({ where, value: values.get(column) }));
  const given = cells.filter(({ value }) => isGiven(value));
  if (given.length === 0) return { seconds: [], notes: [] };
  const refuse = ({ where, value }: Cell) =>
    new AuricleError(
      "data",
      `${list}: ${where}: ${column} must be a number of seconds, at least 0; got ${shownValue(value)}`,
    );
  const read = readNumberColumn(given);
  if (read.kind === "unclear") throw new AuricleError("data", `${list}: ${column}: ${read.problem}`);
  if (read.kind === "text") throw refuse(read.other);
  const wrong = read.numbers.findIndex((seconds) => seconds < 0);
  if (wrong >= 0 || !["", "s"].includes(read.unit)) throw refuse(given[Math.max(wrong, 0)]);
  const numbers = read.numbers.values();
  return {
    seconds: cells.map(({ value }) => (isGiven(value) ? numbers.next().value : undefined)),
    notes: read.note === undefined ? [] : [`In the column ${column}, ${read.note}`],
  };
}

function readSplit(value: unknown, fail: (message: string) => AuricleError): SplitRole | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const role = splitRoleOf(textOf(value));
  if (role) return role;
  throw fail(`split must be one of ${SPLIT_ROLE_NAMES.join(", ")}; got ${shownValue(value)}`);
}

function checkDistinct(list: string, rows: readonly ListRow[], entries: readonly ClipEntry[]): void {
  const seen = new Map<string, string>();
  entries.forEach(({ path, name, start = 0, end }, i) => {
    const key = JSON.stringify([path, start, end]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new AuricleError(
        "data",
        `${list}: ${rows[i].where}: ${name} is already listed in ${earlier}; list each clip once, several labels ` +
          `with | between them`,
      );
    }
    seen.set(key, rows[i].where);
  });
}

/** Whole numbers may as well have been meant as the names of classes. */
function noteIntegers({ task, names, rows }: Labels, asked: Task | undefined): string[] {
  if (task !== "regression" || asked !== undefined || names?.length !== 1) return [];
  if (!rows.every(({ numbers = [] }) => numbers.every(Number.isInteger))) return [];
  return [
    "All labels are whole numbers and are predicted as numbers; if they name classes, set the task to classification",
  ];
}

/** @file A list of recordings with their labels. Node only. */

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { AuricleError } from "../../errors.ts";
import { errorCode, fileError } from "../../io/atomic-file.ts";
import { checkAudioFiles, isHidden } from "./audio-files.ts";
import { buildCollection, type ClipEntry } from "./build.ts";
import type { AudioCollection, SplitRole, Task } from "./collection.ts";
import { numberOf, readLabels, type Labels } from "./list-labels.ts";
import { hasListExtension, readListRows, type ListRow } from "./list-rows.ts";
import { SPLIT_ROLE_NAMES, splitRoleOf } from "./split-role.ts";

/** How the column with the recordings' paths may be called. */
const PATH_COLUMNS = ["path", "file", "file_name", "filename"];

const LABEL_COLUMNS = ["label", "labels"];

const OTHER_COLUMNS = ["split", "group", "start", "end"];

/**
 * Reads a list (.csv, .tsv, .json, .jsonl) with the columns `path` and `label` and, where wanted, `split`, `group`,
 * `start` and `end` (in seconds). Paths are relative to the list. A clip has several labels where `|` or `;` is between
 * them; labels that are all numbers make a regression, as do other columns of numbers where there is no column `label`.
 * @param task what the labels are, where they do not tell it themselves: classes that are called 0, 1, …
 * @throws AuricleError "data" or "file" with the line of what cannot be used. Files that cannot be read are problems.
 */
export async function readList(path: string, task?: Task): Promise<AudioCollection> {
  const folder = dirname(path);
  const rows = await readListRows(path);
  const pathColumn = checkColumns(path, rows);
  const labels = labelsOfRows(path, rows, pathColumn, task);
  const entries = rows.map((row, i) => readEntry(path, folder, row, pathColumn, labels.rows[i]));
  checkDistinct(path, rows, entries);

  const distinct = [...new Map(entries.map(({ name, path: file }) => [file, { name, path: file }])).values()];
  const { files, problems } = await checkAudioFiles(distinct);
  const sameAs = new Map(files.map((file) => [file.path, file.sameAs]));
  return buildCollection({
    name: basename(path),
    folder,
    task: labels.task,
    ...(labels.names && { classNames: labels.names }),
    entries: entries.flatMap((entry) => {
      const same = sameAs.get(entry.path);
      return same === undefined ? [] : [{ group: same, ...entry }];
    }),
    problems,
    notes: noteIntegers(labels, task),
  });
}

/**
 * The list that a folder holds beside its recordings, or undefined: the one file in it with the columns of a list whose
 * first recording is there. Other tables, of features for example, are none.
 * @throws AuricleError "data" when there are several.
 */
export async function listInFolder(folder: string): Promise<string | undefined> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
  const lists: string[] = [];
  for (const name of names.sort()) {
    if (hasListExtension(name) && !isHidden(name) && (await isList(join(folder, name)))) lists.push(name);
  }
  if (lists.length < 2) return lists.length === 1 ? join(folder, lists[0]) : undefined;
  throw new AuricleError(
    "data",
    `${folder}: it holds several lists of recordings, ${lists.join(", ")}; name the one that is meant`,
  );
}

/** Larger files are not looked into: a list of a million recordings is smaller. */
const LARGEST_LIST = 2 ** 27;

async function isList(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).size > LARGEST_LIST) return false;
    const rows = await readListRows(path);
    const first = readEntry(path, dirname(path), rows[0], checkColumns(path, rows), {});
    return (await checkAudioFiles([first])).files.length === 1;
  } catch (error) {
    if (error instanceof AuricleError || errorCode(error)) return false;
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
    throw new AuricleError("data", `${path}: a column "label" must tell what is right; there is none`);
  }
  const numbers = rows.map(({ where, values }) =>
    names.map((name) => {
      const number = numberOf(values.get(name));
      if (!Number.isNaN(number)) return number;
      throw new AuricleError(
        "data",
        `${path}: ${where}: without a column "label" all others must be numbers to learn; ${name} is ` +
          JSON.stringify(values.get(name) ?? ""),
      );
    }),
  );
  return { task: "regression", names, rows: numbers.map((row) => ({ numbers: row })) };
}

function readEntry(
  list: string,
  folder: string,
  { where, values }: ListRow,
  pathColumn: string,
  label: Labels["rows"][number],
): ClipEntry {
  const fail = (message: string) => new AuricleError("data", `${list}: ${where}: ${message}`);
  const given = values.get(pathColumn);
  if (typeof given !== "string" || given === "") throw fail(`${pathColumn} must name a recording; got none`);
  const path = resolve(folder, given);
  const start = readSeconds(values.get("start"), "start", fail) ?? 0;
  const end = readSeconds(values.get("end"), "end", fail);
  if (end !== undefined && end <= start) throw fail(`end must be after start; got ${start} to ${end}`);
  const group = values.get("group");
  const split = readSplit(values.get("split"), fail);
  return {
    name: relative(folder, path).split(sep).join("/"),
    path,
    start,
    ...(end !== undefined && { end }),
    ...label,
    ...(group !== undefined && group !== null && group !== "" && { group: String(group) }),
    ...(split && { split }),
  };
}

function readSeconds(
  value: unknown,
  column: string,
  fail: (message: string) => AuricleError,
): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const seconds = numberOf(value);
  if (seconds >= 0) return seconds;
  throw fail(`${column} must be a number of seconds, at least 0; got ${JSON.stringify(value)}`);
}

function readSplit(value: unknown, fail: (message: string) => AuricleError): SplitRole | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const role = splitRoleOf(String(value));
  if (role) return role;
  throw fail(`split must be one of ${SPLIT_ROLE_NAMES.join(", ")}; got ${JSON.stringify(value)}`);
}

function checkDistinct(list: string, rows: readonly ListRow[], entries: readonly ClipEntry[]): void {
  const seen = new Map<string, string>();
  entries.forEach(({ path, name, start = 0, end }, i) => {
    const key = JSON.stringify([path, start, end]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new AuricleError(
        "data",
        `${list}: ${rows[i].where}: ${name} is listed already, in ${earlier}; list each clip once, several labels ` +
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
    "All labels are whole numbers and are learnt as numbers; if they name classes, set the task to classification",
  ];
}

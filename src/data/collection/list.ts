/** @file A list of files with their labels. Browser-safe. */

import { basename, dirname, join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { errorCode, fileError } from "../../io/atomic-file.ts";
import { checkFiles, isHidden } from "./files.ts";
import { buildCollection } from "./build.ts";
import type { Entry } from "./entry.ts";
import type { Collection, Example, SplitRole, Task } from "./collection.ts";
import { readLabels, type Labels } from "./list-labels.ts";
import { readNumberColumn } from "./list-numbers.ts";
import { ListedFiles } from "./list-paths.ts";
import type { ListedMedium } from "./list-text.ts";
import { hasListExtension, PATH_COLUMNS, readListRows, type ListRow } from "./list-rows.ts";
import type { Medium } from "./medium.ts";
import { shownValue } from "../../shown-value.ts";
import { SPLIT_ROLE_NAMES, splitRoleOf } from "./split-role.ts";
import type { MediumWords } from "./words.ts";

const LABEL_COLUMNS = ["label", "labels"];

const COMMON_COLUMNS = ["split", "group"];

/**
 * Reads a list (.csv, .tsv, .json, .jsonl) with the columns `path` and `label` and, where wanted, `split`, `group`
 * and those of the medium. Paths are relative to the list. An example has several labels where `|` or `;` is between
 * them; labels that are all numbers make a regression, as do other columns of numbers where there is no column `label`.
 * @param task the kind of labels, where they do not show it themselves: classes that are called 0, 1, …
 * @throws AuricleError "data" or "file" with the line that cannot be used. Files that cannot be read are problems.
 */
export async function readList<F extends object, E extends Example>(
  path: string,
  medium: Medium<F, E>,
  task?: Task,
): Promise<Collection<E>> {
  const folder = dirname(path);
  const rows = await readListRows(path, medium);
  const pathColumn = checkColumns(path, rows, medium.words);
  const labels = labelsOfRows({ path, rows, pathColumn, task }, medium);
  const listed = new ListedFiles(folder);
  const own = medium.readColumns(path, rows);
  const asListed = rows.map((row, i) => {
    const fail = (message: string) => new AuricleError("data", `${path}: ${row.where}: ${message}`);
    const given = row.values.get(pathColumn);
    if (typeof given !== "string" || given.trim() === "")
      throw fail(`${pathColumn} must name a ${medium.words.file}; got none`);
    return { ...listed.listed(given), ...labels.rows[i], ...readCommon(row, fail) };
  });

  const distinct = [...new Map(asListed.map((entry) => [entry.path, entry])).values()];
  const { files, problems } = await checkFiles(distinct, (missing) => listed.find(missing));
  const found = new Map(files.map((file) => [file.askedFor, file]));
  const entries = asListed.map((entry, i) => {
    const file = found.get(entry.path);
    const common = file ? { group: file.sameAs, ...entry, name: file.name, path: file.path } : entry;
    return { ...common, ...own.facts[i] };
  });
  checkDistinct(path, rows, entries, own.facts, medium.words);
  return buildCollection(medium, {
    name: basename(path),
    folder,
    task: labels.task,
    ...(labels.names && { classNames: labels.names }),
    entries: entries.filter((_, i) => found.has(asListed[i].path)),
    lost: entries.filter((_, i) => !found.has(asListed[i].path)),
    problems,
    notes: [...labels.notes, ...own.notes, ...listed.notes(), ...noteIntegers(labels, task)],
  });
}

/** The lists beside the files of a folder. */
export interface ListsInFolder {
  /** The list whose files are there; undefined where there is none. */
  readonly list: string | undefined;
  /** Files with the columns of a list, none of whose files are there. */
  readonly hollow: readonly string[];
}

/**
 * The list that a folder holds beside its files: the one with the columns of a list, files of which are there. Other tables, of features for example, are none.
 * @throws AuricleError "data" when there are several.
 */
export async function listsInFolder(folder: string, medium: ListedMedium): Promise<ListsInFolder> {
  let names: string[];
  try {
    names = (await store.list(folder)).map(({ name }) => name);
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
  const lists: string[] = [];
  const hollow: string[] = [];
  for (const name of names.sort()) {
    if (!hasListExtension(name) || isHidden(name)) continue;
    const kind = await kindOfFile(join(folder, name), medium);
    if (kind === "list") lists.push(name);
    if (kind === "hollow list") hollow.push(join(folder, name));
  }
  if (lists.length < 2) return { list: lists.length === 1 ? join(folder, lists[0]) : undefined, hollow };
  throw new AuricleError(
    "data",
    `${folder}: it holds several lists of ${medium.words.files}, ${lists.join(", ")}; name one of them`,
  );
}

/** So many rows of a table, from all over it, are looked at for files. */
const LOOKED_AT = 200;

async function kindOfFile(path: string, medium: ListedMedium): Promise<"list" | "hollow list" | "other"> {
  try {
    const rows = await readListRows(path, medium);
    const pathColumn = checkColumns(path, rows, medium.words);
    const listed = new ListedFiles(dirname(path));
    const step = Math.ceil(rows.length / LOOKED_AT);
    const some = rows.filter((_, i) => i % step === 0).map(({ values }) => values.get(pathColumn));
    const candidates = some.flatMap((given) =>
      typeof given === "string" && given !== "" ? [listed.listed(given)] : [],
    );
    const { files } = await checkFiles(candidates, (missing) => listed.find(missing));
    if (files.length > 0) return "list";
    return LABEL_COLUMNS.some((column) => rows[0].values.has(column)) ? "hollow list" : "other";
  } catch (error) {
    if (error instanceof AuricleError || errorCode(error)) return "other";
    throw error;
  }
}

/** @returns the name of the column with the paths. */
function checkColumns(path: string, rows: readonly ListRow[], { files }: MediumWords): string {
  if (rows.length === 0) throw new AuricleError("data", `${path}: it lists no ${files}`);
  const pathColumn = PATH_COLUMNS.find((column) => rows[0].values.has(column));
  if (pathColumn !== undefined) return pathColumn;
  throw new AuricleError(
    "data",
    `${path}: a column "path" must name the ${files}; its columns are ${[...rows[0].values.keys()].join(", ")}`,
  );
}

interface Table {
  readonly path: string;
  readonly rows: readonly ListRow[];
  readonly pathColumn: string;
  readonly task: Task | undefined;
}

function labelsOfRows(
  { path, rows, pathColumn, task }: Table,
  { words, columns: own }: { readonly words: MediumWords; readonly columns: readonly string[] },
): Labels {
  const columns = [...rows[0].values.keys()];
  const labelColumn = LABEL_COLUMNS.find((column) => columns.includes(column));
  if (labelColumn !== undefined) {
    const column = rows.map(({ where, values }) => ({ where, value: values.get(labelColumn) }));
    return readLabels(path, column, task, words);
  }
  const others = [pathColumn, ...COMMON_COLUMNS, ...own];
  const names = columns.filter((column) => !others.includes(column));
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

function readCommon(
  { values }: ListRow,
  fail: (message: string) => AuricleError,
): Pick<Entry, "group" | "split"> {
  const group = values.get("group");
  const split = readSplit(values.get("split"), fail);
  return {
    ...(group !== undefined && group !== null && group !== "" && { group: textOf(group) }),
    ...(split && { split }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "object" ? shownValue(value) : String(value);
}

function readSplit(value: unknown, fail: (message: string) => AuricleError): SplitRole | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const role = splitRoleOf(textOf(value));
  if (role) return role;
  throw fail(`split must be one of ${SPLIT_ROLE_NAMES.join(", ")}; got ${shownValue(value)}`);
}

function checkDistinct(
  list: string,
  rows: readonly ListRow[],
  entries: readonly Entry[],
  facts: readonly object[],
  { example }: MediumWords,
): void {
  const seen = new Map<string, string>();
  entries.forEach(({ path, name }, i) => {
    const key = JSON.stringify([path, facts[i]]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new AuricleError(
        "data",
        `${list}: ${rows[i].where}: ${name} is already listed in ${earlier}; list each ${example} once, several labels ` +
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

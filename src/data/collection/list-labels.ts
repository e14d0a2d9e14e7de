/** @file The kind of labels in a list: classes, tags or numbers. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { Task } from "./collection.ts";
import { plainNumber, readNumberColumn, type Cell } from "./list-numbers.ts";
import { shownValue } from "../../shown-value.ts";
import type { MediumWords } from "./words.ts";

export interface Labels {
  readonly task: Task;
  /** The names of the numbers, in a regression. */
  readonly names?: readonly string[];
  /** The labels or numbers of each row. */
  readonly rows: readonly { readonly labels?: readonly string[]; readonly numbers?: readonly number[] }[];
  /** How they were read, where that is not plain, each a sentence. */
  readonly notes: readonly string[];
}

/** Between several labels of one example. */
const SEPARATOR = /[|;]/;

/** From so many rows on, a column where more than half the rows are the only one of their class holds no classes. */
const LEAST_ROWS = 20;

/**
 * Reads a column of labels. Unless `task` says which they are, they are tags when a row holds several (an array, or
 * texts with `|` or `;` between), numbers when all are, and otherwise classes.
 * @throws AuricleError "data" with the line of a label that does not fit, and where labels that are nearly all numbers,
 * or nearly all different, would become classes.
 */
export function readLabels(
  path: string,
  column: readonly Cell[],
  task: Task | undefined,
  words: MediumWords,
): Labels {
  if (task === "regression") return readNumbers(path, column);
  if (task !== undefined) return { ...readNames(path, column, task), notes: [] };
  if (column.every(({ value }) => isNumeric(value))) return readNumbers(path, column);
  if (column.some(({ value }) => isSeveral(value))) return readSeveral(path, column);
  const read = readNumberColumn(column);
  const areDistinct = 2 * new Set(column.map(({ value }) => value)).size > column.length;
  if (read.kind === "text") {
    if (areDistinct && 2 * read.numeric > column.length)
      throw notNumber(path, read.other, read.numeric, column.length);
  } else if (read.kind === "unclear") {
    if (areDistinct || read.isAmbiguous) throw new AuricleError("data", `${path}: ${read.problem}`);
  } else if (read.unit === "" || areDistinct) return readNumbers(path, column);
  const labels = readNames(path, column, "classification");
  checkClasses(path, column, labels.rows, words);
  return { ...labels, notes: read.kind === "text" ? [] : [noteNumericNames(column[0])] };
}

/** Whether a value is a number, a text that plainly is one, or several numbers. */
function isNumeric(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => typeof one === "number");
  if (typeof value === "object" && value !== null) return true;
  return !Number.isNaN(plainNumber(value));
}

function isSeveral(value: unknown): boolean {
  return Array.isArray(value) || (typeof value === "string" && SEPARATOR.test(value));
}

function readNames(
  path: string,
  column: readonly Cell[],
  task: Exclude<Task, "regression">,
): Omit<Labels, "notes"> {
  return {
    task,
    rows: column.map((label) => ({
      labels: task === "tagging" ? readTags(path, label) : [readClass(path, label)],
    })),
  };
}

/** @throws AuricleError "data" for cells of several numbers, which would become as many tags. */
function readSeveral(path: string, column: readonly Cell[]): Labels {
  const labels = readNames(path, column, "tagging");
  const isFraction = (text: string) => /^[+-]?\d*[.,]\d+$/.test(text);
  const tags = labels.rows.flatMap((row) => row.labels ?? []);
  if (
    tags.length > 0 &&
    tags.every((tag) => isFraction(tag) || /^[+-]?\d+$/.test(tag)) &&
    tags.some(isFraction)
  ) {
    const index = labels.rows.findIndex((row) => row.labels?.some(isFraction));
    const { where, value } = column[index];
    throw new AuricleError(
      "data",
      `${path}: ${where}: ${shownValue(value)} holds several numbers; to predict numbers, give each a column of its ` +
        "own with a name other than label; to use them as tags, set the task to tagging",
    );
  }
  return { ...labels, notes: [] };
}

function notNumber(path: string, { where, value }: Cell, numeric: number, rows: number): AuricleError {
  const what = isEmpty(value) ? "the label is empty" : `the label ${shownValue(value)} is not a number`;
  return new AuricleError(
    "data",
    `${path}: ${where}: ${what}, unlike ${numeric} of the ${rows} labels; correct it or remove the row, or, if the ` +
      "labels name classes, set the task to classification",
  );
}

/** @throws AuricleError "data" for titles, identifiers and the like: there is nothing in common to learn. */
function checkClasses(
  path: string,
  column: readonly Cell[],
  rows: Labels["rows"],
  { files }: MediumWords,
): void {
  if (rows.length < LEAST_ROWS) return;
  const counts = new Map<string, number>();
  for (const { labels = [] } of rows) counts.set(labels[0], (counts.get(labels[0]) ?? 0) + 1);
  const isSingle = ({ labels = [] }: Labels["rows"][number]) => counts.get(labels[0]) === 1;
  const singles = rows.filter(isSingle).length;
  if (2 * singles <= rows.length) return;
  const { where, value } = column[rows.findIndex(isSingle)];
  throw new AuricleError(
    "data",
    `${path}: the labels make ${counts.size} classes of ${rows.length} rows, and ${singles} rows are the only ones of ` +
      `their class, first ${where}: ${shownValue(value)}. A model needs several ${files} to learn a ` +
      "class. Several labels of a row are separated by |; numbers are written with a decimal point; if the labels are " +
      "classes nevertheless, set the task to classification",
  );
}

function noteNumericNames({ value }: Cell): string {
  return (
    `The labels look like numbers, such as ${shownValue(value)}, but are read as class names; to predict them as ` +
    "numbers, write them with only a decimal point, or set the task to regression"
  );
}

function readNumbers(path: string, column: readonly Cell[]): Labels {
  const names = namesOfNumbers(column[0].value);
  if (names.length === 1 && column.every(({ value }) => typeof value !== "object" || value === null)) {
    const read = readNumberColumn(column);
    if (read.kind === "unclear") throw new AuricleError("data", `${path}: ${read.problem}`);
    if (read.kind === "text") throw unfitNumbers(path, read.other, names);
    const notes = read.note === undefined ? [] : [`In the column of labels, ${read.note}`];
    return { task: "regression", names, rows: read.numbers.map((number) => ({ numbers: [number] })), notes };
  }
  const rows = column.map((cell) => {
    const numbers = numbersOf(cell.value, names);
    if (numbers.length !== names.length || numbers.some(Number.isNaN)) throw unfitNumbers(path, cell, names);
    return { numbers };
  });
  return { task: "regression", names, rows, notes: [] };
}

function unfitNumbers(path: string, { where, value }: Cell, names: readonly string[]): AuricleError {
  return new AuricleError(
    "data",
    `${path}: ${where}: the label must be ${names.length === 1 ? "a number" : `${names.length} numbers`} ` +
      `(${names.join(", ")}), as in the first row; got ${shownValue(value)}`,
  );
}

function namesOfNumbers(value: unknown): string[] {
  if (Array.isArray(value) && value.length !== 1) return value.map((_, i) => `label ${i + 1}`);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.keys(value);
  return ["label"];
}

function numbersOf(value: unknown, names: readonly string[]): number[] {
  if (Array.isArray(value)) return value.map(plainNumber);
  if (typeof value !== "object" || value === null) return [plainNumber(value)];
  const given = new Map<string, unknown>(Object.entries(value));
  return given.size === names.length ? names.map((name) => plainNumber(given.get(name))) : [];
}

function readTags(path: string, { where, value }: Cell): string[] {
  const tags: unknown[] = Array.isArray(value) ? value : isEmpty(value) ? [] : String(value).split(SEPARATOR);
  const texts = tags.map((tag) => {
    if (typeof tag === "string" || typeof tag === "number") return String(tag).trim();
    throw new AuricleError("data", `${path}: ${where}: a tag must be a text; got ${shownValue(tag)}`);
  });
  return [...new Set(texts.filter((text) => text !== ""))];
}

function readClass(path: string, { where, value }: Cell): string {
  const isFit = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const text = isFit ? String(value).trim() : "";
  if (text !== "") return text;
  const got = isEmpty(value) ? "none" : shownValue(value);
  throw new AuricleError("data", `${path}: ${where}: the label must be the name of a class; got ${got}`);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

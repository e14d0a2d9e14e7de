/** @file What the labels in a list are: classes, tags or numbers. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { Task } from "./collection.ts";

/** The label of one row. */
export interface RawLabel {
  /** For messages: "line 7". */
  readonly where: string;
  /** A text, a number, an array of these, an object of numbers, or empty. */
  readonly value: unknown;
}

export interface Labels {
  readonly task: Task;
  /** Of the numbers, in a regression. */
  readonly names?: readonly string[];
  /** Of each row. */
  readonly rows: readonly { readonly labels?: readonly string[]; readonly numbers?: readonly number[] }[];
}

/** Between several labels of one clip. */
const SEPARATOR = /[|;]/;

/**
 * Reads a column of labels. Unless `task` says which they are, they are tags when a row holds several (an array, or
 * texts with `|` or `;` between), numbers when all are, and otherwise classes.
 * @throws AuricleError "data" with the line of a label that does not fit.
 */
export function readLabels(path: string, column: readonly RawLabel[], task: Task | undefined): Labels {
  const kind = task ?? kindOf(column);
  if (kind === "regression") return readNumbers(path, column);
  return {
    task: kind,
    rows: column.map((label) => ({
      labels: kind === "tagging" ? readTags(path, label) : [readClass(path, label)],
    })),
  };
}

function kindOf(column: readonly RawLabel[]): Task {
  if (column.every(({ value }) => isNumeric(value))) return "regression";
  const isSeveral = (value: unknown) =>
    Array.isArray(value) || (typeof value === "string" && SEPARATOR.test(value));
  return column.some(({ value }) => isSeveral(value)) ? "tagging" : "classification";
}

/** Whether a value is a number, a text that is one, or several numbers. */
function isNumeric(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => typeof one === "number");
  if (typeof value === "object" && value !== null) return true;
  return !Number.isNaN(numberOf(value));
}

/** NaN where the value is no finite number. */
export function numberOf(value: unknown): number {
  if (typeof value === "string" && value.trim() === "") return NaN;
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  return Number.isFinite(number) ? number : NaN;
}

function readNumbers(path: string, column: readonly RawLabel[]): Labels {
  const names = namesOfNumbers(column[0].value);
  const rows = column.map(({ where, value }) => {
    const numbers = numbersOf(value, names);
    if (numbers.length !== names.length || numbers.some(Number.isNaN)) {
      throw new AuricleError(
        "data",
        `${path}: ${where}: the label must be ${names.length === 1 ? "a number" : `${names.length} numbers`} ` +
          `(${names.join(", ")}), as in the first row; got ${JSON.stringify(value)}`,
      );
    }
    return { numbers };
  });
  return { task: "regression", names, rows };
}

function namesOfNumbers(value: unknown): string[] {
  if (Array.isArray(value) && value.length !== 1) return value.map((_, i) => `label ${i + 1}`);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.keys(value);
  return ["label"];
}

function numbersOf(value: unknown, names: readonly string[]): number[] {
  if (Array.isArray(value)) return value.map(numberOf);
  if (typeof value !== "object" || value === null) return [numberOf(value)];
  const given = new Map<string, unknown>(Object.entries(value));
  return given.size === names.length ? names.map((name) => numberOf(given.get(name))) : [];
}

function readTags(path: string, { where, value }: RawLabel): string[] {
  const tags: unknown[] = Array.isArray(value) ? value : isEmpty(value) ? [] : String(value).split(SEPARATOR);
  const texts = tags.map((tag) => {
    if (typeof tag === "string" || typeof tag === "number") return String(tag).trim();
    throw new AuricleError("data", `${path}: ${where}: a tag must be a text; got ${JSON.stringify(tag)}`);
  });
  return [...new Set(texts.filter((text) => text !== ""))];
}

function readClass(path: string, { where, value }: RawLabel): string {
  const isFit = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const text = isFit ? String(value).trim() : "";
  if (text !== "") return text;
  const got = isEmpty(value) ? "none" : JSON.stringify(value);
  throw new AuricleError("data", `${path}: ${where}: the label must be the name of a class; got ${got}`);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/**
 * @file Columns of numbers as people and spreadsheets write them: with decimal commas, separators of thousands and units.
 * Browser-safe.
 *
 * A column is read in one notation as a whole: "1.234" alone is 1.234, but beside "1.234,5" it is 1234. Where two
 * notations give different numbers, nothing is guessed.
 */

import { shownValue } from "../../shown-value.ts";

/** The cell of one row. */
export interface Cell {
  /** For messages: "line 7". */
  readonly where: string;
  readonly value: unknown;
}

export type NumberColumn =
  | {
      readonly kind: "numbers";
      readonly numbers: readonly number[];
      /** The unit written after each number, such as "Hz" or "%"; empty if there is none. */
      readonly unit: string;
      /** How they were read, where that is not plain, as a sentence. */
      readonly note: string | undefined;
    }
  /** All look like numbers, but are not all written in one notation, or two notations give different numbers. */
  | { readonly kind: "unclear"; readonly isAmbiguous: boolean; readonly problem: string }
  | {
      readonly kind: "text";
      /** How many look like numbers. */
      readonly numeric: number;
      /** The first that does not. */
      readonly other: Cell;
    };

interface Notation {
  readonly decimal: string;
  readonly group: string;
  readonly pattern: RegExp;
}

/**
 * The separators allowed between groups of three digits, and their names. One space stands for all kinds of spaces, one
 * apostrophe for all kinds of apostrophes.
 */
const GROUPS: Readonly<Record<string, string>> = {
  "": "",
  ",": "commas",
  ".": "points",
  " ": "spaces",
  "'": "apostrophes",
};

const PLAIN = notationOf(".", "");

const NOTATIONS: readonly Notation[] = [".", ","].flatMap((decimal) =>
  Object.keys(GROUPS)
    .filter((group) => group !== decimal)
    .map((group) => notationOf(decimal, group)),
);

/** @param group the thousands separator; empty: none */
function notationOf(decimal: string, group: string): Notation {
  const point = `\\${decimal}`;
  // A number with separators does not begin with 0, so "0,123" has a decimal comma.
  const whole =
    group === "" ? "\\d+" : `(?:\\d+|[1-9]\\d{0,2}(?:${group === " " ? " " : `\\${group}`}\\d{3})+)`;
  const pattern = new RegExp(`^[+-]?(?:${whole}(?:${point}\\d*)?|${point}\\d+)(?:[eE][+-]?\\d+)?$`);
  return { decimal, group, pattern };
}

/** A number with any separators, and what may follow it as a unit. */
const NUMBER_AND_UNIT =
  /^([+-]?(?:\d|[.,]\d)[\d.,' ]*(?:[eE][+-]?\d+)?) *([^\d\s.,'+\-|;:/][^\d|;:]{0,11})?$/;

/** Characters of a cell with a number. */
const LONGEST_NUMBER = 64;

interface Parts {
  readonly number: string;
  readonly unit: string;
}

function partsOf(value: unknown): Parts | undefined {
  if (typeof value === "number")
    return Number.isFinite(value) ? { number: String(value), unit: "" } : undefined;
  if (typeof value !== "string" || value.length > LONGEST_NUMBER) return undefined;
  const text = value
    .trim()
    .replace(/\p{Zs}/gu, " ")
    .replace(/[’ʼ`´]/g, "'")
    .replace(/[−–]/g, "-");
  const match = NUMBER_AND_UNIT.exec(text);
  return match ? { number: match[1].trim(), unit: (match[2] ?? "").trim() } : undefined;
}

function valueOf(text: string, { decimal, group, pattern }: Notation): number {
  if (!pattern.test(text)) return NaN;
  const joined = group === "" ? text : text.replaceAll(group, "");
  const number = Number(joined.replace(decimal, "."));
  return Number.isFinite(number) ? number : NaN;
}

/** A finite number, or a text with a decimal point and no separators that is one; NaN for anything else. */
export function plainNumber(value: unknown): number {
  const parts = partsOf(value);
  return parts?.unit === "" ? valueOf(parts.number, PLAIN) : NaN;
}

/** Reads a column of at least one cell. Finite numbers only. */
export function readNumberColumn(cells: readonly Cell[]): NumberColumn {
  const parts = cells.map(({ value }) => partsOf(value));
  const numeric = parts.filter((part) => part !== undefined);
  const units = new Set(numeric.map(({ unit }) => unit));
  if (numeric.length < cells.length || units.size > 1) return textColumn(cells, parts, units);
  const [unit] = units;
  const texts = numeric.map(({ number }) => number);
  const plain = allIn(texts, PLAIN);
  if (plain) return { kind: "numbers", numbers: plain, unit, note: notePlain(texts, unit) };
  const readings = NOTATIONS.flatMap((notation) => {
    const numbers = allIn(texts, notation);
    return numbers ? [{ notation, numbers }] : [];
  });
  if (readings.length === 0) return mixedColumn(cells, texts);
  const [first, ...others] = readings;
  for (const { numbers } of others) {
    const index = numbers.findIndex((number, i) => number !== first.numbers[i]);
    if (index < 0) continue;
    const { where, value } = cells[index];
    const problem =
      `${where}: ${shownValue(value)} may be ${first.numbers[index]} or ${numbers[index]}; write numbers with a ` +
      "decimal point and without separators of thousands";
    return { kind: "unclear", isAmbiguous: true, problem };
  }
  return {
    kind: "numbers",
    numbers: first.numbers,
    unit,
    note: describeReading(readings, cells, texts, unit),
  };
}

/** All texts as numbers in a notation, or undefined where one of them is none. */
function allIn(texts: readonly string[], notation: Notation): number[] | undefined {
  const numbers: number[] = [];
  for (const text of texts) {
    const number = valueOf(text, notation);
    if (Number.isNaN(number)) return undefined;
    numbers.push(number);
  }
  return numbers;
}

function textColumn(
  cells: readonly Cell[],
  parts: readonly (Parts | undefined)[],
  units: ReadonlySet<string>,
): NumberColumn {
  const numeric = parts.filter((part) => part !== undefined).length;
  const other = parts.findIndex((part) => part === undefined);
  if (other >= 0) return { kind: "text", numeric, other: cells[other] };
  // "1st", "2nd" and "3rd" are names; "120" and "130 bpm" look like numbers of one kind.
  if (!units.has("") && units.size > 2) return { kind: "text", numeric: 0, other: cells[0] };
  const odd = parts.findIndex((part) => part?.unit !== parts[0]?.unit);
  const problem =
    `${cells[odd].where}: ${shownValue(cells[odd].value)} has a different unit from ${shownValue(cells[0].value)} in ` +
    `${cells[0].where}; write all numbers in one unit, or without`;
  return { kind: "unclear", isAmbiguous: false, problem };
}

/** Says which cells are written differently, where no notation fits all. */
function mixedColumn(cells: readonly Cell[], texts: readonly string[]): NumberColumn {
  const fits = NOTATIONS.map((notation) => texts.map((text) => !Number.isNaN(valueOf(text, notation))));
  const counts = fits.map((fit) => fit.filter(Boolean).length);
  const best = fits[counts.indexOf(Math.max(...counts))];
  const [odd, usual] = [best.indexOf(false), best.indexOf(true)];
  const beside = usual < 0 ? "" : ` as ${shownValue(cells[usual].value)} in ${cells[usual].where} is`;
  const problem =
    `${cells[odd].where}: ${shownValue(cells[odd].value)} is not written${beside || " as a number"}; write numbers ` +
    "with a decimal point and without separators of thousands";
  return { kind: "unclear", isAmbiguous: false, problem };
}

/** "1.234" is read with a decimal point, as everywhere in these lists; in many countries it would be 1234. */
function notePlain(texts: readonly string[], unit: string): string | undefined {
  const areGroups = texts.every((text) => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text));
  const points = areGroups
    ? `"${texts[0]}" and its like are read with a decimal point, as ${Number(texts[0])}`
    : "";
  return [points, noteUnit(unit)].filter((part) => part !== "").join("; ") || undefined;
}

function noteUnit(unit: string): string {
  return unit === "" ? "" : `their unit, ${JSON.stringify(unit)}, is left out`;
}

function describeReading(
  readings: readonly { readonly notation: Notation; readonly numbers: readonly number[] }[],
  cells: readonly Cell[],
  texts: readonly string[],
  unit: string,
): string {
  const { notation, numbers } = readings[0];
  const index = texts.findIndex((text) => Number.isNaN(valueOf(text, PLAIN)));
  // Where whole numbers alone were found, nothing tells what their decimals would be.
  const decimals = readings.every(({ notation: { decimal } }) => decimal === ",") ? ["decimal commas"] : [];
  const groups = notation.group === "" ? [] : [`${GROUPS[notation.group]} between thousands`];
  const how = [...decimals, ...groups].join(" and ");
  const example = `${shownValue(cells[index].value)} as ${numbers[index]}`;
  return [`the numbers are read with ${how}, ${example}`, noteUnit(unit)]
    .filter((part) => part !== "")
    .join("; ");
}

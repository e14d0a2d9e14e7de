/** @file The columns start and end of a list of recordings. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { readNumberColumn, type Cell } from "../collection/list-numbers.ts";
import type { ListRow } from "../collection/list-rows.ts";
import type { ReadColumns } from "../collection/medium.ts";
import { shownValue } from "../../shown-value.ts";
import type { ClipPart } from "./collection.ts";

export const TIME_COLUMNS = ["start", "end"];

/** Reads the part of its recording that each row is. @throws AuricleError "data" for what is no time, or an end before the start. */
export function readTimes(list: string, rows: readonly ListRow[]): ReadColumns<ClipPart> {
  const starts = readSeconds(list, rows, "start");
  const ends = readSeconds(list, rows, "end");
  const facts = rows.map(({ where }, i) => {
    const [start = 0, end] = [starts.seconds[i], ends.seconds[i]];
    if (end === undefined) return { start };
    if (end > start) return { start, end };
    throw new AuricleError(
      "data",
      `${list}: ${where}: end must be after start; got ${shownValue(start)} to ${end}`,
    );
  });
  return { facts, notes: [...starts.notes, ...ends.notes] };
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

/** @file The results of a sweep as a table: for the terminal, at most 80 columns wide, and as comma-separated values. */

import { wordsOf, type OptionName } from "../runs/index.ts";
import {
  METRIC_NAMES,
  testedFigures,
  type Entry,
  type Score,
  type Sweep,
  type SweepOutcome,
  type SweepResult,
} from "../sweep/index.ts";
import { CsvOutput } from "./csv-output.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { displayWidth, formatTable, printable, wrapText } from "./text.ts";

/** The options of a configuration as flags; printable. */
export function optionWords(options: Entry["options"]): string {
  return Object.entries(options)
    .flatMap(([name, value]) => wordsOf(name as OptionName, value))
    .map(printable)
    .join(" ");
}

/** "0.8123", or "0.8123 ± 0.0045" for several seeds. */
export function formatScore({ mean, deviation }: Score): string {
  return deviation === null ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
}

/** All configurations, the best first, and the winner's figures on the test part. */
export function formatSweep(sweep: Sweep, result: SweepResult, stream: TextStream): string[] {
  const { bold } = colorsOf(stream);
  const width = widthOf(stream);
  const { entries, metric, best, outOfTime } = result;
  const names = sweep.space.map(({ name }) => name);
  const header = ["", METRIC_NAMES[metric], "epochs", "state"];
  const rows = entries.map((entry) => [
    String(entry.number),
    entry.score ? formatScore(entry.score) : "-",
    entry.score ? String(entry.epochs) : "-",
    entry.status,
  ]);
  const wide = formatTable([
    [...header, ...names],
    ...rows.map((row, i) => [...row, ...names.map((name) => cellOf(entries[i], name))]),
  ]);
  const isNarrow = Math.max(...wide.map(displayWidth)) > width;
  const [titles, ...lines] = isNarrow ? formatTable([header, ...rows]) : wide;
  const under = (i: number) =>
    isNarrow ? wrapText(optionWords(entries[i].options), width - 4).map((line) => `    ${line}`) : [];
  return [
    "",
    bold(titles),
    ...lines.flatMap((line, i) => [line, ...under(i)]),
    ...entries
      .filter(({ status }) => status === "failed")
      .flatMap(({ number, problem }) => wrapText(`${number} failed: ${printable(problem ?? "")}`, width)),
    ...(outOfTime
      ? wrapText("The time of the budget was up; the same command goes on with more of it.", width)
      : []),
    "",
    ...wrapText(`Best: ${best.number}, chosen by ${METRIC_NAMES[metric]} alone.`, width).map(bold),
    ...wrapText(testedLine(result), width),
  ];
}

function testedLine({ test }: SweepResult): string {
  const shown = testedFigures(test).map(printable);
  return shown.length === 0
    ? "No part of the data is held out for the test."
    : `Tested: ${shown.join("   ")}`;
}

/** The value of an option as a table has it; empty where it does not apply. */
function cellOf({ options }: Entry, name: OptionName): string {
  const value: unknown = options[name];
  if (value === undefined) return "";
  if (value === null || typeof value === "boolean") return String(value);
  return printable(wordsOf(name, value).at(-1) ?? "");
}

/** Opens a table before anything runs. @returns a function that writes the results */
export function openSweepTable(
  place: string,
  { space }: Sweep,
  stdout: TextStream,
): (result: Extract<SweepOutcome, { status: "finished" }>) => void {
  const names = space.map(({ name }) => name);
  const figures = ["mean", "deviation", "validation loss"];
  const columns = ["place", "configuration", "state", "epochs", ...figures, ...names, "problem"];
  const table = new CsvOutput(place, columns, stdout);
  return ({ entries }) => {
    entries.forEach((entry, i) => {
      const { number, status, epochs, score, problem } = entry;
      table.row({
        place: i + 1,
        configuration: number,
        state: status,
        epochs,
        mean: score?.mean,
        deviation: score?.deviation ?? undefined,
        "validation loss": score?.loss,
        ...Object.fromEntries(names.map((name) => [name, cellOf(entry, name)])),
        problem,
      });
    });
    table.close();
  };
}

/** @file The drawn convolutions' section of docs/benchmarks.md. */
import { busyText, figures, machineText, ofKind, percent, table, threadsText } from "../report-sections.mjs";
import { figuresOf, reasonOf, worstOf } from "./summary.mjs";

export const randomRows = (results) => ofKind(results, "random");

/** Undefined when there are no results. */
export function random(results) {
  const rows = randomRows(results);
  if (rows.length === 0) return undefined;
  const passes = [...new Set(rows.map(({ pass }) => pass))];
  const shares = passes.map((pass) => {
    const { count, least, tenth, median, slower, wellChosen } = figuresOf(
      rows.filter((row) => row.pass === pass),
    );
    const ratios = [least, tenth, median].map((ratio) => `${figures(ratio)}×`);
    return [pass, count, ...ratios, percent(slower), percent(wellChosen)];
  });
  const worst = worstOf(rows).map((row) => [
    row.name,
    row.pass,
    `${figures(row.ratio)}×`,
    figures(row.gigamacs),
    figures(row.peerGigamacs),
    reasonOf(row),
  ]);
  const [{ pytorch }] = ofKind(results, "machine").filter((machine) => machine.pytorch);
  const [{ target, threads }] = rows;
  return [
    `${machineText(results)} ${target}, ${threadsText(threads)}, PyTorch ${pytorch}.${busyText(rows)}`,
    "![PyTorch's time over Auricle's by multiply-adds](random.svg)",
    table(
      ["pass", "shapes", "least", "tenth", "median", "slower than PyTorch", "chosen within 10 % of the best"],
      shares,
    ),
    "The worst twenty:",
    table(["convolution", "pass", "ratio", "GMAC/s", "PyTorch's", "what limits it"], worst),
  ].join("\n\n");
}

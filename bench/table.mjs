/** @file The tables of workloads, as they are printed row by row. */

/** @import { Result, Row } from "./main.mjs" */

const WIDTHS = [11, 6, 8, 26, 11];
const RATIO_WIDTH = 13;

const TITLES = {
  models: "Models of the library",
  architectures: "Architectures that are no models of the library",
};

export function printExplanation() {
  console.log(
    "Milliseconds a step: median of many. Under a target: the peer's time over Auricle's with that target.",
  );
  console.log("% peak: of what multiply-adds alone reach. MB: largest resident memory of the process.");
}

/** @param {keyof typeof TITLES} table @param {readonly string[]} targets */
export function printHeading(table, targets) {
  console.log(`\n${TITLES[table]}`);
  print(["workload", "phase", "threads", "library", "ms", ...targets, "% peak", "MB"], targets.length);
}

/** @param {readonly (string | number)[]} cells @param {number} targets */
function print(cells, targets) {
  const widths = [...WIDTHS, ...Array.from({ length: targets }, () => RATIO_WIDTH), 7];
  console.log(
    cells
      .map((cell, i) => String(cell).padEnd(widths[i] ?? 0))
      .join("")
      .trimEnd(),
  );
}

/** @param {number | undefined} bytes */
const megabytes = (bytes) => (bytes === undefined ? "-" : `${Math.round(bytes / 1e6)}`);

/** @param {Result} result */
const time = ({ ms, error }) => ms?.toFixed(3) ?? `- (${error ?? "no result"})`;

/** @param {Row} row @param {readonly string[]} targets */
export function printRow({ workload, phase, threads, own, peers }, targets) {
  const blank = targets.map(() => "");
  own.forEach((result, i) => {
    const share = result.peak === undefined ? "-" : `${Math.round(result.peak * 100)}`;
    const head = i === 0 ? [workload, phase, threads] : ["", "", ""];
    const name = `auricle ${result.version ?? ""} ${result.target}`;
    print([...head, name, time(result), ...blank, share, megabytes(result.peakBytes)], targets.length);
  });
  for (const result of peers) {
    const name = `${result.peer} ${result.version ?? ""}`;
    const ratios = targets.map((target) => {
      const ratio = result.ratios?.[target];
      return ratio === undefined ? "" : `${ratio}x`;
    });
    print(["", "", "", name, time(result), ...ratios, "", megabytes(result.peakBytes)], targets.length);
  }
  const memory = own.map(({ target, firstStepMs, arenaBytes, grownBytes }) => {
    return `${target}: first step ${firstStepMs} ms, arena ${megabytes(arenaBytes)} MB, grown by ${grownBytes} bytes`;
  });
  console.log(`           ${memory.join("; ")}`);
}

/** @file Figures of the drawn convolutions: shares, and the worst with what limits them. */

/** @typedef {import("./plot.mjs").Point & { name: string, pass: string, ms: number, peerMs: number, gigamacs: number, peerGigamacs: number,
 *   bytes: number, peakShare: number, bandwidthShare: number, best: string, lostToBest: number, error?: string, kernels: string[] }} Row */

const WORST = 20;
/** The rule's choice may be this much slower than the best. */
export const NEARLY = 1.1;
/** Below it what remains is starting the threads and waiting for them. */
const SHORT_MS = 0.02;
/** Less is in a cache, whose bandwidth is not the memory's. */
const CACHE_BYTES = 4e6;

/** @param {readonly number[]} sorted @param {number} part */
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** @param {Row} row */
export function reasonOf({ ms, bytes, lostToBest, best, peakShare, bandwidthShare, kernels }) {
  const reasons = [];
  if (lostToBest > NEARLY) reasons.push(`${best} is ${lostToBest.toFixed(2)} times as fast`);
  if (ms < SHORT_MS) reasons.push("short: the threads' start and end");
  if (bytes > CACHE_BYTES && bandwidthShare > 0.5)
    reasons.push(`memory, ${percent(bandwidthShare)} of its bandwidth`);
  if (peakShare > 0.7) reasons.push(`arithmetic, ${percent(peakShare)} of the peak`);
  if (kernels.length > 1) reasons.push(`${kernels.length} kernels`);
  if (reasons.length === 0) reasons.push(`its loops: ${percent(peakShare)} of the peak`);
  return reasons.join("; ");
}

const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {readonly Row[]} rows the worst ratio first */
export const worstOf = (rows) => [...rows].sort((a, b) => a.ratio - b.ratio).slice(0, WORST);

/** The share of rows for which the rule's choice is nearly the best. @param {readonly Row[]} rows */
export const wellChosen = (rows) =>
  rows.filter(({ lostToBest }) => lostToBest <= NEARLY).length / rows.length;

/** Figures of a pass. @param {readonly Row[]} rows */
export function figuresOf(rows) {
  const ratios = rows.map(({ ratio }) => ratio).sort((a, b) => a - b);
  return {
    count: rows.length,
    least: ratios[0],
    tenth: quantile(ratios, 0.1),
    median: quantile(ratios, 0.5),
    slower: ratios.filter((ratio) => ratio < 1).length / ratios.length,
    wellChosen: wellChosen(rows),
  };
}

/** @param {readonly Row[]} rows */
export function summaryOf(rows) {
  const passes = [...new Set(rows.map(({ pass }) => pass))];
  const lines = passes.map((pass) => {
    const {
      count,
      least,
      tenth,
      median,
      slower,
      wellChosen: well,
    } = figuresOf(rows.filter((row) => row.pass === pass));
    const ratios = [least, tenth, median].map((ratio) => ratio.toFixed(2));
    return `${pass.padEnd(16)} ${count} shapes, ratio: least ${ratios[0]}, tenth ${ratios[1]}, median ${ratios[2]}; slower than PyTorch ${percent(slower)}; chosen within 10 % of the best ${percent(well)}`;
  });
  const worst = worstOf(rows).map(
    (row) =>
      `${row.ratio.toFixed(2).padStart(5)}  ${row.gigamacs.toFixed(1).padStart(6)} beside ${row.peerGigamacs.toFixed(1).padStart(6)} GMAC/s  ${row.pass.padEnd(16)} ${row.name}: ${reasonOf(row)}`,
  );
  const errors = rows
    .filter(({ error }) => error)
    .map(({ name, pass, error }) => `error: ${pass} of ${name}: ${error}`);
  return [...lines, "", "The worst:", ...worst, ...errors].join("\n");
}

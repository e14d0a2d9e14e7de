/** @file The slowest kernels of a profile as a table for the terminal. */

import type { KernelProfile, Profile } from "../runtime/profile.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { formatPercent, formatTable, padEnd, shorten, wrapText } from "./text.ts";

const SHOWN = 10;

/** Text of several lines, without one at the end. */
export function formatProfile({ kernels, lost }: Profile, path: string, stream: TextStream): string {
  const { bold } = colorsOf(stream);
  const width = widthOf(stream);
  const slowest = kernels.slice(0, SHOWN);
  const figures = formatTable([["ms", "share", "speed", "of peak"], ...slowest.map(figuresOf)], "rrrr");
  const left = width - Math.max(...figures.map((line) => line.length)) - 2;
  const labels = ["kernel", ...slowest.map(({ label }) => label)];
  const note =
    "ms: time per run, summed over the threads. Speed and share of peak are per thread: GFLOP/s for kernels " +
    "that multiply and add, GB/s of their buffers for others. The peak was measured just now.";
  const lines = [
    bold(slowest.length < kernels.length ? `The ${SHOWN} slowest of ${kernels.length} kernels` : "Kernels"),
    ...labels.map((label, row) => `${padEnd(shortLabel(label, left), left)}  ${figures[row]}`),
    ...wrapText(note, width),
    ...(lost > 0 ? [`${lost} events did not fit and are missing.`] : []),
    `${bold("Trace:")} ${path}`,
    "       for https://ui.perfetto.dev or chrome://tracing",
  ];
  return lines.join("\n");
}

/** Cuts the list of operations, not the layer that they are in. */
function shortLabel(label: string, width: number): string {
  const end = label.lastIndexOf(" in ");
  const layer = end < 0 ? "" : label.slice(end);
  return shorten(label.slice(0, label.length - layer.length), width - layer.length) + layer;
}

function figuresOf({ milliseconds, share, gigaflops, gigabytes, peakShare, multiplyAdds }: KernelProfile) {
  const computes = multiplyAdds > 0;
  return [
    milliseconds.toFixed(3),
    formatPercent(share, 1),
    computes ? `${gigaflops.toFixed(1)} GFLOP/s` : `${gigabytes.toFixed(1)} GB/s   `,
    computes ? formatPercent(peakShare, 0) : "",
  ];
}

/** @file The ratio of times by multiply-adds, both logarithmic: as text, and as SVG in the colours of the reader's scheme. */

/** @typedef {{ multiplyAdds: number, ratio: number, pass: string }} Point */

const PASSES = ["forward", "input gradient", "filter gradient"];
const [WIDTH, HEIGHT] = [820, 440];
const MARGIN = { left: 60, right: 20, top: 40, bottom: 50 };
const STYLE = `<style>
svg { --paper: #ffffff; --ink: #1f2328; --faint: #d8dee4; --pass0: #0969da; --pass1: #bc4c00; --pass2: #1a7f37; font: 12px sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --faint: #2a313a; --pass0: #58a6ff; --pass1: #f0883e; --pass2: #3fb950; }
}
text { fill: var(--ink); } circle { fill-opacity: 0.6; }
</style>`;

/** Whole exponents of a base around all values. @param {readonly number[]} values @param {number} base */
function bounds(values, base) {
  const logs = values.map((value) => Math.log(value) / Math.log(base));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  return high > low ? [low, high] : [low, low + 1];
}

/** Multiply-adds by tens, ratios by twos. @param {readonly Point[]} points */
function scales(points) {
  const [left, right] = bounds(
    points.map(({ multiplyAdds }) => multiplyAdds),
    10,
  );
  const [bottom, top] = bounds([...points.map(({ ratio }) => ratio), 1], 2);
  return {
    left,
    right,
    bottom,
    top,
    across: (/** @type {number} */ value) => (Math.log10(value) - left) / (right - left),
    up: (/** @type {number} */ value) => (Math.log2(value) - bottom) / (top - bottom),
  };
}

/** Digits count the points of a place; the line is where both are equally fast. @param {readonly Point[]} points */
export function asciiPlot(points) {
  const [columns, rows] = [72, 20];
  const { across, up, left, right, bottom, top } = scales(points);
  const counts = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
  const row = (/** @type {number} */ value) => Math.round((1 - up(value)) * (rows - 1));
  for (const { multiplyAdds, ratio } of points) {
    counts[row(ratio)][Math.round(across(multiplyAdds) * (columns - 1))]++;
  }
  const lines = counts.map((cells, y) => {
    const empty = y === row(1) ? "-" : " ";
    const label = y === 0 ? `${2 ** top}` : y === row(1) ? "1" : y === rows - 1 ? `${2 ** bottom}` : "";
    return `${label.padStart(8)} |${cells.map((count) => (count === 0 ? empty : count > 9 ? "#" : count)).join("")}`;
  });
  const axis = `${"".padStart(9)}10^${left}${`10^${right} multiply-adds`.padStart(columns - 4)}`;
  return ["PyTorch's time over Auricle's", ...lines, axis].join("\n");
}

/** @param {readonly Point[]} points */
export function svgPlot(points) {
  const { across, up, left, right, bottom, top } = scales(points);
  const x = (/** @type {number} */ value) =>
    MARGIN.left + across(value) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (/** @type {number} */ value) =>
    MARGIN.top + (1 - up(value)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const at = (/** @type {number} */ value) => value.toFixed(1);
  const line = (x1, y1, x2, y2, color) =>
    `<path d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}" stroke="var(--${color})"/>`;
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const vertical = range(left, right).flatMap((power) => [
    line(x(10 ** power), MARGIN.top, x(10 ** power), HEIGHT - MARGIN.bottom, "faint"),
    `<text x="${at(x(10 ** power))}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">10^${power}</text>`,
  ]);
  const horizontal = range(bottom, top).flatMap((power) => [
    line(MARGIN.left, y(2 ** power), WIDTH - MARGIN.right, y(2 ** power), power === 0 ? "ink" : "faint"),
    `<text x="${MARGIN.left - 6}" y="${at(y(2 ** power) + 4)}" text-anchor="end">${2 ** power}</text>`,
  ]);
  const dots = points.map(
    ({ multiplyAdds, ratio, pass }) =>
      `<circle cx="${at(x(multiplyAdds))}" cy="${at(y(ratio))}" r="2.5" fill="var(--pass${PASSES.indexOf(pass)})"/>`,
  );
  const legend = PASSES.map(
    (pass, i) =>
      `<circle cx="${MARGIN.left + 10 + 130 * i}" cy="20" r="4" fill="var(--pass${i})"/><text x="${MARGIN.left + 20 + 130 * i}" y="24">${pass}</text>`,
  );
  const titles = [
    `<text x="${WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">multiply-adds</text>`,
    `<text transform="translate(16 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">PyTorch's time over Auricle's</text>`,
  ];
  const parts = [...vertical, ...horizontal, ...dots, ...legend, ...titles];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Ratio of times by multiply-adds">
${STYLE}
<rect width="100%" height="100%" fill="var(--paper)"/>
${parts.join("\n")}
</svg>
`;
}

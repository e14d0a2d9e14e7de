/**
 * @file The roofline of Williams, Waterman and Patterson (2009) as SVG: each layer's pass by its arithmetic intensity and the
 * speed that it reached, under what memory and multiply-adds allow. Drawn by Vega, one of the packages of
 * bench/peers. Its colours follow the reader's scheme, light or dark.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const WIDTH = 820;
const HEIGHT = 440;
const FONT_SIZE = 11;

const PASSES = ["forward", "input gradient", "filter gradient", "backward"];
const SHAPES = ["circle", "triangle-up", "square", "diamond"];

/** The chart's colours are variables with a value for the light scheme and one for the dark. */
const STYLE = `<style>
svg { --paper: #ffffff; --ink: #1f2328; --faint: #d8dee4; --line: #6e7781;
  --pass0: #0969da; --pass1: #bc4c00; --pass2: #1a7f37; --pass3: #8250df; }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --faint: #2a313a; --line: #8d96a0;
    --pass0: #58a6ff; --pass1: #f0883e; --pass2: #3fb950; --pass3: #bc8cff; }
}
</style>`;

/** @typedef {{ gigaflops: number, gigabytes: number }} Limits */
/** @typedef {{ label: string, pass: string, intensity: number, gigaflops: number }} Point */

/** Imports Vega, by its place since bench/peers has packages of its own. */
async function loadVega() {
  const require = createRequire(new URL("peers/package.json", import.meta.url));
  let file;
  try {
    file = require.resolve("vega");
  } catch {
    throw new Error('the roofline is drawn by Vega, which is not installed: run "npm run peers" first');
  }
  return import(pathToFileURL(file).href);
}

/** Powers of ten around all values. @param {number[]} values */
function decades(values) {
  return [
    10 ** Math.floor(Math.log10(Math.min(...values))),
    10 ** Math.ceil(Math.log10(Math.max(...values))),
  ];
}

/** @param {[number, number]} x @param {[number, number]} y */
function scalesAndAxes(x, y) {
  const axis = {
    grid: true,
    gridColor: "var(--faint)",
    domainColor: "var(--line)",
    tickColor: "var(--line)",
    labelColor: "var(--ink)",
    titleColor: "var(--ink)",
    titleFontWeight: "normal",
    titleFontSize: 13,
    labelFontSize: 12,
    titlePadding: 8,
    tickCount: 4,
    format: ",~r",
  };
  return {
    scales: [
      { name: "x", type: "log", domain: x, range: "width" },
      { name: "y", type: "log", domain: y, range: "height" },
      {
        name: "color",
        type: "ordinal",
        domain: PASSES,
        range: PASSES.map((_, i) => `var(--pass${i})`),
      },
      { name: "shape", type: "ordinal", domain: PASSES, range: SHAPES },
    ],
    axes: [
      { ...axis, scale: "x", orient: "bottom", title: "arithmetic intensity, FLOP/byte" },
      { ...axis, scale: "y", orient: "left", title: "speed, GFLOP/s" },
    ],
    legends: [
      {
        fill: "color",
        shape: "shape",
        orient: "bottom",
        direction: "horizontal",
        labelColor: "var(--ink)",
        labelFontSize: 12,
        symbolStrokeWidth: 0,
      },
    ],
  };
}

/** A mark at (x, y) of the scales. */
const at = (x, y) => ({ x: { scale: "x", ...x }, y: { scale: "y", ...y } });

/**
 * The roof and what each of its sides is.
 * @param {Limits} limits
 * @param {number} foot least intensity of the roof
 * @param {number} most largest intensity of the chart
 * @param {number} slope of the memory's side in pixels, up for each to the right
 */
function roofMarks({ gigaflops, gigabytes }, foot, most, slope) {
  const label = (text, x, y, align, dy) => ({
    type: "text",
    encode: {
      enter: {
        ...at({ value: x }, { value: y }),
        text: { value: text },
        dx: { value: align === "left" ? 6 : -6 },
        dy: { value: dy },
        align: { value: align },
        fill: { value: "var(--ink)" },
        fontSize: { value: 12 },
      },
    },
  });
  const line = {
    type: "line",
    from: { data: "roof" },
    encode: {
      enter: {
        ...at({ field: "intensity" }, { field: "gigaflops" }),
        stroke: { value: "var(--line)" },
        strokeWidth: { value: 2 },
      },
    },
  };
  const memory = `memory, ${gigabytes.toFixed(0)} GB/s`;
  return [
    line,
    label(`multiply-adds, ${gigaflops.toFixed(0)} GFLOP/s`, most, gigaflops, "right", -8),
    // So high that its end does not meet the line.
    label(memory, foot, foot * gigabytes, "left", -slope * (memory.length * 6.5 + 12)),
  ];
}

/** Points, and labels on whichever side of them is free. */
function pointMarks() {
  const fill = { scale: "color", field: "pass" };
  const points = {
    type: "symbol",
    from: { data: "points" },
    encode: {
      enter: {
        ...at({ field: "intensity" }, { field: "gigaflops" }),
        shape: { scale: "shape", field: "pass" },
        fill,
        size: { value: 60 },
      },
    },
  };
  const labels = {
    type: "text",
    from: { data: "points" },
    encode: {
      enter: {
        ...at({ field: "intensity" }, { field: "gigaflops" }),
        text: { field: "label" },
        align: { field: "align" },
        baseline: { value: "middle" },
        dx: { field: "dx" },
        dy: { field: "dy" },
        fontSize: { value: FONT_SIZE },
        fill,
      },
    },
  };
  return [points, labels];
}

/** Where a label may stand, from its point: beginning or end of the text, and its middle's height, in pixels. */
const PLACES = [0, -12, 12, -24, 24, -36, 36, -48, 48].flatMap((dy) => [
  { align: "left", dx: 8, dy },
  { align: "right", dx: -8, dy },
]);

/** Gives each label the first place that overlaps no point and no other label. @param {Point[]} points */
function placeLabels(points, x, y) {
  const across = (value, [from, to]) => Math.log(value / from) / Math.log(to / from);
  const spots = points.map((point) => ({
    left: across(point.intensity, x) * WIDTH,
    top: (1 - across(point.gigaflops, y)) * HEIGHT,
  }));
  const taken = spots.map(({ left, top }) => ({
    left: left - 5,
    right: left + 5,
    top: top - 5,
    bottom: top + 5,
  }));
  const boxOf = ({ left, top }, { align, dx, dy }, text) => {
    const width = text.length * FONT_SIZE * 0.55;
    const start = left + dx - (align === "right" ? width : 0);
    return { left: start, right: start + width, top: top + dy - 6, bottom: top + dy + 6 };
  };
  const isFree = (box) =>
    taken.every(
      (o) => box.right < o.left || o.right < box.left || box.bottom < o.top || o.bottom < box.top,
    ) &&
    box.left > 0 &&
    box.right < WIDTH;
  return points.map((point, i) => {
    const place = PLACES.find((p) => isFree(boxOf(spots[i], p, point.label))) ?? PLACES[0];
    taken.push(boxOf(spots[i], place, point.label));
    return { ...point, ...place };
  });
}

/**
 * @param {Limits} limits
 * @param {readonly { layer: string, pass: string, operations: number, bytes: number, gigaflops: number }[]} rows
 * @param {string} title
 * @returns {Promise<string>} an SVG document
 */
export async function drawRoofline(limits, rows, title) {
  const { View, parse } = await loadVega();
  const points = rows.map(({ layer, pass, operations, bytes, gigaflops }) => ({
    label: layer,
    pass,
    intensity: operations / bytes,
    gigaflops,
  }));
  const ridge = limits.gigaflops / limits.gigabytes;
  const x = decades([...points.map(({ intensity }) => intensity), ridge]);
  const y = decades([...points.map(({ gigaflops }) => gigaflops), limits.gigaflops]);
  const foot = Math.max(x[0], y[0] / limits.gigabytes);
  const roof = [foot, ridge, x[1]].map((intensity) => ({
    intensity,
    gigaflops: Math.min(limits.gigaflops, intensity * limits.gigabytes),
  }));
  const slope = ((HEIGHT / WIDTH) * Math.log(x[1] / x[0])) / Math.log(y[1] / y[0]);
  const specification = {
    width: WIDTH,
    height: HEIGHT,
    padding: 12,
    background: "var(--paper)",
    title: { text: title, color: "var(--ink)", fontWeight: "normal", fontSize: 14, anchor: "start" },
    data: [
      { name: "roof", values: roof },
      { name: "points", values: placeLabels(points, x, y) },
    ],
    ...scalesAndAxes(x, y),
    marks: [...roofMarks(limits, foot, x[1], slope), ...pointMarks()],
  };
  const svg = await new View(parse(specification), { renderer: "none" }).toSVG();
  return svg.replace(/<svg[^>]*>/, (opening) => `${opening}\n${STYLE}`) + "\n";
}

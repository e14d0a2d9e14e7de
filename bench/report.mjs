/**
 * @file Puts results into docs/benchmarks.md, in place of what stands between its markers, and draws docs/roofline.svg and docs/random.svg.
 * Sections that the results say nothing of stay as they are.
 *
 *     npm run --silent bench -- --json > workloads.jsonl
 *     npm run --silent bench -- layers --json > layers.jsonl
 *     npm run --silent bench -- scaling --json > scaling.jsonl
 *     npm run --silent bench -- zoo --json > zoo.jsonl
 *     npm run --silent bench -- random --json > random.jsonl
 *     npm run bench -- report workloads.jsonl layers.jsonl scaling.jsonl zoo.jsonl random.jsonl
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { random, randomRows } from "./random/report.mjs";
import { svgPlot } from "./random/plot.mjs";
import * as sections from "./report-sections.mjs";
import { drawRoofline } from "./roofline.mjs";

const page = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
const chart = fileURLToPath(new URL("../docs/roofline.svg", import.meta.url));
const scatter = fileURLToPath(new URL("../docs/random.svg", import.meta.url));

/** Lines that are no JSON are what npm and the build said. */
function readResults(files) {
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
  return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
}

function replaceSection(text, name, content) {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${page}: there must be ${begin} and after it ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("report: give the files with results, written with --json");
const results = readResults(files);
const contents = {
  workloads: sections.workloads(results, "models"),
  architectures: sections.workloads(results, "architectures"),
  memory: sections.memory(results),
  layers: sections.layers(results),
  scaling: sections.scaling(results),
  zoo: sections.zoo(results),
  random: random(results),
};
let text = readFileSync(page, "utf8");
for (const [name, content] of Object.entries(contents)) {
  if (content) text = replaceSection(text, name, content);
}
writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));

const limits = sections.chosenLimits(results);
if (limits) {
  const { workload, target, threads } = limits;
  const rows = sections.layersOf(results, limits);
  const title = `${workload}, ${target}, ${sections.threadsText(threads)}: a training step's layers`;
  writeFileSync(chart, await drawRoofline(limits, rows, title));
}
const drawn = randomRows(results);
if (drawn.length > 0) writeFileSync(scatter, svgPlot(drawn));
const written = [page, ...(limits ? [chart] : []), ...(drawn.length > 0 ? [scatter] : [])];
console.log(`written: ${written.join(", ")}`);

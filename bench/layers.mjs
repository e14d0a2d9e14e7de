/**
 * @file One row for each layer and pass of a workload: time, GFLOP/s, share of the multiply-add peak, bytes and share of
 * the memory bandwidth, both limits measured in the same run. Each pass is a program of its own, alone in the caches; the
 * last lines compare the sum of all with a whole training step.
 *
 *     npm run bench -- layers --workload vgg4 --target avx512 --threads 2 --seconds 0.5 --json
 *
 * Bytes are those that have to be moved: what a pass takes and gives, each once. A share of the bandwidth above 1 says
 * that the caches held some of it. Operations are those of the direct loops, so a convolution by fewer multiplications
 * (Winograd's) may pass the peak.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gradients } from "../dist/ops/index.js";
import { memoryBandwidth } from "./bandwidth.mjs";
import { stagesOf } from "./layer-passes.mjs";
import { machineLine } from "./machine.mjs";
import { multiplyAddPeak } from "../dist/runtime/peak.js";
import { measure } from "./process.mjs";
import { fastestTarget, targetsNamed, threadCounts } from "./targets.mjs";
import { programOf, trace } from "./traced.mjs";
import { TABLES } from "./workloads.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const { values: flags } = parseArgs({
  options: {
    workload: { type: "string", default: "vgg4" },
    threads: { type: "string", default: "2" },
    target: { type: "string" },
    seconds: { type: "string", default: "0.5" },
    json: { type: "boolean", default: false },
  },
});
/** The engine's optimising compiler must have replaced its quick first code of WebAssembly. */
const WARM_UP_SECONDS = 1;
const LEAST_RUNS = 5;

const product = (shape) => shape.reduce((total, length) => total * length, 1);

/** Medians of the programs' times in milliseconds, run in turn. */
function medians(programs, target) {
  const warm = performance.now() + (target.startsWith("wasm") ? WARM_UP_SECONDS * 1000 : 0);
  do for (const program of programs) program.run();
  while (performance.now() < warm);
  const times = programs.map(() => []);
  const end = performance.now() + Number(flags.seconds) * 1000;
  while (times[0].length < LEAST_RUNS || performance.now() < end) {
    programs.forEach((program, i) => {
      const before = performance.now();
      program.run();
      times[i].push(performance.now() - before);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}

/** Passes of a convolution or a matrix product: all of them do the same multiply-adds and move the same bytes. */
function productPasses(stage, options) {
  const { inputs, output, gradient, loss } = trace(stage);
  const [x, ...weights] = inputs;
  const multiplyAdds = product(output.shape) * product(stage.weightShapes[0].slice(0, -1));
  const shapes = [stage.inputShape, stage.weightShapes[0], output.shape];
  const bytes = 4 * shapes.reduce((total, shape) => total + product(shape), 0);
  const passes = [{ pass: "forward", outputs: [output], of: inputs }];
  const backward = [...inputs, gradient];
  if (!stage.first) passes.push({ pass: "input gradient", outputs: gradients(loss, [x]), of: backward });
  passes.push({ pass: "filter gradient", outputs: gradients(loss, weights), of: backward });
  return passes.map(({ pass, outputs, of }) => {
    const [ms] = medians([programOf(of, outputs, options)], options.target);
    return { pass, ms, operations: 2 * multiplyAdds, bytes };
  });
}

/** Passes of a block. Its backward pass needs what forward has found out, so it is the time of both less forward's. */
function blockPasses(stage, options) {
  const { inputs, output, gradient, loss } = trace(stage);
  const forward = programOf(inputs, [output], options);
  const both = programOf([...inputs, gradient], [output, ...gradients(loss, inputs)], options);
  const [forwardMs, bothMs] = medians([forward, both], options.target);
  const elements = product(stage.inputShape);
  const results = product(output.shape);
  const [operations, backwardOperations] = stage.operations;
  return [
    { pass: "forward", ms: forwardMs, operations: operations * elements, bytes: 4 * (elements + results) },
    {
      pass: "backward",
      ms: bothMs - forwardMs,
      operations: backwardOperations * elements,
      bytes: 4 * (2 * elements + results),
    },
  ];
}

function outputShapeOf(stage) {
  return trace(stage).output.shape;
}

/** @param {string} target @param {number} threads */
function measureLayers(target, threads) {
  const options = { target, threads };
  const peak = multiplyAddPeak(target, threads);
  const bandwidth = memoryBandwidth(target, threads);
  const limits = { kind: "limits", workload: flags.workload, target, threads };
  const rows = stagesOf(TABLES.models[flags.workload], outputShapeOf).flatMap((stage) => {
    // Beside the layer, since the processor's clock changes in the course of a run.
    const peakGigaflops = peak();
    const passes = stage.multiplies ? productPasses(stage, options) : blockPasses(stage, options);
    return passes.map(({ pass, ms, operations, bytes }) => ({
      kind: "layer",
      workload: flags.workload,
      target,
      threads,
      layer: stage.name,
      parts: stage.parts,
      pass,
      multiplies: stage.multiplies,
      ms,
      operations,
      bytes,
      gigaflops: operations / ms / 1e6,
      peakShare: operations / ms / 1e6 / peakGigaflops,
      gigabytes: bytes / ms / 1e6,
      bandwidthShare: bytes / ms / 1e6 / bandwidth,
    }));
  });
  const args = ["--workload", flags.workload, "--phase", "train", "--threads", `${threads}`];
  const step = measure(
    [process.execPath, "auricle.mjs"],
    [...args, "--seconds", "2", "--target", target],
    here,
  );
  const sumMs = rows.reduce((total, { ms }) => total + ms, 0);
  return [{ ...limits, gigaflops: peak(), gigabytes: bandwidth, sumMs, stepMs: step.ms }, ...rows];
}

/** @param {readonly (string | number)[]} cells */
function print(cells) {
  const widths = [10, 11, 11, 10, 9, 9, 9, 10];
  console.log(cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join(""));
}

const percent = (share) => `${Math.round(share * 100)} %`;

function printLayers([limits, ...rows]) {
  const { target, threads, gigaflops, gigabytes, sumMs, stepMs } = limits;
  console.log(
    `${flags.workload}, ${target}, threads: ${threads}. Multiply-add peak ${gigaflops.toFixed(1)} GFLOP/s, memory ${gigabytes.toFixed(1)} GB/s`,
  );
  print(["layer", "pass", "ms", "GFLOP/s", "% peak", "MB", "GB/s", "% memory"]);
  for (const row of rows) {
    print([
      row.layer,
      row.pass,
      row.ms.toFixed(3),
      row.gigaflops.toFixed(1),
      percent(row.peakShare),
      (row.bytes / 1e6).toFixed(1),
      row.gigabytes.toFixed(1),
      percent(row.bandwidthShare),
      row.parts ?? "",
    ]);
  }
  console.log(`all of these ${sumMs.toFixed(1)} ms; a whole training step ${stepMs?.toFixed(1)} ms\n`);
}

if (flags.json) console.log(JSON.stringify(machineLine()));
for (const target of await targetsNamed(flags.target ?? (await fastestTarget()))) {
  for (const threads of threadCounts(flags.threads)) {
    const lines = measureLayers(target, threads);
    if (flags.json) for (const line of lines) console.log(JSON.stringify(line));
    else printLayers(lines);
  }
}
process.exit(0);

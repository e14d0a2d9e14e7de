/**
 * @file Auricle's own side of the bench: one workload, one phase, one JSON line, as the peers print theirs.
 *
 *     node bench/auricle.mjs --workload lenet5 --phase train --threads 2 --target wasm --seconds 5
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { modelNamed } from "../dist/models/index.js";
import { Model } from "../dist/nn/index.js";
import * as layers from "../dist/nn/layers/index.js";
import { graphNetwork } from "../dist/nn/network-builders.js";
import { input as symbolicInput } from "../dist/nn/symbolic.js";
import { Generator } from "../dist/random/generator.js";
import { multiplyAddPeak } from "../dist/runtime/peak.js";
import { chooseTarget } from "../dist/runtime/target.js";
import { networkOf, tableOf, WORKLOADS } from "./workloads.mjs";

const { values: flags } = parseArgs({
  options: {
    workload: { type: "string", default: "lenet5" },
    phase: { type: "string", default: "train" },
    threads: { type: "string", default: "2" },
    target: { type: "string" },
    seconds: { type: "string", default: "5" },
  },
});
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const workload = WORKLOADS[flags.workload];
const { batch, input, classes, parameters } = workload;
const threads = Number(flags.threads);
const target = chooseTarget(flags.target);
/** Before measuring, the engine's optimising compiler must have replaced its quick first code of WebAssembly. */
const WARM_UP_SECONDS = target.startsWith("wasm") ? 2 : 0.5;

const generator = new Generator(1);
const size = batch * input.reduce((product, length) => product * length, 1);
const x = Float32Array.from({ length: size }, () => generator.normal());
const labels = Int32Array.from({ length: batch }, () => generator.integer(classes));

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function prepare() {
  const network =
    tableOf(flags.workload) === "models"
      ? modelNamed(flags.workload)
      : networkOf(workload, { input: symbolicInput, layers, graphNetwork });
  const model = new Model(network, { target, threads });
  const count = model.network.weights
    .filter(({ trainable }) => trainable)
    .reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1), 0);
  if (count !== parameters) throw new Error(`${flags.workload}: ${count} parameters, not ${parameters}`);
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
  const { trainer } = model;
  if (flags.phase === "train") {
    const program = trainer.programs.train({
      batchSize: batch,
      targets: [{ shape: [], dtype: "int32" }],
      weighted: [false],
    });
    const arrays = program.arrays();
    arrays.inputs[0].set(x);
    arrays.targets[0].set(labels);
    return { model, report: program.compiled.report, step: () => trainer.trainStep(program) };
  }
  const program = model.predictor.program(batch);
  program.inputView(0).set(x);
  return { model, report: program.report, step: () => program.run() };
}

const before = performance.now();
const { model, report, step } = prepare();
step();
const firstStepMs = Math.round(performance.now() - before);
const arenaBytes = model.network.arena.memory.buffer.byteLength;

let steps = 1;
const warm = performance.now() + WARM_UP_SECONDS * 1000;
for (; steps < 5 || performance.now() < warm; steps++) step();
// The optimising compiler hands its code over between turns of the event loop.
await new Promise((resolve) => setTimeout(resolve, 200));
for (let i = 0; i < 3; i++) step();

const times = [];
const start = performance.now();
while (times.length < 3 || performance.now() - start < Number(flags.seconds) * 1000) {
  const begin = performance.now();
  step();
  times.push(performance.now() - begin);
}
const ms = median(times);

const grownBytes = model.network.arena.memory.buffer.byteLength - arenaBytes;

const multiplyAdds = report.calls.reduce((sum, call) => sum + call.multiplyAdds, 0);
const gigaflops = (2 * multiplyAdds) / ms / 1e6;
const peakGigaflops = multiplyAddPeak(target, threads)();
const line = {
  peer: "auricle",
  version,
  workload: flags.workload,
  phase: flags.phase,
  target,
  threads,
  ms: Number(ms.toFixed(4)),
  best: Number(Math.min(...times).toFixed(4)),
  runs: times.length,
  gigaflops: Number(gigaflops.toFixed(1)),
  peakGigaflops: Number(peakGigaflops.toFixed(1)),
  peak: Number((gigaflops / peakGigaflops).toFixed(3)),
  firstStepMs,
  arenaBytes,
  scratchBytes: report.scratchBytes,
  /** Since the first step, over `steps` steps. */
  grownBytes,
  steps: steps + times.length,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(line));
process.exit(0);

/**
 * @file Auricle's side of the zoo: builds one network, writes it for the peers with an input and its outputs, and then measures as
 * often as it is asked, so that the libraries take turns. Each line of input is a command, each line of output its answer, in JSON.
 *
 *     node bench/zoo/auricle-side.mjs --network resnet18 --phase train --threads 2 --out folder
 *     {"seconds": 0.5}
 *     {"profile": 5}
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { exportPytorch } from "../../dist/formats/index.js";
import { Model } from "../../dist/nn/index.js";
import { Generator } from "../../dist/random/generator.js";
import { startProfile } from "../../dist/runtime/profile.js";
import { chooseTarget } from "../../dist/runtime/target.js";
import { ZOO } from "./networks.mjs";

const { values: flags } = parseArgs({
  options: {
    network: { type: "string", default: "resnet18" },
    phase: { type: "string", default: "infer" },
    threads: { type: "string", default: "2" },
    batch: { type: "string" },
    target: { type: "string" },
    out: { type: "string" },
  },
});
const { batch: ownBatch, build } = ZOO[flags.network];
const batch = Number(flags.batch ?? ownBatch);
const target = chooseTarget(flags.target);
/** Before measuring, the engine's optimising compiler must have replaced its quick first code of WebAssembly. */
const WARM_UP_SECONDS = target.startsWith("wasm") ? 2 : 0.3;

const product = (shape) => shape.reduce((total, length) => total * length, 1);
const bytesOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);

const generator = new Generator(1);
const network = build();
const [inputShape] = network.inputShapes;
const shape = [batch, ...inputShape];
const x = Float32Array.from({ length: product(shape) }, () => generator.normal());
const parameters = network.weights
  .filter(({ trainable }) => trainable)
  .reduce((sum, weight) => sum + product(weight.shape), 0);

const initial = network.getWeights();

/** The module, its weights, the input and the outputs: `network.py`, `.pt`, `.bin` and `.json`. */
function writeForPeers() {
  // Training has moved them.
  network.setWeights(initial);
  const { className, program, weights } = exportPytorch(network);
  const predictions = inference();
  predictions.step();
  const outputs = predictions.outputs();
  writeFileSync(join(flags.out, "network.py"), program);
  writeFileSync(join(flags.out, "network.pt"), weights("pt"));
  writeFileSync(join(flags.out, "network.bin"), Buffer.concat([bytesOf(x), bytesOf(outputs)]));
  const facts = { className, parameters, input: shape };
  writeFileSync(join(flags.out, "network.json"), JSON.stringify(facts));
}

const model = new Model(network, { target, threads: Number(flags.threads) });
model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });

function inference() {
  const program = model.predictor.program(batch);
  program.inputView(0).set(x);
  return { report: program.report, step: () => program.run(), outputs: () => program.output(0).data };
}

function training() {
  const { trainer } = model;
  const program = trainer.programs.train({
    batchSize: batch,
    targets: [{ shape: [], dtype: "int32" }],
    weighted: [false],
  });
  const arrays = program.arrays();
  arrays.inputs[0].set(x);
  arrays.targets[0].forEach((_, i, labels) => (labels[i] = generator.integer(10)));
  return { report: program.compiled.report, step: () => trainer.trainStep(program) };
}

/** @returns {number} milliseconds */
function timed(step) {
  const begin = performance.now();
  step();
  return performance.now() - begin;
}

let prepared;
const firstStepMs = timed(() => {
  prepared = flags.phase === "train" ? training() : inference();
  prepared.step();
});
const { report, step } = prepared;
const secondStepMs = timed(step);
if (flags.out !== undefined) writeForPeers();
for (const end = performance.now() + WARM_UP_SECONDS * 1000; performance.now() < end;) step();
// The optimising compiler hands its code over between turns of the event loop.
await new Promise((resolve) => setTimeout(resolve, 200));

/** @param {number} seconds */
function measure(seconds) {
  const times = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < 2 || performance.now() < end) times.push(timed(step));
  return times;
}

/** The slowest kernels of some steps. @param {number} count */
function profile(count) {
  const recorder = startProfile();
  for (let i = 0; i < 3; i++) step();
  return recorder.stop().kernels.slice(0, count);
}

const answer = (line) => console.log(JSON.stringify(line));
const total = (key) => report.calls.reduce((sum, call) => sum + call[key], 0);
answer({
  target,
  batch,
  input: inputShape,
  parameters,
  firstStepMs,
  secondStepMs,
  multiplyAdds: total("multiplyAdds"),
  bytes: total("bytes"),
});
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.profile) answer({ kernels: profile(command.profile) });
  else answer({ times: measure(command.seconds) });
}
process.exit(0);

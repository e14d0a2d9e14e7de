/**
 * @file One point of the scaling bench: a network of one batch size, number of channels and image size, one JSON line.
 *
 *     node bench/auricle-scaling.mjs --batch 8 --channels 32 --image 64 --threads 2 --target wasm --phase train --seconds 1
 */
import { parseArgs } from "node:util";
import {
  batchNormalization,
  conv2d,
  dense,
  globalAveragePooling2d,
  maxPooling2d,
  reLU,
  sequential,
} from "../dist/index.js";

const { values: flags } = parseArgs({
  options: {
    batch: { type: "string" },
    channels: { type: "string" },
    image: { type: "string" },
    threads: { type: "string" },
    target: { type: "string" },
    phase: { type: "string", default: "train" },
    seconds: { type: "string", default: "1" },
  },
});
const [batch, channels, image, threads] = [flags.batch, flags.channels, flags.image, flags.threads].map(
  Number,
);
const CLASSES = 10;
const LEAST_RUNS = 3;
const WARM_UP_SECONDS = flags.target.startsWith("wasm") ? 1 : 0.2;

/** Two convolutions from as many channels to as many, whose work grows with the channels' square. */
function network() {
  const block = (options) => [
    conv2d({ filters: channels, kernelSize: 3, padding: "same", ...options }),
    batchNormalization(),
    reLU(),
    maxPooling2d({ poolSize: 2 }),
  ];
  const blocks = [...block({ inputShape: [image, image, 3] }), ...block({}), ...block({})];
  return sequential([...blocks, globalAveragePooling2d(), dense({ units: CLASSES })], {
    seed: 1,
    target: flags.target,
    threads,
  });
}

function stepOf(model) {
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
  const fill = (view) => view.forEach((_, i) => (view[i] = ((i * 7919) % 2003) / 1001.5 - 1));
  if (flags.phase === "infer") {
    const program = model.predictor.program(batch);
    fill(program.inputView(0));
    return () => program.run();
  }
  const { trainer } = model;
  const targets = [{ shape: [], dtype: "int32" }];
  const program = trainer.programs.train({ batchSize: batch, targets, weighted: [false] });
  const arrays = program.arrays();
  fill(arrays.inputs[0]);
  arrays.targets[0].forEach((_, i, labels) => (labels[i] = i % CLASSES));
  return () => trainer.trainStep(program);
}

const model = network();
const step = stepOf(model);
step();
const warm = performance.now() + WARM_UP_SECONDS * 1000;
while (performance.now() < warm) step();
// The optimising compiler hands its code over between turns of the event loop.
await new Promise((resolve) => setTimeout(resolve, 100));
const times = [];
const end = performance.now() + Number(flags.seconds) * 1000;
while (times.length < LEAST_RUNS || performance.now() < end) {
  const before = performance.now();
  step();
  times.push(performance.now() - before);
}
times.sort((a, b) => a - b);
const line = {
  ms: Number(times[times.length >> 1].toFixed(4)),
  best: Number(times[0].toFixed(4)),
  runs: times.length,
  arenaBytes: model.network.arena.bytes,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(line));
process.exit(0);

/**
 * @file How time and memory grow with the batch, the channels, the image and the threads: a network of three blocks
 * (convolution 3×3, batch normalisation, ReLU, max pooling), one size varied at a time, each point a process of its own.
 *
 *     npm run bench -- scaling --axis batch,channels,image,threads --phase train --target avx512 --threads 2 --json
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machineLine } from "./machine.mjs";
import { measure } from "./process.mjs";
import { fastestTarget, targetsNamed, threadCounts } from "./targets.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const doublings = (from, to) => {
  const values = [];
  for (let value = from; value <= to; value *= 2) values.push(value);
  return values;
};

/**
 * Values of each size, and what a doubling of it should multiply time and memory by once the fixed costs no longer count.
 * Two thirds of the convolutions go from as many channels to as many; memory is that of activations.
 */
const AXES = {
  batch: { values: doublings(1, 256), time: 2, memory: 2 },
  channels: { values: doublings(8, 512), time: 4, memory: 2 },
  image: { values: doublings(32, 512), time: 4, memory: 4 },
  threads: { values: threadCounts("all"), time: 0.5, memory: 1 },
};
/** The values of the other sizes while one is varied. */
const BASE = { batch: 8, channels: 32, image: 64 };

const { values: flags } = parseArgs({
  options: {
    axis: { type: "string", default: Object.keys(AXES).join(",") },
    phase: { type: "string", default: "train" },
    target: { type: "string" },
    threads: { type: "string", default: "2" },
    seconds: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

function measurePoint(sizes, phase, target) {
  const args = Object.entries({ ...sizes, phase, target, seconds: flags.seconds });
  return measure(
    [process.execPath, "auricle-scaling.mjs"],
    args.flatMap(([name, value]) => [`--${name}`, String(value)]),
    here,
  );
}

/** @returns {object[]} one line for each value, with the growth since the value before */
function measureAxis(axis, phase, target) {
  const { values, time, memory } = AXES[axis];
  let before;
  return values.map((value) => {
    const sizes = { ...BASE, threads: Number(flags.threads), [axis]: value };
    const point = measurePoint(sizes, phase, target);
    const growth = before?.ms && {
      time: Number((point.ms / before.ms).toFixed(2)),
      memory: Number((point.arenaBytes / before.arenaBytes).toFixed(2)),
    };
    before = point;
    const expected = { time, memory };
    return { kind: "scaling", axis, value, ...sizes, phase, target, ...point, growth, expected };
  });
}

/** @param {readonly (string | number)[]} cells */
function print(cells) {
  console.log(cells.map((cell) => String(cell).padEnd(11)).join(""));
}

const megabytes = (bytes) => (bytes === undefined ? "-" : (bytes / 1e6).toFixed(1));

function printAxis(axis, phase, target, lines) {
  const { time, memory } = AXES[axis];
  const others = Object.entries({ ...BASE, threads: flags.threads }).filter(([name]) => name !== axis);
  const fixed = others.map(([name, value]) => `${name} ${value}`).join(", ");
  console.log(`\n${axis}, ${phase}, ${target} (${fixed}); expected: time ×${time}, memory ×${memory}`);
  print([axis, "ms", "growth", "arena MB", "growth", "process MB"]);
  for (const { value, ms, growth, arenaBytes, peakBytes, error } of lines) {
    const factor = (number) => (number === undefined ? "" : `×${number}`);
    const memoryCells = [megabytes(arenaBytes), factor(growth?.memory), megabytes(peakBytes)];
    print([value, ms?.toFixed(3) ?? error, factor(growth?.time), ...memoryCells]);
  }
}

if (flags.json) console.log(JSON.stringify(machineLine()));
for (const target of await targetsNamed(flags.target ?? (await fastestTarget()))) {
  for (const phase of flags.phase.split(",")) {
    for (const axis of flags.axis.split(",")) {
      if (!(axis in AXES)) throw new Error(`--axis: one of ${Object.keys(AXES).join(", ")}; got "${axis}"`);
      const lines = measureAxis(axis, phase, target);
      if (flags.json) for (const line of lines) console.log(JSON.stringify(line));
      else printAxis(axis, phase, target, lines);
    }
  }
}

/**
 * @file The default training beside PyTorch's with the same architecture: the same split, the same features or pixels, the same recipe,
 * initialisation and augmentation, each with random numbers of its own. Where Auricle is more than a point behind, something in its
 * training is wrong.
 *
 *     npm run bench -- defaults --data ./speech --data drumkits --seeds 3
 *     npm run bench -- defaults --data drumkits --seeds 5 --folds 5
 *     npm run bench -- defaults --data ./photos --first 3 "--options=--epochs 8 --augment" --python /usr/bin/python3
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exportFeatures, exportPixels, readJson } from "./run-inputs.mjs";

/** By the network: how its inputs are handed over, and who trains on them. */
const PEERS = {
  "mel-cnn": { exportInputs: exportFeatures, script: "mel_cnn.py" },
  "small-resnet": { exportInputs: exportPixels, script: "small_resnet.py" },
};

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", multiple: true },
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "0" },
    // With --folds 5, each seed tests another fifth of the data.
    folds: { type: "string" },
    python: { type: "string", default: fileURLToPath(new URL("../.venv/bin/python", import.meta.url)) },
    threads: { type: "string", default: String(availableParallelism()) },
    // Further options of auricle train, separated by blanks.
    options: { type: "string", default: "" },
  },
});
if (!flags.data) throw new Error("name the data: --data <folder, list or data set>, once for each");

const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

/** Runs a program to its end. Returns the seconds that it took. */
function run(program, args) {
  const began = performance.now();
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  // 3: the model has learnt nothing, which is a result here.
  if (status !== 0 && status !== 3) throw new Error(`${program} ${args.join(" ")}: exit code ${status}`);
  return (performance.now() - began) / 1000;
}

/** One training by each of the two. */
async function compare(data, seed, place) {
  const fold = flags.folds === undefined ? [] : ["--fold", `${(seed % flags.folds) + 1}/${flags.folds}`];
  const options = [...fold, ...flags.options.split(" ").filter(Boolean)];
  const seconds = run(process.execPath, [
    command,
    ...["train", data, "--seed", `${seed}`, "--out", place, "--threads", flags.threads, ...options],
  ]);
  const { model } = readJson(place, "config.json");
  const peer = PEERS[model];
  if (!peer) throw new Error(`${model}: PyTorch has ${Object.keys(PEERS).join(" and ")} here`);
  await peer.exportInputs(place, data, place, Number(flags.threads));
  const script = fileURLToPath(new URL(`peers/${peer.script}`, import.meta.url));
  const othersSeconds = run(flags.python, [script, place]);
  const { evaluations, epochs } = readJson(place, "result.json");
  const other = readJson(`${place}.pytorch.json`);
  return {
    data,
    seed,
    test: evaluations[0].examples,
    auricle: evaluations[0].accuracy,
    pytorch: other.accuracy,
    epochs: `${epochs} / ${other.epochs}`,
    seconds: `${seconds.toFixed(0)} / ${othersSeconds.toFixed(0)}`,
  };
}

const rows = [];
const folder = mkdtempSync(join(tmpdir(), "auricle-defaults-"));
try {
  for (const data of flags.data) {
    for (let seed = Number(flags.first); seed < Number(flags.first) + Number(flags.seeds); seed++) {
      const row = await compare(data, seed, join(folder, `${rows.length}`));
      rows.push(row);
      console.table([row]);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** In percent: mean ± deviation. */
function spread(values) {
  const squares = values.map((value) => (value - mean(values)) ** 2);
  const deviation = Math.sqrt((mean(squares) * values.length) / Math.max(1, values.length - 1));
  return `${(100 * mean(values)).toFixed(1)} ± ${(100 * deviation).toFixed(1)}`;
}

console.table(
  flags.data.map((data) => {
    const own = rows.filter((row) => row.data === data);
    return {
      data,
      seeds: own.length,
      auricle: spread(own.map(({ auricle }) => auricle)),
      pytorch: spread(own.map(({ pytorch }) => pytorch)),
      difference: spread(own.map(({ auricle, pytorch }) => auricle - pytorch)),
    };
  }),
);

/**
 * @file Identical trainings side by side, with one to eight threads in turn, on every target of this machine: all must give the same
 * bits. What two threads do to each other shows by chance only, so there are many.
 *
 *     node scripts/interleaved-fits.mjs --fits 5000
 *     node scripts/interleaved-fits.mjs --fits 200 --targets wasm --threads 1,2,5 --models lenet5
 *
 * --fits is for each target. Trainings run in processes of their own, some hundred in each, so that what is measured is
 * also what a new process does, whose code is not optimised yet.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { root, runScript, setup } from "./setup.mjs";

const FITS_OF_PROCESS = 200;
const THREADS = [1, 2, 3, 4, 5, 6, 7, 8];
const EXAMPLES = 192;

/** Small networks, with the shape of an example. */
const MODELS = {
  lenet5: [28, 28, 1],
  "lenet5-1998": [28, 28, 1],
  notebook: [32, 32, 1],
  wave1d: [800, 1],
};

function importBuilt(path) {
  return import(pathToFileURL(join(root, "dist", path)).href);
}

/**
 * Fits models with numbers of threads in turn; the first of each model has one thread.
 * @returns for each model what its first fit gave, and for each number of threads the fits and those that gave something else
 */
async function fitInTurn({ target, fits, threads, models }) {
  const auricle = await importBuilt("index.js");
  const networks = await importBuilt("models/index.js");
  const expected = {};
  const results = Object.fromEntries(threads.map((count) => [count, { fits: 0, different: 0 }]));
  for (let i = 0; i < fits; i++) {
    const name = models[i % models.length];
    if (!expected[name]) expected[name] = await bitsOfFit(auricle, networks, name, target, 1);
    const count = threads[Math.floor(i / models.length) % threads.length];
    const bits = await bitsOfFit(auricle, networks, name, target, count);
    results[count].fits++;
    if (bits !== expected[name]) results[count].different++;
  }
  return { expected, results };
}

/** Losses and weights of a training, as text that differs when a bit does. */
async function bitsOfFit(auricle, { modelNamed, radialBasisLoss }, name, target, threads) {
  const inputShape = MODELS[name];
  const { config } = modelNamed(name, { inputShape, seed: 1 });
  const model = new auricle.Model(auricle.networkFromConfig(config), { threads, target });
  model.compile({
    optimizer: auricle.adam({ learningRate: 0.001 }),
    loss: name === "lenet5-1998" ? radialBasisLoss : "softmaxCrossEntropy",
  });
  const [x, y] = examples(auricle, inputShape);
  const history = await model.fit(x, y, { epochs: 2, batchSize: 64 });
  let hash = 0;
  for (const [, { data }] of model.getWeights()) {
    for (const bits of new Int32Array(data.buffer, data.byteOffset, data.length)) {
      hash = Math.imul(hash ^ bits, 0x9e3779b1) | 0;
    }
  }
  return JSON.stringify([history.loss, hash]);
}

function examples({ floatArray, intArray }, inputShape) {
  const size = inputShape.reduce((product, length) => product * length, 1);
  const x = Float32Array.from(
    { length: EXAMPLES * size },
    (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.011),
  );
  const y = Int32Array.from({ length: EXAMPLES }, (_, i) => (i * 7) % 10);
  return [floatArray(x, [EXAMPLES, ...inputShape]), intArray(y, [EXAMPLES])];
}

/** Runs so many fits in processes, one after the other, and adds up what they found. */
function fitsOfTarget({ target, fits, threads, models }, say) {
  const sums = Object.fromEntries(threads.map((count) => [count, { fits: 0, different: 0 }]));
  const expected = {};
  for (let done = 0; done < fits; done += FITS_OF_PROCESS) {
    const part = { target, fits: Math.min(FITS_OF_PROCESS, fits - done), threads, models };
    const child = spawnSync(
      process.execPath,
      [fileURLToPath(import.meta.url), "--part", JSON.stringify(part)],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    if (child.status !== 0) throw new Error(`a process with ${part.fits} fits on ${target} failed`);
    const found = JSON.parse(child.stdout);
    for (const [name, bits] of Object.entries(found.expected)) {
      expected[name] ??= bits;
      // Of one thread too: of these a whole process differs.
      if (bits !== expected[name]) sums[threads[0]].different++;
    }
    for (const count of new Set(threads)) {
      sums[count].fits += found.results[count].fits;
      sums[count].different += found.results[count].different;
    }
    say(`${target}: ${done + part.fits} of ${fits}`);
  }
  return sums;
}

/**
 * Fits on every target of this machine.
 * @returns rows of target, threads, fits, different
 */
export async function interleavedFits(
  { fits, targets, threads = THREADS, models = Object.keys(MODELS) },
  say,
) {
  const { kernelTargets } = await importBuilt("runtime/target.js");
  return (targets ?? kernelTargets()).flatMap((target) =>
    Object.entries(fitsOfTarget({ target, fits, threads, models }, say)).map(([count, sum]) => ({
      target,
      threads: Number(count),
      ...sum,
    })),
  );
}

async function main() {
  const { values } = parseArgs({
    options: {
      fits: { type: "string", default: "200" },
      targets: { type: "string" },
      threads: { type: "string" },
      models: { type: "string" },
      part: { type: "string" },
    },
  });
  if (values.part) {
    console.log(JSON.stringify(await fitInTurn(JSON.parse(values.part))));
    return 0;
  }
  setup();
  const list = (text) => text?.split(",");
  const say = process.stderr.isTTY ? (text) => process.stderr.write(`\r${text} `) : () => {};
  const rows = await interleavedFits(
    {
      fits: Number(values.fits),
      targets: list(values.targets),
      threads: list(values.threads)?.map(Number),
      models: list(values.models),
    },
    say,
  );
  if (process.stderr.isTTY) process.stderr.write("\n");
  console.table(rows);
  return rows.some(({ different }) => different > 0) ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await runScript(main);

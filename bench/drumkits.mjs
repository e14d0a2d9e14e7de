/**
 * @file How well the default recipe tells drums apart by kits that it has not heard, beside two baselines that get the very same
 * split: always naming the most frequent drum, and a linear classifier on the mean and deviation of each clip's MFCC.
 * Needs the recordings of Debian's package hydrogen-drumkits.
 *
 *     npm run bench -- drumkits --seeds 5 --model mel-cnn
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const { FeatureExtractor, FRONT_END_PRESETS, frontEnd } = await import(built("audio/front-end/index.js"));
const { readAudioFile } = await import(built("audio/node.js"));
const { openAudioCollection } = await import(built("data/index.js"));
const { adamw, dense, sequential } = await import(built("index.js"));

/** The default split would test one of the eleven kits; instead, each seed tests another fifth of them. */
const FOLDS = 5;

const { values: flags } = parseArgs({
  options: {
    seeds: { type: "string", default: "5" },
    model: { type: "string", default: "mel-cnn" },
  },
});

/** Mean and standard deviation of each coefficient over a clip's frames. */
async function clipStatistics(clips) {
  const front = frontEnd(FRONT_END_PRESETS["librosa-mfcc"]);
  const extractor = new FeatureExtractor(front, { threads: 1 });
  const rows = new Map();
  for (const clip of clips) {
    const { samples } = await readAudioFile(clip.path, { sampleRate: front.sampleRate });
    const [frames, coefficients] = front.outputShape(samples.length);
    const values = extractor.extract(samples);
    const row = new Float32Array(2 * coefficients);
    for (let c = 0; c < coefficients; c++) {
      let sum = 0;
      let squares = 0;
      for (let t = 0; t < frames; t++) {
        const value = values[t * coefficients + c];
        sum += value;
        squares += value * value;
      }
      const mean = sum / frames;
      row[c] = mean;
      row[coefficients + c] = Math.sqrt(Math.max(0, squares / frames - mean * mean));
    }
    rows.set(clip.id, row);
  }
  return rows;
}

/** Standardised by the training clips alone. */
function scaled(rows, training) {
  const size = rows[0].length;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    mean[i] = training.reduce((sum, row) => sum + row[i], 0) / training.length;
    const variance = training.reduce((sum, row) => sum + (row[i] - mean[i]) ** 2, 0) / training.length;
    deviation[i] = Math.sqrt(variance) || 1;
  }
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, n) =>
    row.forEach((value, i) => (data[n * size + i] = (value - mean[i]) / deviation[i])),
  );
  return { shape: [rows.length, size], data };
}

async function linearAccuracy(parts, rows, labels, classes, seed) {
  const rowsOf = (ids) => ids.map((id) => rows.get(id));
  const labelsOf = (ids) => ({ shape: [ids.length], data: Int32Array.from(ids, (id) => labels.get(id)) });
  const training = rowsOf(parts.train);
  const inputs = scaled(training, training);
  const model = sequential([dense({ units: classes, inputShape: [inputs.shape[1]] })], { seed });
  model.compile({
    optimizer: adamw({ learningRate: 0.01, weightDecay: 0.01 }),
    loss: "softmaxCrossEntropy",
    metrics: ["accuracy"],
  });
  await model.fit(inputs, labelsOf(parts.train), { epochs: 100 });
  const { accuracy } = await model.evaluate(scaled(rowsOf(parts.test), training), labelsOf(parts.test));
  return accuracy;
}

function majorityAccuracy(parts, labels) {
  const counts = new Map();
  for (const id of parts.train) counts.set(labels.get(id), (counts.get(labels.get(id)) ?? 0) + 1);
  const [[most]] = [...counts].sort((a, b) => b[1] - a[1]);
  return parts.test.filter((id) => labels.get(id) === most).length / parts.test.length;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1));

const collection = await openAudioCollection("drumkits");
const labels = new Map(collection.clips.map(({ id, label }) => [id, label]));
const rows = await clipStatistics(collection.clips);
const folder = mkdtempSync(join(tmpdir(), "auricle-drumkits-"));
const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const results = [];
try {
  for (let seed = 0; seed < Number(flags.seeds); seed++) {
    const run = join(folder, `seed-${seed}`);
    const options = [
      "--seed",
      String(seed),
      "--fold",
      `${(seed % FOLDS) + 1}/${FOLDS}`,
      "--model",
      flags.model,
      "--out",
      run,
      "--json",
    ];
    const began = performance.now();
    const { status } = spawnSync(process.execPath, [command, "train", "drumkits", ...options], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) process.exit(status ?? 1);
    const { parts } = JSON.parse(readFileSync(join(run, "split.json"), "utf8"));
    const [test] = JSON.parse(readFileSync(join(run, "result.json"), "utf8")).evaluations;
    const result = {
      seed,
      kits: new Set(parts.test.map((id) => id.split("/")[0])).size,
      clips: parts.test.length,
      majority: majorityAccuracy(parts, labels),
      linear: await linearAccuracy(parts, rows, labels, collection.classNames.length, seed),
      network: test.accuracy,
      macroF1: test.macroF1,
      seconds: (performance.now() - began) / 1000,
    };
    results.push(result);
    console.table([result]);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(
  Object.fromEntries(
    ["majority", "linear", "network", "macroF1"].map((name) => {
      const values = results.map((result) => result[name]);
      return [name, { mean: mean(values).toFixed(4), deviation: deviation(values).toFixed(4) }];
    }),
  ),
);

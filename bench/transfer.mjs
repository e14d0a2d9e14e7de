/**
 * @file A measurement of transfer on real music: soundtracks of free games (bench/soundtracks.mjs), two tasks, 5, 10, 20 and all
 * clips a class, several seeds, each with another test part. Linear heads on MFCC and on the features of musicnn's networks, by
 * the code of `auricle train --transfer frozen`; with `--trained`, also `auricle train` from scratch and fine-tuned.
 *
 *     npm run bench -- transfer --data ./soundtracks --seeds 5
 *     npm run bench -- transfer --data ./soundtracks --seeds 5 --trained
 *     npm run bench -- transfer --data ./soundtracks --seeds 5 --trained --tasks games --sizes 10,all --methods MFCC,both,scratch
 *
 * Needs apt-get, dpkg-deb and unzip, and 2.5 GB of downloads the first time; then some ten minutes of processor time for features.
 * What networks make of the clips is kept in the folder, log-mel in the cache. `--methods` takes the rows whose names contain one of
 * these words. Each accuracy is said as it is found.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeSoundtracks } from "./soundtracks.mjs";

const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const { FeatureExtractor, FRONT_END_PRESETS, frontEnd } = await import(built("audio/front-end/index.js"));
const { readAudioFile } = await import(built("audio/node.js"));
const { openAudioCollection, prepareFeatures, windowDataset } = await import(built("data/index.js"));
const { embeddings } = await import(built("explain/index.js"));
const { loadModel, pretrainedModelFile } = await import(built("node.js"));
const { deriveKey, Generator } = await import(built("random/generator.js"));
const { answerOf, convergedHead } = await import(built("runs/transfer/converged-head.js"));
const { STRENGTHS } = await import(built("runs/transfer/strengths.js"));

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "soundtracks" },
    seeds: { type: "string", default: "5" },
    tasks: { type: "string", default: "games,settings" },
    sizes: { type: "string", default: "5,10,20,all" },
    trained: { type: "boolean", default: false },
    methods: { type: "string", default: "" },
  },
});
const data = resolve(flags.data);
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => i);
const tasks = flags.tasks.split(",");
const sizes = flags.sizes.split(",").map((size) => (size === "all" ? Infinity : Number(size)));

/** The part of each class that is tested: clips, or whole games until there are as many. */
const TESTED = { games: 1 / 3, settings: 1 / 4 };

/** Rows `[windows, width]` of each clip, computed once and kept beside the lists. */
async function networkRows(name, store, clips) {
  const path = join(data, `${name}-${clips.length}.f32`);
  const windows = windowDataset(store, clips, { mode: "regular", windowFrames: FRAMES });
  const rows = existsSync(path)
    ? new Float32Array(new Uint8Array(readFileSync(path)).buffer)
    : await computeRows(name, windows);
  writeFileSync(path, new Uint8Array(rows.buffer));
  const width = rows.length / windows.length;
  const found = clips.map(() => []);
  for (let i = 0; i < windows.length; i++)
    found[windows.clipOf(i)].push(rows.subarray(i * width, (i + 1) * width));
  return found;
}

const FRAMES = 187;

async function computeRows(name, windows) {
  const model = await loadModel(await pretrainedModelFile(name));
  const found = await embeddings(model, windows);
  return found.data;
}

/** Mean and standard deviation of each coefficient over a clip's frames: one row. */
async function mfccRows(clips) {
  const path = join(data, `mfcc-${clips.length}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")).map((row) => [Float32Array.from(row)]);
  const front = frontEnd(FRONT_END_PRESETS["librosa-mfcc"]);
  const extractor = new FeatureExtractor(front, { threads: 1 });
  const rows = [];
  for (const { path: file, start, end } of clips) {
    const { samples } = await readAudioFile(file, {
      sampleRate: front.sampleRate,
      start,
      duration: end - start,
    });
    const [frames, coefficients] = front.outputShape(samples.length);
    const values = extractor.extract(samples);
    const row = [];
    for (let c = 0; c < coefficients; c++) {
      const column = Array.from({ length: frames }, (_, t) => values[t * coefficients + c]);
      row.push(mean(column), deviation(column));
    }
    rows.push(row);
  }
  writeFileSync(path, JSON.stringify(rows));
  return rows.map((row) => [Float32Array.from(row)]);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) => {
  const middle = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length - 1),
  );
};

function shuffled(values, ...key) {
  const order = Uint32Array.from(values.keys());
  new Generator(deriveKey(...key)).shuffle(order);
  return Array.from(order, (i) => values[i]);
}

/** The test part of a seed, and for each size the training part: groups of the test part are in no training part. */
function partsOf(task, examples, classes, seed) {
  const test = new Set();
  for (let label = 0; label < classes; label++) {
    const own = examples.filter((example) => example.label === label);
    for (const group of shuffled([...new Set(own.map((one) => one.group))].sort(), seed, "test", label)) {
      if ([...test].filter((one) => one.label === label).length >= TESTED[task] * own.length) break;
      for (const one of own) if (one.group === group) test.add(one);
    }
  }
  const left = (label) => examples.filter((one) => one.label === label && !test.has(one));
  const trainings = sizes.map((size) =>
    Array.from({ length: classes }, (_, label) =>
      shuffled(left(label), seed, "train", label).slice(0, size),
    ).flat(),
  );
  return { test: [...test], trainings };
}

async function linearAccuracy(rowsOf, train, test, classes, seed) {
  const exampleOf = (one) => {
    const rows = rowsOf(one);
    const data = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, i) => data.set(row, i * row.length));
    const target = new Float32Array(classes);
    target[one.label] = 1;
    return { rows: data, target, group: one.path, weight: 1 };
  };
  const width = rowsOf(train[0])[0].length;
  const { head } = await convergedHead("classification", train.map(exampleOf), [], {
    width,
    strengths: STRENGTHS,
    seed,
    signal: undefined,
  });
  const right = test.filter((one) => {
    const answer = answerOf("classification", head, exampleOf(one));
    return answer.indexOf(Math.max(...answer)) === one.label;
  });
  return right.length / test.length;
}

/** `auricle train` on lists with the same parts; a fifth of the training part is validation. */
function trainedAccuracy(task, train, test, classNames, seed, options) {
  const folder = mkdtempSync(join(tmpdir(), "auricle-transfer-"));
  try {
    const list = join(folder, `${task}.csv`);
    const perClass = new Map();
    const lines = train.map((one) => {
      const number = perClass.get(one.label) ?? 0;
      perClass.set(one.label, number + 1);
      return [one, number % 5 === 4 ? "validation" : "train"];
    });
    for (const one of test) lines.push([one, "test"]);
    const rows = lines.map(([one, part]) =>
      [`"${one.path}"`, classNames[one.label], one.start, one.end, part].join(","),
    );
    writeFileSync(list, ["path,label,start,end,split", ...rows, ""].join("\n"));
    const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
    const run = join(folder, "run");
    const args = [
      "train",
      list,
      "--seed",
      String(seed),
      "--no-duplicates",
      "--out",
      run,
      "--json",
      ...options,
    ];
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
    // 3: no better than guessing, which is a result.
    if (status !== 0 && status !== 3) throw new Error(stderr);
    const { evaluations } = JSON.parse(readFileSync(join(run, "result.json"), "utf8"));
    return evaluations[0].accuracy;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Student's t for 95 % and so many degrees of freedom. */
const T95 = [NaN, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];

function interval(values) {
  if (values.length < 2) return mean(values).toFixed(2);
  const half = ((T95[values.length - 1] ?? 2) * deviation(values)) / Math.sqrt(values.length);
  return `${mean(values).toFixed(2)} ± ${half.toFixed(2)}`;
}

const lists = await makeSoundtracks(data);
const collections = {};
for (const task of tasks) collections[task] = await openAudioCollection(lists[task]);
const keyOf = ({ path, start }) => `${path} ${start}`;
// The clips of `games` are some of those of `settings`.
const wanted = new Map(tasks.flatMap((task) => collections[task].clips.map((clip) => [keyOf(clip), clip])));
const store = await prepareFeatures([...wanted.values()], FRONT_END_PRESETS.musicnn, {
  minimumFrames: FRAMES,
});
const { clips } = store;
const places = new Map(clips.map((clip, i) => [keyOf(clip), i]));
const mtt = () => networkRows("musicnn-mtt", store, clips);
const msd = () => networkRows("musicnn-msd", store, clips);
const both = async () => {
  const others = await msd();
  return (await mtt()).map((rows, i) => rows.map((row, w) => Float32Array.of(...row, ...others[i][w])));
};
const methods = [
  ["MFCC, linear", { rowsOf: () => mfccRows(clips) }],
  ["musicnn-mtt, frozen", { rowsOf: mtt }],
  ["musicnn-msd, frozen", { rowsOf: msd }],
  ["musicnn (both), frozen", { rowsOf: both }],
  ...(flags.trained
    ? [
        ["mel-cnn from scratch", { options: [] }],
        ["musicnn (both), fine-tuned", { options: ["--from", "musicnn", "--transfer", "fine-tuned"] }],
      ]
    : []),
].filter(([name]) => flags.methods.split(",").some((part) => name.includes(part)));
for (const task of tasks) {
  const { clips: all, classNames } = collections[task];
  const examples = all.filter((clip) => places.has(keyOf(clip)));
  const chance = Math.max(
    ...classNames.map((_, label) => examples.filter((one) => one.label === label).length),
  );
  console.log(
    `\n${task}: ${examples.length} clips, ${classNames.length} classes; the largest has ${(chance / examples.length).toFixed(2)} of them`,
  );
  console.log(
    ["method".padEnd(22), ...sizes.map((size) => `${size === Infinity ? "all" : size}`.padEnd(12))].join(
      "  ",
    ),
  );
  for (const [name, { rowsOf, options }] of methods) {
    const rows = await rowsOf?.();
    const cells = [];
    for (const at of sizes.keys()) {
      const values = [];
      for (const seed of seeds) {
        const { test, trainings } = partsOf(task, examples, classNames.length, seed);
        values.push(
          rows
            ? await linearAccuracy(
                (one) => rows[places.get(keyOf(one))],
                trainings[at],
                test,
                classNames.length,
                seed,
              )
            : trainedAccuracy(task, trainings[at], test, classNames, seed, options),
        );
        console.error(`${task}, ${name}, ${sizes[at]} clips, seed ${seed}: ${values.at(-1).toFixed(4)}`);
      }
      cells.push(interval(values).padEnd(12));
    }
    console.log([name.padEnd(22), ...cells].join("  "));
  }
}

/**
 * @file The default training of recordings beside PyTorch's with the same architecture: the same split, the same features,
 * the same windows and masks by chance, the same recipe. Where Auricle is more than a point behind, something in its
 * training is wrong.
 *
 *     npm run bench -- defaults --data ./speech --data drumkits --seeds 3
 *     npm run bench -- defaults --data drumkits --first 3 "--options=--epochs 8" --python /usr/bin/python3
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const { FeatureExtractor, frontEnd } = await import(built("audio/front-end/index.js"));
const { readAudioFile } = await import(built("audio/node.js"));
const { openAudioCollection } = await import(built("data/index.js"));

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", multiple: true },
    seeds: { type: "string", default: "3" },
    first: { type: "string", default: "0" },
    python: { type: "string", default: fileURLToPath(new URL("../.venv/bin/python", import.meta.url)) },
    // Further options of auricle train, separated by blanks.
    options: { type: "string", default: "" },
  },
});
if (!flags.data) throw new Error("name the recordings: --data <folder, list or data set>, once for each");

const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const peer = fileURLToPath(new URL("peers/mel_cnn.py", import.meta.url));

function run(program, args) {
  const { status } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  // 3: the model has learnt nothing, which is a result here.
  if (status !== 0 && status !== 3) throw new Error(`${program} ${args.join(" ")}: exit code ${status}`);
}

const readJson = (...parts) => JSON.parse(readFileSync(join(...parts), "utf8"));

/** The features of every clip of a run, as the run has them: raw float32, with a description beside them. */
async function exportFeatures(runFolder, data, place) {
  const config = readJson(runFolder, "config.json");
  const { parts } = readJson(runFolder, "split.json");
  const collection = await openAudioCollection(data);
  const clips = new Map(collection.clips.map((clip) => [clip.id, clip]));
  const front = frontEnd(config.frontEnd);
  const extractor = new FeatureExtractor(front);
  const pieces = [];
  let offset = 0;
  const described = {};
  for (const [part, ids] of Object.entries(parts)) {
    described[part] = [];
    for (const id of ids) {
      const clip = clips.get(id);
      const { samples } = await readAudioFile(clip.path, { sampleRate: front.sampleRate });
      let length = samples.length;
      while (front.outputShape(length)[0] < config.windowFrames) length += front.hopLength;
      const padded = new Float32Array(length);
      padded.set(samples);
      const values = Float32Array.from(extractor.extract(padded));
      const [frames] = front.outputShape(length);
      described[part].push({ label: clip.label, offset, frames });
      offset += values.length;
      pieces.push(values);
    }
  }
  const [, bins] = front.outputShape(front.sampleRate);
  writeFileSync(`${place}.bin`, Buffer.concat(pieces.map((piece) => Buffer.from(piece.buffer))));
  writeFileSync(`${place}.json`, JSON.stringify({ config, bins, parts: described }));
}

const rows = [];
const folder = mkdtempSync(join(tmpdir(), "auricle-defaults-"));
try {
  for (const data of flags.data) {
    for (let seed = Number(flags.first); seed < Number(flags.first) + Number(flags.seeds); seed++) {
      const place = join(folder, `${rows.length}`);
      const options = flags.options.split(" ").filter(Boolean);
      let began = performance.now();
      run(process.execPath, [command, "train", data, "--seed", `${seed}`, "--out", place, ...options]);
      const seconds = (performance.now() - began) / 1000;
      const result = readJson(place, "result.json");
      await exportFeatures(place, data, place);
      began = performance.now();
      run(flags.python, [peer, place]);
      const other = readJson(`${place}.pytorch.json`);
      const row = {
        data,
        seed,
        test: result.evaluations[0].examples,
        auricle: result.evaluations[0].accuracy,
        pytorch: other.accuracy,
        epochs: `${result.epochs} / ${other.epochs}`,
        seconds: `${seconds.toFixed(0)} / ${((performance.now() - began) / 1000).toFixed(0)}`,
      };
      rows.push(row);
      console.table([row]);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
console.table(
  flags.data.map((data) => {
    const own = rows.filter((row) => row.data === data);
    const auricle = mean(own.map((row) => row.auricle));
    const pytorch = mean(own.map((row) => row.pytorch));
    return {
      data,
      seeds: own.length,
      auricle: auricle.toFixed(4),
      pytorch: pytorch.toFixed(4),
      points: (100 * (auricle - pytorch)).toFixed(2),
    };
  }),
);

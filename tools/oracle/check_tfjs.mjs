/**
 * @file Loads every built-in model in TensorFlow.js (4.22.0, of bench/peers) and compares its answers with the library's:
 *
 *     npm run build && npm ci --prefix bench/peers && node tools/oracle/check_tfjs.mjs [names…]
 *
 * Prints how far they are apart at most, which must be below 1e-4 of the largest, and fails otherwise. Networks on waveforms take minutes.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../bench/peers/package.json", import.meta.url));
const tf = require("@tensorflow/tfjs");
const copyOf = (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

async function differenceOf(place) {
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(place, "model.json"), "utf8"));
  const [{ weights: weightSpecs, paths }] = weightsManifest;
  const weightData = copyOf(readFileSync(join(place, paths[0])));
  const model = await tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
  const { shape, answer } = JSON.parse(readFileSync(join(place, "example.json"), "utf8"));
  // Where one class is certain, any two networks agree.
  if (!(answer.map(Math.abs).sort((a, b) => b - a)[1] > 1e-3))
    throw new Error(`${place}: ${answer} tells nothing`);
  const example = new Float32Array(copyOf(readFileSync(join(place, "example.bin"))));
  const found = await model.predict(tf.tensor(example, [1, ...shape])).data();
  const largest = Math.max(1, ...answer.map(Math.abs));
  return Math.max(...answer.map((value, i) => Math.abs(value - found[i]))) / largest;
}

await tf.setBackend("cpu");
const folder = mkdtempSync(join(tmpdir(), "auricle-tfjs-"));
try {
  const exporter = fileURLToPath(new URL("export_for_keras.mjs", import.meta.url));
  const exported = spawnSync(process.execPath, [exporter, folder, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  const names = readdirSync(folder);
  if (exported.status !== 0 || names.length === 0) throw new Error("no model was exported");
  for (const name of names) {
    const difference = await differenceOf(join(folder, name));
    console.log(name.padEnd(20), difference.toExponential(1));
    if (!(difference < 1e-4)) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * @file Networks in ONNX Runtime: as Auricle exports them, beside the same networks as PyTorch exports them.
 *
 *     npm run bench -- onnx --threads 1,2 --seconds 5 --json
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Model } from "../dist/index.js";
import { modelNamed } from "../dist/models/index.js";
import { exportOnnx } from "../dist/onnx/index.js";
import { PEER_FOLDER, PEERS } from "./peer-list.mjs";
import { measure } from "./process.mjs";

const { values: flags } = parseArgs({
  options: {
    threads: { type: "string", default: "1,2" },
    seconds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
  },
});

/** The networks, with their inputs and batches as in the tables of workloads; mel-cnn begins behind its normalisation. */
const NETWORKS = {
  lenet5: { batch: 64, options: {} },
  vgg4: { batch: 32, options: { inputShape: [128, 128, 1] } },
  "small-resnet": { batch: 32, options: { inputShape: [32, 32, 3] } },
  "mel-cnn": { batch: 8, options: { inputShape: [129, 128, 1], normalization: "none" } },
};

const [python] = PEERS.onnxruntime.command;
const folder = mkdtempSync(join(tmpdir(), "auricle-onnx-"));

/** @param {{ batch: number, ours: number, pytorch: number, error?: string }} result @param {string} name @param {string} threads */
function print({ batch, ours, pytorch, error }, name, threads) {
  const start = `${name.padEnd(14)}${String(threads).padEnd(9)}`;
  if (error) return console.log(start + error);
  const cells = [batch, ours.toFixed(3), pytorch.toFixed(3), (ours / pytorch).toFixed(2)];
  console.log(start + cells.map((cell) => String(cell).padEnd(12)).join(""));
}

try {
  if (!flags.json) console.log("network       threads  batch       Auricle ms  PyTorch ms  ratio");
  for (const [name, { batch, options }] of Object.entries(NETWORKS)) {
    const network = modelNamed(name, { classes: 10, ...options });
    const file = join(folder, `${name}.onnx`);
    writeFileSync(file, exportOnnx(new Model(network)).bytes);
    const given = ["--network", name, "--ours", file, "--batch", String(batch), "--seconds", flags.seconds];
    for (const threads of flags.threads.split(",")) {
      const result = measure([python, "onnx_export.py"], [...given, "--threads", threads], PEER_FOLDER);
      if (flags.json) console.log(JSON.stringify({ network: name, threads: Number(threads), ...result }));
      else print(result, name, threads);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

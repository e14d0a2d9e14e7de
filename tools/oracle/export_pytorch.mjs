/**
 * @file Writes the built-in models for PyTorch, each with an input and the library's outputs, for check_pytorch.py:
 *
 *     node tools/oracle/export_pytorch.mjs <folder>
 *     python tools/oracle/check_pytorch.py <folder>
 *     node tools/oracle/export_pytorch.mjs <folder> again
 *
 * The last reads what PyTorch has trained since, and compares its outputs with the library's, which must agree to 1e-4 of the largest.
 * Needs `npm run build`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model } from "../../dist/index.js";
import { frontEnd } from "../../dist/audio/index.js";
import { exportPytorch, loadStateDict, readStateDict } from "../../dist/formats/index.js";
import { AUDIO_MODELS, modelNamed, OTHER_MODEL_NAMES } from "../../dist/models/index.js";
import { deriveKey, Generator } from "../../dist/random/generator.js";
import { floatArray } from "../../dist/tensor/array.js";
import { sizeOf } from "../../dist/tensor/shape.js";
import { moveWeights } from "./moved-weights.mjs";

const [folder, again] = process.argv.slice(2);
const EXAMPLES = 3;
const TOLERANCE = 1e-4;
mkdirSync(folder, { recursive: true });

/** @param {string} name @param {import("../../dist/nn/index.js").Network} network */
async function write(name, network) {
  const module = name.replaceAll("-", "_");
  const files = { weights: `${module}.pt`, program: `${module}.py` };
  const random = new Generator(deriveKey("input", name));
  const shape = [EXAMPLES, ...network.inputShapes[0]];
  const input = floatArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
  await moveWeights(network, input);
  const output = await new Model(network).predict(input);
  const exported = exportPytorch(network, { files });
  writeFileSync(join(folder, files.program), exported.program);
  writeFileSync(join(folder, files.weights), exported.weights("pt"));
  writeFileSync(
    join(folder, `${module}.bin`),
    Buffer.concat(
      [input, output].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    ),
  );
  const facts = { className: exported.className, input: shape, output: output.shape };
  writeFileSync(join(folder, `${module}.json`), JSON.stringify(facts));
  console.log(name);
}

/** @param {string} name @param {import("../../dist/nn/index.js").Network} network */
async function compare(name, network) {
  const module = name.replaceAll("-", "_");
  const facts = JSON.parse(readFileSync(join(folder, `${module}.json`), "utf8"));
  const numbers = (file) => new Float32Array(new Uint8Array(readFileSync(join(folder, file))).buffer);
  const input = floatArray(numbers(`${module}.bin`).slice(0, sizeOf(facts.input)), facts.input);
  const expected = numbers(`${module}.trained.bin`);
  const file = `${module}.trained.pt`;
  loadStateDict(network, readStateDict(readFileSync(join(folder, file)), file), file);
  const { data } = await new Model(network).predict(input);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0) / largest;
  console.log(name.padEnd(20), worst.toExponential(1));
  if (!(worst < TOLERANCE)) process.exitCode = 1;
}

const visit = again === "again" ? compare : write;
for (const name of OTHER_MODEL_NAMES) await visit(name, modelNamed(name, { seed: 1 }));
for (const [name, { build, frontEnd: options, windowSeconds }] of Object.entries(AUDIO_MODELS)) {
  const front = frontEnd(options);
  const inputShape = front.outputShape(Math.round(windowSeconds * front.sampleRate));
  await visit(name, build({ inputShape, seed: 1 }));
}

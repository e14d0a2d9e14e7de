/**
 * @file Writes the built-in models for PyTorch, each with an input and the library's outputs, for check_pytorch.py:
 *
 *     node tools/oracle/export_pytorch.mjs <folder>
 *
 * Weights are moved away from their initial values, for with these normalisations do nothing. Needs `npm run build`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model } from "../../dist/index.js";
import { frontEnd } from "../../dist/audio/index.js";
import { exportPytorch } from "../../dist/formats/index.js";
import { AUDIO_MODELS, modelNamed, OTHER_MODEL_NAMES } from "../../dist/models/index.js";
import { deriveKey, Generator } from "../../dist/random/generator.js";
import { floatArray } from "../../dist/tensor/array.js";
import { sizeOf } from "../../dist/tensor/shape.js";

const [folder] = process.argv.slice(2);
const EXAMPLES = 3;
mkdirSync(folder, { recursive: true });

/** @param {import("../../dist/nn/index.js").Network} network */
function moveWeights(network) {
  const weights = [...network.getWeights()].map(([path, { shape, data }]) => {
    const random = new Generator(deriveKey("moved", path));
    const isConstant = data.every((value) => value === data[0]);
    const moved = data.map((value) => {
      if (!isConstant) return value;
      return value === 0 ? 0.2 * random.normal() : value * Math.exp(0.3 * random.normal());
    });
    return [path, { shape, data: moved }];
  });
  network.setWeights(new Map(weights));
}

/** @param {string} name @param {import("../../dist/nn/index.js").Network} network */
async function write(name, network) {
  moveWeights(network);
  const module = name.replaceAll("-", "_");
  const files = { weights: `${module}.pt`, program: `${module}.py` };
  const exported = exportPytorch(network, { files });
  const random = new Generator(deriveKey("input", name));
  const shape = [EXAMPLES, ...network.inputShapes[0]];
  const input = floatArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
  const output = await new Model(network).predict(input);
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

for (const name of OTHER_MODEL_NAMES) await write(name, modelNamed(name, { seed: 1 }));
for (const [name, { build, frontEnd: options, windowSeconds }] of Object.entries(AUDIO_MODELS)) {
  const front = frontEnd(options);
  const inputShape = front.outputShape(Math.round(windowSeconds * front.sampleRate));
  await write(name, build({ inputShape, seed: 1 }));
}

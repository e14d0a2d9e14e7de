/**
 * @file Writes the built-in models for TensorFlow.js and for Keras, each with an example and the library's answer, for check_tfjs.mjs and
 * check_keras.py, which run it:
 *
 *     node tools/oracle/export_for_keras.mjs <folder> [names…]
 *
 * Needs `npm run build`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model } from "../../dist/index.js";
import { writeKerasFile } from "../../dist/formats/keras/write-keras-file.js";
import { writeKeras } from "../../dist/formats/keras/write-keras.js";
import { writeTfjs } from "../../dist/formats/tfjs/write-tfjs.js";
import { MODEL_NAMES, modelNamed } from "../../dist/models/index.js";
import { Generator } from "../../dist/random/generator.js";
import { moveWeights } from "./moved-weights.mjs";

const [folder, ...names] = process.argv.slice(2);
const CLASSES = 10;
const ANSWERS = [
  "softmax",
  "sigmoid",
  { deviation: Array(CLASSES).fill(1.5), mean: Array(CLASSES).fill(-2) },
];

/** @param {readonly number[]} logits */
function answered(logits, answer) {
  if (answer === "sigmoid") return logits.map((value) => 1 / (1 + Math.exp(-value)));
  if (answer !== "softmax") return logits.map((value, i) => value * answer.deviation[i] + answer.mean[i]);
  const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
  return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
}

for (const [i, name] of MODEL_NAMES.entries()) {
  if (names.length > 0 && !names.includes(name)) continue;
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const network = modelNamed(name, { classes: CLASSES, seed: 1 });
  const [shape] = network.inputShapes;
  const random = new Generator(i);
  const data = Float32Array.from({ length: shape.reduce((product, length) => product * length) }, () =>
    random.normal(),
  );
  const input = { shape: [1, ...shape], data };
  await moveWeights(network, input);
  const raw = await new Model(network).predict(input);
  // lenet5-1998 gives squared distances, all of them large: as tags none would apply.
  const answer = name === "lenet5-1998" ? ANSWERS.at(-1) : ANSWERS[i % ANSWERS.length];
  for (const [file, content] of writeTfjs(network, { answer })) writeFileSync(join(place, file), content);
  const { program, weights } = writeKeras(network, { answer, weightsFile: "model.npz" });
  writeFileSync(join(place, "model.py"), program);
  writeFileSync(join(place, "model.npz"), weights);
  writeFileSync(join(place, "model.keras"), writeKerasFile(network, { answer }));
  writeFileSync(join(place, "example.bin"), new Uint8Array(data.buffer));
  writeFileSync(
    join(place, "example.json"),
    JSON.stringify({ shape, answer: answered([...raw.data], answer) }),
  );
}

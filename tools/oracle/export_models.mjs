/**
 * @file Writes the built-in models as ONNX files, each with real examples and the answers of the library, for check_onnx.py:
 *
 *     node tools/oracle/export_models.mjs <folder> <recording> <picture>
 *
 * Needs `npm run build`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model } from "../../dist/index.js";
import { decodeMono, FeatureExtractor, frontEnd } from "../../dist/audio/index.js";
import { AudioModel, audioMetadata } from "../../dist/audio-model/index.js";
import { decodeImage, resizeImage } from "../../dist/image/index.js";
import { ImageModel, imageMetadata } from "../../dist/image-model/index.js";
import { AUDIO_MODELS, OTHER_MODELS } from "../../dist/models/index.js";
import { exportOnnx } from "../../dist/onnx/index.js";
import { moveWeights } from "./moved-weights.mjs";

const [folder, recording, picture] = process.argv.slice(2);
const TASKS = ["classification", "tagging", "regression"];
const CLASSES = 10;
const EXAMPLES = 3;
const classNames = Array.from({ length: CLASSES }, (_, i) => `class ${i}`);
const targetScale = classNames.map((_, i) => ({ deviation: 0.5 + i / 10, mean: i - 4 }));
mkdirSync(folder, { recursive: true });

/** @param {string} task */
const described = (task) => ({ task, classNames, ...(task === "regression" && { targetScale }) });

/** @param {readonly Float32Array[]} rows @param {readonly number[]} shape */
const rowsOf = (rows, shape) => ({
  shape: [rows.length, ...shape],
  data: Float32Array.from(rows.flatMap((row) => [...row])),
});

/** @param {string} name @param {Model} model @param {readonly Float32Array[]} inputs @param {readonly Float32Array[]} outputs */
function write(name, model, inputs, outputs) {
  const file = exportOnnx(model);
  writeFileSync(join(folder, `${name}.onnx`), file.bytes);
  const shape = file.inputs[0].shape
    .slice(1)
    .map((length) => (typeof length === "number" ? length : inputs[0].length));
  const bytes = Buffer.concat([...inputs, ...outputs].map(({ buffer }) => Buffer.from(buffer)));
  writeFileSync(join(folder, `${name}.bin`), bytes);
  const facts = { input: file.inputs[0].name, examples: inputs.length, shape, classes: CLASSES };
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(facts));
}

for (const [i, [name, { build, frontEnd: options, windowSeconds }]] of Object.entries(
  AUDIO_MODELS,
).entries()) {
  const task = TASKS[i % TASKS.length];
  const front = frontEnd(options);
  const samples = Math.round(windowSeconds * front.sampleRate);
  const inputShape = front.outputShape(samples);
  const network = build({ inputShape, classes: CLASSES, seed: i });
  const { samples: all } = await decodeMono(readFileSync(recording), { sampleRate: front.sampleRate });
  const clipsOf = (length) =>
    Array.from({ length: EXAMPLES }, (_, clip) => {
      const start = Math.floor((clip * all.length) / EXAMPLES);
      return Float32Array.from({ length }, (_, at) => all[(start + at) % all.length]);
    });
  const extractor = new FeatureExtractor(front, { threads: 1 });
  const features = clipsOf(samples).map((clip) => extractor.extract(clip));
  await moveWeights(network, rowsOf(features, inputShape));
  const model = new Model(network);
  model.metadata = audioMetadata({ ...described(task), frontEnd: options, windowFrames: inputShape[0] });
  const clips = clipsOf(Number(exportOnnx(model).metadata.windowSamples));
  const listener = new AudioModel(model);
  const outputs = [];
  for (const clip of clips) {
    outputs.push((await listener.predict({ sampleRate: front.sampleRate, samples: clip })).outputs);
  }
  write(name, model, clips, outputs);
}

const image = await decodeImage(readFileSync(picture));
for (const [i, [name, { build, inputShape }]] of Object.entries(OTHER_MODELS).entries()) {
  // lenet5-1998 gives squared distances, all of them large: as tags none would apply.
  const task = name === "lenet5-1998" ? "regression" : TASKS[i % TASKS.length];
  const [height, width, channels] = inputShape ?? (name === "wave1d" ? [16000, 1] : [48, 64, 3]);
  const network = build({
    inputShape: channels ? [height, width, channels] : [height, width],
    classes: CLASSES,
    seed: i,
  });
  const model = new Model(network);
  if (!channels) {
    const signals = [0, 1, 2].map((seed) =>
      Float32Array.from({ length: height }, (_, at) => Math.sin(at * at * 1e-5 * (seed + 1))),
    );
    const x = rowsOf(signals, [height, 1]);
    await moveWeights(network, x);
    const { data } = await model.predict(x);
    write(
      name,
      model,
      signals,
      signals.map((_, row) => data.slice(row * CLASSES, (row + 1) * CLASSES)),
    );
    continue;
  }
  const pixels = { width, height, channels, fit: "crop", background: [255, 255, 255] };
  model.metadata = imageMetadata({ ...described(task), pixels });
  const inputs = ["crop", "pad", "stretch"].map((fit) =>
    Float32Array.from(resizeImage(image, { ...pixels, fit }).data, (byte) => byte / 255),
  );
  await moveWeights(network, rowsOf(inputs, network.inputShapes[0]));
  write(name, model, inputs, await new ImageModel(model).predictInputs(inputs));
}

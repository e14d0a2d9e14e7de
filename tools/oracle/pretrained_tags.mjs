/**
 * @file The other half of check_pretrained.py: probabilities of pretrained models for given features, and for recordings that are
 * decoded, resampled and analysed here.
 *
 * Reads a JSON file: [{ model, features, recording, output }]. For each it writes float32 to `output`: the probabilities for the windows
 * in `features`, then those for the same windows of the recording, where one is named.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { readAudioFile } from "../../dist/audio/node.js";
import { FeatureExtractor, frontEnd } from "../../dist/audio/front-end/index.js";
import { windowOutputs } from "../../dist/audio-model/index.js";
import { loadModel, pretrainedModelFile } from "../../dist/node.js";

async function featuresOf(recording, config) {
  const front = frontEnd(config);
  return new FeatureExtractor(front).extract(
    await readAudioFile(recording, { sampleRate: front.sampleRate }),
  );
}

function floatsIn(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const models = new Map();
for (const { model: name, features, recording, output } of JSON.parse(
  readFileSync(process.argv[2], "utf8"),
)) {
  if (!models.has(name)) models.set(name, await loadModel(await pretrainedModelFile(name)));
  const model = models.get(name);
  const { shape } = model.network.inputs[0];
  const size = shape.reduce((product, length) => product * length, 1);
  const given = floatsIn(features);
  const windows = given.length / size;
  const inputs = [given];
  if (recording)
    inputs.push((await featuresOf(recording, model.metadata.audio.frontEnd)).slice(0, given.length));
  const found = [];
  for (const data of inputs) {
    const raw = await model.predict({ data, shape: [windows, ...shape] });
    for (const one of windowOutputs("tagging", raw)) found.push(...one);
  }
  writeFileSync(output, Float32Array.from(found));
}
process.exit(0);

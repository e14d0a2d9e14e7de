/** @file The inputs of a run's network as raw numbers with a description beside them, so that another library can train on the same. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const built = (path) => new URL(`../dist/${path}`, import.meta.url).href;
const { FeatureExtractor, frontEnd } = await import(built("audio/front-end/index.js"));
const { readAudioFile } = await import(built("audio/node.js"));
const { openAudioCollection, openImageCollection } = await import(built("data/index.js"));
const { preparePixels } = await import(built("data/images/index.js"));

export const readJson = (...parts) => JSON.parse(readFileSync(join(...parts), "utf8"));

/** The examples of each part of a run, by the part's name. */
function partsOf(runFolder, examples) {
  const byId = new Map(examples.map((example) => [example.id, example]));
  const { parts } = readJson(runFolder, "split.json");
  return Object.entries(parts).map(([part, ids]) => [part, ids.map((id) => byId.get(id))]);
}

function write(place, pieces, description) {
  const bytes = pieces.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength),
  );
  writeFileSync(`${place}.bin`, Buffer.concat(bytes));
  writeFileSync(`${place}.json`, JSON.stringify(description));
}

/** The features of every clip, float32. */
export async function exportFeatures(runFolder, data, place, threads) {
  const config = readJson(runFolder, "config.json");
  const { clips } = await openAudioCollection(data);
  const front = frontEnd(config.frontEnd);
  const extractor = new FeatureExtractor(front, { threads });
  const pieces = [];
  let offset = 0;
  const parts = {};
  for (const [part, own] of partsOf(runFolder, clips)) {
    parts[part] = [];
    for (const clip of own) {
      const { samples } = await readAudioFile(clip.path, { sampleRate: front.sampleRate });
      let length = samples.length;
      while (front.outputShape(length)[0] < config.windowFrames) length += front.hopLength;
      const padded = new Float32Array(length);
      padded.set(samples);
      const values = Float32Array.from(extractor.extract(padded));
      const [frames] = front.outputShape(length);
      parts[part].push({ label: clip.label, offset, frames });
      offset += values.length;
      pieces.push(values);
    }
  }
  const [, bins] = front.outputShape(front.sampleRate);
  write(place, pieces, { config, threads, bins, parts });
}

/** The pixels of every picture, `[height, width, channels]` of bytes, part after part. */
export async function exportPixels(runFolder, data, place, threads) {
  const config = readJson(runFolder, "config.json");
  const { examples, archives } = await openImageCollection(data);
  const parts = partsOf(runFolder, examples);
  const pictures = parts.flatMap(([, own]) => own);
  const store = await preparePixels(pictures, { ...config.pixels, archives, threads });
  const labels = Object.fromEntries(parts.map(([part, own]) => [part, own.map(({ label }) => label)]));
  write(
    place,
    pictures.map((picture) => store.read(picture)),
    { config, threads, labels },
  );
}

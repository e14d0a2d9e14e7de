/** @file A model, recordings, and all that a server is sent which is none. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { frontEnd } from "../../dist/audio/front-end/index.js";
import { encodeWav } from "../../dist/audio/index.js";
import { audioMetadata } from "../../dist/audio-model/index.js";
import { samplesForSteps } from "../../dist/data/audio/features/samples-for-steps.js";
import { imageMetadata } from "../../dist/image-model/description.js";
import { AUDIO_MODELS, modelNamed } from "../../dist/models/index.js";
import { Model } from "../../dist/nn/index.js";
import { saveModel } from "../../dist/nn/checkpoint/model-file.js";

/** In Hz. */
export const RATE = 22_050;
const CLASSES = ["a", "b", "c"];
/** Steps of a window, about a second. */
const STEPS = 43;
/** Mel bands of its features. */
const BINS = 128;

/** A generator of numbers on [0, 1), the same in every run. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Saves `mel-cnn` with its initial weights, whose bits depend on what it hears as those of a trained one do. */
export async function makeModel(folder) {
  const { build, frontEnd: front } = AUDIO_MODELS["mel-cnn"];
  const model = new Model(build({ classes: CLASSES.length, inputShape: [STEPS, BINS, 1], seed: 1 }));
  model.metadata = audioMetadata({
    task: "classification",
    classNames: CLASSES,
    frontEnd: front,
    windowFrames: STEPS,
  });
  const path = join(folder, "model.safetensors");
  await saveModel(model, path);
  return path;
}

/** Saves a network of pictures with its initial weights. */
export async function makePictureModel(folder) {
  const model = new Model(modelNamed("lenet5", { classes: CLASSES.length, seed: 1 }));
  model.metadata = imageMetadata({
    task: "classification",
    classNames: CLASSES,
    pixels: { width: 28, height: 28, channels: 1, fit: "stretch", background: [0, 0, 0] },
  });
  const path = join(folder, "photos.safetensors");
  await saveModel(model, path);
  return path;
}

/** Three tones and some noise, as a wav file. @param length in samples */
export function chordFile(length, random) {
  const tones = Array.from({ length: 3 }, () => 80 * 2 ** (5 * random()));
  const samples = Float32Array.from({ length }, (_, at) => {
    const sum = tones.reduce((all, hertz) => all + Math.sin((2 * Math.PI * hertz * at) / RATE), 0);
    return 0.2 * sum + 0.02 * (random() - 0.5);
  });
  return encodeWav({ sampleRate: RATE, channels: [samples] });
}

/** Writes recordings of 0.3 to 8 s. */
export async function makeRecordings(folder, count) {
  const random = seeded(7);
  const files = [];
  for (let i = 0; i < count; i++) {
    const path = join(folder, `recording${i}.wav`);
    const bytes = chordFile(Math.round(RATE * (0.3 + (7.7 * i * i) / count ** 2)), random);
    await writeFile(path, bytes);
    files.push({ path, bytes });
  }
  return files;
}

/** Recordings of the length of one window. */
export function makeWindows(count) {
  const random = seeded(8);
  const samples = samplesForSteps(frontEnd(AUDIO_MODELS["mel-cnn"].frontEnd), STEPS);
  return Array.from({ length: count }, () => chordFile(samples, random));
}

/** The same bytes with some of them changed. */
export function corrupted(bytes, random) {
  const copy = Uint8Array.from(bytes);
  const changes = 1 + Math.floor(random() * 40);
  for (let i = 0; i < changes; i++) {
    // Half of the changes are in the header, where they do most.
    const reach = random() < 0.5 ? 64 : copy.length;
    copy[Math.floor(random() * reach)] = Math.floor(random() * 256);
  }
  return copy;
}

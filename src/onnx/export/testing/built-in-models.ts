/** @file The built-in models with weights that make a difference, described for a task, and real sounds and pictures for them. */
import { readFile } from "node:fs/promises";
import { decodeMono, type MonoAudio } from "../../../audio/index.ts";
import { frontEnd, type FrontEndOptions } from "../../../audio/front-end/index.ts";
import { audioMetadata } from "../../../audio-model/index.ts";
import { samplesForSteps } from "../../../data/audio/features/samples-for-steps.ts";
import { decodeImage, resizeImage } from "../../../image/index.ts";
import { imageMetadata, type ImageDescription } from "../../../image-model/index.ts";
import {
  AUDIO_MODELS,
  OTHER_MODELS,
  type AudioModelName,
  type OtherModelName,
} from "../../../models/index.ts";
import { Model, type Network } from "../../../nn/index.ts";
import { deriveKey, Generator } from "../../../random/generator.ts";
import { floatArray, type FloatArray } from "../../../tensor/array.ts";
import { sizeOf, type Shape } from "../../../tensor/shape.ts";

export type Task = "classification" | "tagging" | "regression";

export const TASKS: readonly Task[] = ["classification", "tagging", "regression"];

const CLASSES = 10;

export const CLASS_NAMES = Array.from({ length: CLASSES }, (_, i) => `class ${i}`);

const TARGET_SCALE = CLASS_NAMES.map((_, i) => ({ deviation: 0.5 + i / 10, mean: i - 4 }));

/**
 * Gives every weight numbers as training leaves them: initial ones make batch normalisation do nothing, and last layers so small that
 * all classes are equally likely.
 */
export function livelyWeights(network: Network, lastLayer = 1): void {
  const last = network.weights.at(-1)?.path.replace(/[^/]*$/, "") ?? "";
  const weights = [...network.getWeights()].map(([path, { shape, data }]): [string, FloatArray] => {
    const random = new Generator(deriveKey("lively", path));
    const isConstant = data.every((value) => value === data[0]);
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    const boost = deviation < 0.02 ? 0.1 / deviation : 1;
    const factor = path.startsWith(last) ? lastLayer : 1;
    const changed = data.map((value) => {
      if (!isConstant) return value * boost * factor;
      return factor * (value === 0 ? 0.2 * random.normal() : value * Math.exp(0.3 * random.normal()));
    });
    return [path, { shape, data: changed }];
  });
  network.setWeights(new Map(weights));
}

function taskMetadata(task: Task) {
  return { task, classNames: CLASS_NAMES, ...(task === "regression" && { targetScale: TARGET_SCALE }) };
}

export interface SoundModel {
  readonly model: Model;
  readonly sampleRate: number;
  /** The samples of one window. */
  readonly samples: number;
}

export interface SoundModelOptions {
  readonly frontEnd?: FrontEndOptions;
  /** The steps of time in a window. Default: those of the model's own number of seconds. */
  readonly steps?: number;
  /** A factor for the weights of the last layer. Default 1. */
  readonly lastLayer?: number;
}

export function soundModel(name: AudioModelName, task: Task, options: SoundModelOptions = {}): SoundModel {
  const { build, frontEnd: own, windowSeconds } = AUDIO_MODELS[name];
  const front = frontEnd(options.frontEnd ?? own);
  const steps = options.steps ?? front.outputShape(Math.round(windowSeconds * front.sampleRate))[0];
  const samples = samplesForSteps(front, steps);
  const network = build({ inputShape: front.outputShape(samples), classes: CLASSES, seed: 1 });
  livelyWeights(network, options.lastLayer);
  const model = new Model(network, { threads: 1 });
  model.metadata = audioMetadata({ ...taskMetadata(task), frontEnd: front.config, windowFrames: steps });
  return { model, sampleRate: front.sampleRate, samples };
}

export function pictureModel(name: OtherModelName, task: Task, side: number, channels: 1 | 3): Model {
  const { build, inputShape } = OTHER_MODELS[name];
  const [height, width] = inputShape ?? [side, side];
  const shape = [height, width, inputShape?.[2] ?? channels] as const;
  const network = build({ inputShape: shape, classes: CLASSES, seed: 1 });
  livelyWeights(network);
  const model = new Model(network, { threads: 1 });
  const pixels = {
    width,
    height,
    channels: shape[2] === 3 ? 3 : 1,
    fit: "crop",
    background: [255, 255, 255],
  } as const;
  model.metadata = imageMetadata({ ...taskMetadata(task), pixels });
  return model;
}

const MUSIC = new URL("../../../data/audio/inspect/testing/fixtures/music.mp3", import.meta.url);
const CAT = new URL("../../../../studio/public/objects/cat.jpg", import.meta.url);

/** So many stretches of a piece of music. */
export async function stretches(count: number, sampleRate: number, samples: number): Promise<MonoAudio[]> {
  const music = await decodeMono(await readFile(MUSIC), { sampleRate });
  return Array.from({ length: count }, (_, i) => ({
    sampleRate,
    samples: Float32Array.from({ length: samples }, (_, at) => {
      return music.samples[(Math.floor((i * music.samples.length) / count) + at) % music.samples.length];
    }),
  }));
}

/** A photograph, and parts of it, as a model takes them. */
export async function pictures(count: number, pixels: ImageDescription["pixels"]): Promise<Float32Array[]> {
  const cat = await decodeImage(await readFile(CAT));
  return Array.from({ length: count }, (_, i) => {
    const side = Math.floor(Math.min(cat.width, cat.height) / (i + 1));
    const bytes = cat.data.length / (cat.width * cat.height);
    const data = new Uint8Array(side * side * bytes);
    for (let row = 0; row < side; row++) {
      const from = row * cat.width * bytes;
      data.set(cat.data.subarray(from, from + side * bytes), row * side * bytes);
    }
    const part = { ...cat, width: side, height: side, data };
    return Float32Array.from(resizeImage(part, pixels).data, (byte) => byte / 255);
  });
}

/** Examples of one shape, one after the other. */
export function stacked(examples: readonly Float32Array[], shape: Shape): FloatArray {
  const data = new Float32Array(examples.length * sizeOf(shape));
  examples.forEach((example, i) => data.set(example, i * sizeOf(shape)));
  return floatArray(data, [examples.length, ...shape]);
}

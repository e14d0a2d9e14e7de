/**
 * @file The input that each audio network gets from recordings without sound above some frequency, and from others later on:
 * through its own front end and each normalisation, no value lies further out than in training.
 */
import { describe, expect, it } from "vitest";
import { FeatureExtractor, frontEnd, resample } from "../audio/index.ts";
import { compile } from "../graph/compile.ts";
import type { Layer } from "../nn/layer.ts";
import { exampleNormalization, normalization } from "../nn/layers/index.ts";
import { statisticsAccumulator } from "../nn/layers/normalization-statistics.ts";
import { sequentialNetwork } from "../nn/network-builders.ts";
import { Generator } from "../random/generator.ts";
import { floatArray, type FloatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS } from "./index.ts";

const SECONDS = 0.7;

/** Bursts of noise at a rate of `limit`, so that nothing is above half of it, brought to `sampleRate`. */
async function bursts(limit: number, sampleRate: number, seed: number): Promise<Float32Array> {
  const random = new Generator(seed);
  const samples = Float32Array.from({ length: Math.ceil(SECONDS * limit) }, (_, i) => {
    const isLoud = Math.floor((8 * i) / (SECONDS * limit)) % 2 === seed % 2;
    return (isLoud ? 0.2 : 0.002) * random.normal();
  });
  const audio = await resample({ samples, sampleRate: limit }, sampleRate);
  return audio.samples.slice(0, Math.round(SECONDS * sampleRate));
}

const VARIANTS: Record<string, (samples: Float32Array) => Float32Array> = {
  "as they are": (samples) => samples,
  "with silence around": (samples) =>
    samples.map((value, i) => (i > samples.length / 4 && i < (3 * samples.length) / 4 ? value : 0)),
  "on a constant": (samples) => samples.map((value) => value + 0.3),
  "short and padded": (samples) => samples.map((value, i) => (i < samples.length / 5 ? value : 0)),
};

/** The largest magnitude that a layer makes of examples of some shape. */
function largestOf(layer: Layer, shape: Shape): (example: FloatArray) => number {
  const network = sequentialNetwork([layer]);
  const one = [1, ...shape];
  const program = compile((x) => network.apply([x], { training: false }), [one], {
    arena: network.arena,
    threads: 1,
    target: "wasm",
  });
  return ({ data }) => {
    let most = 0;
    for (const value of program(floatArray([...data], one)).data) most = Math.max(most, Math.abs(value));
    return most;
  };
}

/** Models share front ends. */
const FRONT_ENDS = new Map(
  AUDIO_MODEL_NAMES.map((name) => [JSON.stringify(AUDIO_MODELS[name].frontEnd), AUDIO_MODELS[name].frontEnd]),
);

describe.each([...FRONT_ENDS.values()])("$kind at $sampleRate Hz", (options) => {
  const front = frontEnd(options);
  const { sampleRate } = front;
  const shape = front.outputShape(Math.round(SECONDS * sampleRate));
  const extractor = new FeatureExtractor(front, { threads: 1, target: "wasm" });
  const byExample = largestOf(exampleNormalization({ inputShape: shape }), shape);
  const featuresOf = (samples: Float32Array) => ({ shape, data: extractor.extract(samples) });

  it.each([1000, 4000].flatMap((limit) => Object.keys(VARIANTS).map((name) => [limit / 2, name] as const)))(
    "without sound above %i Hz, %s: nothing lies further out than in training",
    async (top, variant) => {
      const training = await Promise.all(
        [1, 2, 3, 4].map(async (seed) =>
          featuresOf(VARIANTS[variant](await bursts(2 * top, sampleRate, seed))),
        ),
      );
      const accumulator = statisticsAccumulator({ axis: shape.map((_, i) => i + 1).slice(1), range: true });
      for (const features of training) accumulator.add(features);
      const largest = largestOf(normalization({ ...accumulator.result(), inputShape: shape }), shape);
      const seen = Math.max(...training.map(largest));
      // Sound in all of the band, louder too, and silence.
      const wide = await bursts(sampleRate, sampleRate, 5);
      const later = [wide, wide.map((value) => 4 * value), new Float32Array(wide.length)].map(featuresOf);
      for (const features of later) expect(largest(features)).toBeLessThanOrEqual(seen);
      // A tenth of the usual deviation is the least that is divided by.
      expect(seen).toBeLessThan(options.kind === "waveform" ? 100 : 80);
      for (const features of [...training, ...later]) {
        expect(byExample(features)).toBeLessThanOrEqual(Math.sqrt(sizeOf(shape)));
      }
    },
  );
});

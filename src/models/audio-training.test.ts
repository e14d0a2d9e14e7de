/** @file Every network on sound learns a small task, from few windows that are shorter than those it was made for. */
import { describe, expect, it } from "vitest";
import { adamw, Model, oneCycle, type MetricName } from "../nn/index.ts";
import type { LossName } from "../nn/losses/index.ts";
import { macroF1Metric, meanAveragePrecisionMetric, type Metric } from "../nn/metrics/index.ts";
import { Generator } from "../random/generator.ts";
import { floatArray, intArray, type FloatArray, type IntArray } from "../tensor/array.ts";
import { AUDIO_MODEL_NAMES, AUDIO_MODELS, type AudioModelName } from "./index.ts";

interface Examples {
  readonly x: FloatArray;
  readonly y: IntArray;
}

/** Spectrograms in decibels of noise around -60: class 0 has a steady tone, class 1 a click, 20 dB above. */
function spectrograms(count: number, frames: number, bands: number, seed: number): Examples {
  const generator = new Generator(seed);
  const x = new Float32Array(count * frames * bands);
  const labels = Int32Array.from({ length: count }, (_, n) => n % 2);
  labels.forEach((label, n) => {
    const place = generator.integer(label === 0 ? bands : frames);
    for (let i = 0; i < frames * bands; i++) {
      const isLoud = (label === 0 ? i % bands : Math.floor(i / bands)) === place;
      x[n * frames * bands + i] = -60 + 5 * generator.normal() + (isLoud ? 20 : 0);
    }
  });
  return { x: floatArray(x, [count, frames, bands, 1]), y: intArray(labels, [count]) };
}

/** Waveforms: tones at any phase, of class 0 with a period of 32 samples, of class 1 with 8, in noise. */
function waveforms(count: number, samples: number, seed: number): Examples {
  const generator = new Generator(seed);
  const labels = Int32Array.from({ length: count }, (_, n) => n % 2);
  const x = new Float32Array(count * samples);
  labels.forEach((label, n) => {
    const phase = generator.uniform() * 2 * Math.PI;
    const rate = (2 * Math.PI) / (label === 0 ? 32 : 8);
    for (let t = 0; t < samples; t++) {
      x[n * samples + t] = 0.5 * Math.sin(rate * t + phase) + 0.2 * generator.normal();
    }
  });
  return { x: floatArray(x, [count, samples, 1]), y: intArray(labels, [count]) };
}

function examples(name: AudioModelName, count: number, seed: number): Examples {
  return AUDIO_MODELS[name].frontEnd.kind === "waveform"
    ? waveforms(count, 128, seed)
    : spectrograms(count, 8, 8, seed);
}

/**
 * Enough for all examples to be told apart, whatever examples are drawn; after half as many it is between 60 and 100 % of
 * them, by chance. The course's starting point has a weight for each place, which it must see.
 */
function epochsOf(name: AudioModelName): number {
  if (name === "notebook") return 40;
  return AUDIO_MODELS[name].frontEnd.kind === "waveform" ? 8 : 12;
}

describe.each(AUDIO_MODEL_NAMES)("%s", (name) => {
  it("tells unseen examples of two kinds apart after a short training", async () => {
    const { x, y } = examples(name, 96, 1);
    const unseen = examples(name, 40, 2);
    const epochs = epochsOf(name);
    const network = AUDIO_MODELS[name].build({
      inputShape: x.shape.slice(1),
      classes: 2,
      normalization: "example",
    });
    // One target: after some dozen steps, rounding has changed how many of 40 examples are told apart.
    const model = new Model(network, { threads: 1, target: "wasm" });
    model.compile({
      optimizer: adamw({ learningRate: oneCycle({ maxLearningRate: 3e-3, totalSteps: 6 * epochs }) }),
      loss: "softmaxCrossEntropy",
      metrics: ["accuracy"],
    });
    await model.fit(x, y, { epochs, batchSize: 16 });
    const { accuracy } = await model.evaluate(unseen.x, unseen.y);
    expect(accuracy).toBeGreaterThan(0.8);
  });
});

describe("mel-cnn on other tasks", () => {
  const train = async (options: {
    readonly x: FloatArray;
    readonly y: FloatArray;
    readonly loss: LossName;
    readonly metrics: readonly (MetricName | Metric)[];
    readonly epochs: number;
    readonly unseen: { readonly x: FloatArray; readonly y: FloatArray };
  }) => {
    const { x, y, loss, metrics, epochs, unseen } = options;
    const build = { inputShape: x.shape.slice(1), classes: y.shape[1] };
    const model = new Model(AUDIO_MODELS["mel-cnn"].build(build), { threads: 1 });
    const learningRate = oneCycle({ maxLearningRate: 3e-3, totalSteps: 6 * epochs });
    model.compile({ optimizer: adamw({ learningRate }), loss, metrics });
    await model.fit(x, y, { epochs, batchSize: 16 });
    return model.evaluate(unseen.x, unseen.y);
  };

  /** Targets as rows: one-hot. */
  const rows = ({ x, y }: Examples) => ({
    x,
    y: floatArray(
      Float32Array.from({ length: 2 * y.data.length }, (_, i) => (y.data[i >> 1] === i % 2 ? 1 : 0)),
      [y.data.length, 2],
    ),
  });

  it("learns from mixed examples with mixed targets, and has an accuracy and a macro-F1", async () => {
    const { x, y } = rows(spectrograms(96, 8, 8, 1));
    // Every second example is mixed with the one before it, which is of the other class: 3 parts to 1.
    const mix = (data: Float32Array, size: number) =>
      data.map((value, i) => (Math.floor(i / size) % 2 === 1 ? 0.75 * value + 0.25 * data[i - size] : value));
    const mixed = { x: floatArray(mix(x.data, 64), x.shape), y: floatArray(mix(y.data, 2), y.shape) };
    const unseen = rows(spectrograms(40, 8, 8, 2));
    const { accuracy, macroF1 } = await train({
      ...mixed,
      loss: "softmaxCrossEntropy",
      metrics: ["accuracy", macroF1Metric({ classes: 2 })],
      epochs: 10,
      unseen,
    });
    expect(accuracy).toBeGreaterThan(0.8);
    expect(macroF1).toBeGreaterThan(0.8);
  });

  it("learns tags, of which an example may have both or none", async () => {
    const tagged = (count: number, seed: number) => {
      const generator = new Generator(seed);
      const y = Float32Array.from({ length: 2 * count }, () => generator.integer(2));
      const x = Float32Array.from({ length: count * 64 }, () => -60 + 5 * generator.normal());
      for (let n = 0; n < count; n++) {
        const [band, frame] = [generator.integer(8), generator.integer(8)];
        for (let i = 0; i < 8; i++) {
          x[n * 64 + i * 8 + band] += 20 * y[2 * n];
          x[n * 64 + frame * 8 + i] += 20 * y[2 * n + 1];
        }
      }
      return { x: floatArray(x, [count, 8, 8, 1]), y: floatArray(y, [count, 2]) };
    };
    const unseen = tagged(40, 2);
    const { meanAveragePrecision } = await train({
      ...tagged(96, 1),
      loss: "binaryCrossEntropy",
      metrics: [meanAveragePrecisionMetric({ classes: 2 })],
      epochs: 10,
      unseen,
    });
    // Half of the examples have a tag: that is what outputs without any order would give.
    expect(meanAveragePrecision).toBeGreaterThan(0.8);
  });

  it("learns a number: how loud the tone is", async () => {
    const numbered = (count: number, seed: number) => {
      const generator = new Generator(seed);
      const y = Float32Array.from({ length: count }, () => generator.uniform());
      const x = Float32Array.from({ length: count * 64 }, (_, i) => {
        const tone = i % 8 === 3 ? 40 * y[Math.floor(i / 64)] : 0;
        return -60 + 5 * generator.normal() + tone;
      });
      return { x: floatArray(x, [count, 8, 8, 1]), y: floatArray(y, [count, 1]) };
    };
    const { r2 } = await train({
      ...numbered(96, 1),
      loss: "meanSquaredError",
      metrics: ["r2"],
      epochs: 25,
      unseen: numbered(40, 2),
    });
    // Always giving the mean has 0.
    expect(r2).toBeGreaterThan(0.5);
  });
});

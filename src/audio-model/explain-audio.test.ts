/** @file Explanations of recordings by models whose reasons are known. */
import { describe, expect, it } from "vitest";
import type { MonoAudio } from "../audio/index.ts";
import type { Model } from "../nn/index.ts";
import { conv2d, dense, flatten, globalAveragePooling2d, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { AudioModel } from "./audio-model.ts";
import { audioMetadata, type AudioDescription } from "./description.ts";
import { explainAudio } from "./explain-audio.ts";

const RATE = 8000;
const FRAMES = 20;
const BINS = 33;

const ABOUT = {
  task: "classification",
  classNames: ["low", "high"],
  frontEnd: { kind: "spectrogram", sampleRate: RATE, fftSize: 64, hopLength: 40 },
  windowFrames: FRAMES,
} as const;

function described(model: Model, about: Partial<AudioDescription> = {}): Model {
  model.metadata = audioMetadata({ ...ABOUT, ...about });
  return model;
}

/** "low" is the magnitude of bins around 1000 Hz, "high" that around 3000 Hz, summed over time. */
function bandModel(about?: Partial<AudioDescription>): Model {
  const model = sequential([flatten({ inputShape: [FRAMES, BINS, 1] }), dense({ units: 2, name: "bands" })], {
    threads: 1,
    name: "bands",
  });
  // bins are 125 Hz apart: 8 and 24
  const weights = Array.from({ length: FRAMES * BINS * 2 }, (_, i) => {
    const bin = Math.floor(i / 2) % BINS;
    return Math.abs(bin - (i % 2 === 0 ? 8 : 24)) <= 2 ? 0.01 : 0;
  });
  model.setWeights({
    "bands/kernel": floatArray(weights, [FRAMES * BINS, 2]),
    "bands/bias": floatArray([0, 0], [2]),
  });
  return described(model, about);
}

const tone = (hertz: number, seconds: number, level = 0.5) =>
  Array.from({ length: seconds * RATE }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / RATE));

/** Half a second at 1000 Hz, then half a second at 3000 Hz. */
const RECORDING: MonoAudio = {
  sampleRate: RATE,
  samples: Float32Array.from([...tone(1000, 0.5), ...tone(3000, 0.5, 0.3)]),
};

const energy = ({ samples }: MonoAudio, [start, end]: readonly [number, number]) =>
  samples.subarray(start * RATE, end * RATE).reduce((sum, value) => sum + value * value, 0);

describe.each(["integratedGradients", "occlusion"] as const)("%s of a model of bands", (method) => {
  it("lies where the class' tone is, and keeps that tone", async () => {
    for (const [name, own, other] of [
      ["low", [0, 0.5], [0.5, 1]],
      ["high", [0.5, 1], [0, 0.5]],
    ] as const) {
      const found = await explainAudio(bandModel(), RECORDING, { method, class: name, keep: 0.1 });
      expect(found.map).toMatchObject({ frames: 201, bins: BINS });
      expect(energy(found.kept, own)).toBeGreaterThan(0.8 * energy(found.audio, own));
      expect(energy(found.kept, other)).toBeLessThan(0.05 * energy(found.audio, other));
      found.audio.samples.forEach((sample, i) =>
        expect(Math.abs(found.kept.samples[i] + found.removed.samples[i] - sample)).toBeLessThan(1e-6),
      );
    }
  });
});

it("explains the class that is predicted for the whole recording, with what AudioModel gives", async () => {
  const found = await explainAudio(bandModel(), RECORDING, { method: "integratedGradients" });
  const { outputs } = await new AudioModel(bandModel()).predict(RECORDING);
  expect(found.outputs).toEqual(outputs);
  expect(found.class).toBe(0);
  expect(found.completeness?.isWithin).toBe(true);
  expect(found.completeness?.error).toBeLessThan(1e-4);
});

it("of a regression explains the first number unless another is named", async () => {
  const about = { task: "regression", classNames: ["height", "depth"] } as const;
  expect((await explainAudio(bandModel(about), RECORDING, { method: "saliency" })).class).toBe(0);
  expect((await explainAudio(bandModel(about), RECORDING, { method: "saliency", class: 1 })).class).toBe(1);
});

describe("Grad-CAM", () => {
  const convolutional = () =>
    described(
      sequential(
        [
          conv2d({
            filters: 3,
            kernelSize: 3,
            strides: [2, 1],
            activation: "relu",
            inputShape: [FRAMES, BINS, 1],
            name: "first",
          }),
          conv2d({ filters: 3, kernelSize: 3, activation: "relu", name: "second" }),
          globalAveragePooling2d(),
          dense({ units: 2 }),
        ],
        { threads: 1, seed: 3 },
      ),
    );

  it("is of the last convolution, or of the one that is named, over all steps and bins", async () => {
    const found = await explainAudio(convolutional(), RECORDING);
    expect([found.method, found.layer]).toEqual(["gradCam", "second"]);
    expect(found.map).toMatchObject({ frames: 201, bins: BINS });
    expect((await explainAudio(convolutional(), RECORDING, { layer: "first" })).layer).toBe("first");
  });

  it("resamples recordings and takes those that are shorter than a window", async () => {
    const short = { sampleRate: 4000, samples: Float32Array.from(tone(500, 0.02)) };
    const found = await explainAudio(convolutional(), short);
    expect([found.audio.sampleRate, found.audio.samples.length]).toEqual([RATE, 320]);
    expect(found.kept.samples.length).toBe(320);
  });
});

describe("refuses", () => {
  it.each([
    [
      { method: "gradcam" },
      'method must be one of gradCam, integratedGradients, saliency, occlusion; got "gradcam"; did you mean "gradCam"?',
    ],
    [
      { class: "hihg" },
      'class must be one of low, high, or its number in 0 … 1; got "hihg"; did you mean "high"?',
    ],
    [{ class: 2 }, "got 2"],
    [{ method: "saliency", layer: "bands" }, 'layer is an option of "gradCam"; the method is "saliency"'],
    [{}, "has no convolution to make a map of"],
    [{ method: "saliency", keep: 3 }, 'keep must be "soft" or in 0 … 1; got 3'],
  ])("%j", async (options, message) => {
    await expect(explainAudio(bandModel(), RECORDING, options as object)).rejects.toThrow(message);
  });

  it("a model that is none of sound", async () => {
    const plain = sequential([dense({ units: 2, inputShape: [3] })], { threads: 1 });
    await expect(explainAudio(plain, RECORDING)).rejects.toThrow("not a model of sound");
  });
});

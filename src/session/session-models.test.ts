/** @file A session's questions to a model: why it answers so, what its layers make of an input, what it consists of. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { audioMetadata } from "../audio-model/index.ts";
import { imageMetadata } from "../image-model/index.ts";
import { saveModel } from "../nn/checkpoint/model-file.ts";
import { conv2d, dense, flatten, globalAveragePooling2d, sequential } from "../nn/index.ts";
import { floatArray } from "../tensor/array.ts";
import { encodePng } from "../report/png.ts";
import { idxBytes } from "../runs/testing/idx-folder.ts";
import { toneFile } from "../runs/testing/recordings.ts";
import { bothSessions } from "./testing/sessions.ts";

const SIDE = 8;
const CLASSES = ["dark", "bright"];

/** A model of pictures whose second output is the mean of all pixels, 0 … 1, and whose first is 0. */
async function saveMeanModel(path: string, bias = 0): Promise<void> {
  const model = sequential(
    [
      conv2d({ name: "eyes", filters: 2, kernelSize: 3, padding: "same", inputShape: [SIDE, SIDE, 1] }),
      globalAveragePooling2d(),
      dense({ units: 2, name: "answer" }),
    ],
    { threads: 1 },
  );
  // The middle of the first filter is 1: its maps are the picture.
  const eyes = Float32Array.from({ length: 9 * 2 }, (_, i) => (i === 8 ? 1 : 0));
  model.setWeights({
    "eyes/kernel": floatArray(eyes, [3, 3, 1, 2]),
    "eyes/bias": floatArray([0, 0], [2]),
    "answer/kernel": floatArray([0, 1, 0, 0], [2, 2]),
    "answer/bias": floatArray([0, bias], [2]),
  });
  model.metadata = imageMetadata({
    task: "regression",
    classNames: CLASSES,
    pixels: { width: SIDE, height: SIDE, channels: 1, fit: "crop", background: [255, 255, 255] },
  });
  await saveModel(model, path);
}

const FRAMES = 20;
const BINS = 33;

/** A model of sound whose first output is the magnitude of bins around 1000 Hz, and whose second is that around 3000 Hz. */
async function saveBandModel(path: string): Promise<void> {
  const model = sequential([flatten({ inputShape: [FRAMES, BINS, 1] }), dense({ units: 2, name: "bands" })], {
    threads: 1,
  });
  const weights = Array.from({ length: FRAMES * BINS * 2 }, (_, i) => {
    const bin = Math.floor(i / 2) % BINS;
    return Math.abs(bin - (i % 2 === 0 ? 8 : 24)) <= 2 ? 0.01 : 0;
  });
  model.setWeights({
    "bands/kernel": floatArray(weights, [FRAMES * BINS, 2]),
    "bands/bias": floatArray([0, 0], [2]),
  });
  model.metadata = audioMetadata({
    task: "classification",
    classNames: ["low", "high"],
    frontEnd: { kind: "spectrogram", sampleRate: 8000, fftSize: 64, hopLength: 40 },
    windowFrames: FRAMES,
  });
  await saveModel(model, path);
}

/** Even pictures, one as bright as its number times 20. */
const shades = (count: number) =>
  Uint8Array.from({ length: count * SIDE * SIDE }, (_, i) => 20 * Math.floor(i / SIDE ** 2));

let folder: string;
let pictures: string;
let sounds: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  pictures = join(folder, "mean.safetensors");
  sounds = join(folder, "bands.safetensors");
  await saveMeanModel(pictures);
  await saveBandModel(sounds);
  return () => rm(folder, { recursive: true, force: true });
});

describe.each(bothSessions())("a session %s", (_where, session) => {
  it("explains a picture", async () => {
    const path = join(folder, "half.png");
    const half = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE < SIDE / 2 ? 1 : 0));
    await writeFile(
      path,
      encodePng(half, SIDE, SIDE, [
        [0, 0, 0],
        [255, 255, 255],
      ]),
    );
    const found = await session
      .explain(pictures, path, { class: "bright", check: true, features: true })
      .result();
    if (found.kind !== "picture") throw new Error(`a picture is explained as a ${found.kind}`);
    expect(found).toMatchObject({ path, class: 1, classNames: CLASSES, notes: [] });
    // Half of the pixels are 1.
    expect([...found.outputs]).toEqual([0, 0.5]);
    expect(found.picture).toEqual(floatArray(Float32Array.from(half), [SIDE, SIDE, 1]));
    expect(found.maps.map(({ method }) => method)).toEqual([
      "gradCam",
      "integratedGradients",
      "saliency",
      "occlusion",
    ]);
    const [, gradients] = found.maps;
    expect(gradients).toMatchObject({
      completeness: { isWithin: true },
      check: { parts: [0.1, 0.2, 0.4, 0.7] },
    });
    // From the mean, a half, to 0 or 1: each pixel has 1/64 of its difference.
    expect([...gradients.values.data].map((value) => Math.round(1e6 * value))).toEqual(
      [...half].map((bright) => Math.round((1e6 * (bright - 0.5)) / SIDE ** 2)),
    );
    expect(found.features?.map(({ layer, values }) => [layer, values.shape])).toEqual([
      ["eyes", [SIDE, SIDE, 2]],
    ]);
    expect(found.filters?.kernel.shape).toEqual([3, 3, 1, 2]);
  });

  it.each([
    ["an IDX file", "shades-idx3-ubyte", idxBytes([5, SIDE, SIDE], shades(5)), 3, (3 * 20) / 255],
    // Records of a class, then 32 × 32 red, green and blue values; grey is 0.299, 0.587 and 0.114 of them.
    [
      "a file of CIFAR-10",
      "data_batch_1.bin",
      Uint8Array.from({ length: 3 * 3073 }, (_, i) => (i % 3073 === 0 ? 0 : 40 * Math.floor(i / 3073))),
      2,
      80 / 255,
    ],
  ])("explains and predicts the pictures in %s", async (_name, name, bytes, example, brightness) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const found = await session.explain(pictures, path, { methods: ["saliency"], example }).result();
    expect(found).toMatchObject({ kind: "picture", example, maps: [{ method: "saliency" }] });
    expect(found.outputs[1]).toBeCloseTo(brightness, 6);
    const predicted: unknown[] = [];
    await session.predict(pictures, [path]).listen((event) => {
      if (event.kind === "picture") predicted.push([event.prediction.example, event.prediction.outputs[1]]);
    });
    expect(predicted[example]).toEqual([example, found.outputs[1]]);
    await expect(session.explain(pictures, path, { example: 7 }).result()).rejects.toThrow("got number 7");
  });

  it("explains a recording, twice the same, also after its arrays were handed over", async () => {
    const path = join(folder, "tone.wav");
    await writeFile(path, toneFile({ frequencies: [1000], seed: 1, sampleRate: 8000 }));
    const explained = () =>
      session.explain(sounds, path, { methods: ["saliency"], features: true, check: true }).result();
    const first = await explained();
    if (first.kind !== "recording") throw new Error(`a recording is explained as a ${first.kind}`);
    expect(first).toMatchObject({ class: 0, offset: 0, frontEnd: { kind: "spectrogram" } });
    const [{ map, kept, check }] = first.maps;
    expect([map.bins, map.frequencies?.length]).toEqual([BINS, BINS]);
    expect(kept.samples).toHaveLength(first.audio.samples.length);
    expect(check?.kept).toHaveLength(2);
    expect(first.features?.layers.map(({ layer }) => layer)).toEqual(["bands"]);
    expect(await explained()).toEqual(first);
  });

  it.each([
    ["of sound", { example: 1 }, "a number is for files of many pictures"],
    ["of sound", { method: "saliency" }, 'got "method"; did you mean "methods"?'],
    ["of pictures", { start: 1 }, "start is for recordings"],
  ] as const)("refuses of a model %s %j", async (which, options, message) => {
    const isSound = which === "of sound";
    const path = join(folder, isSound ? "silence.wav" : "one-idx3-ubyte");
    await writeFile(
      path,
      isSound ? toneFile({ frequencies: [], seed: 1 }) : idxBytes([1, SIDE, SIDE], shades(1)),
    );
    const explained = session.explain(isSound ? sounds : pictures, path, options as object).result();
    await expect(explained).rejects.toThrow(message);
  });

  it("gives the outputs of layers", async () => {
    const path = join(folder, "ramp-idx3-ubyte");
    const ramp = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => i);
    await writeFile(path, idxBytes([1, SIDE, SIDE], ramp));
    const { input, layers, outputs } = await session.activations(pictures, path).result();
    expect(input.shape).toEqual([SIDE, SIDE, 1]);
    const [{ values, strongest, field }] = layers;
    // The first filter gives the picture again, the second nothing.
    expect([...values.data].filter((_, i) => i % 2 === 0)).toEqual([...input.data]);
    expect([...values.data].filter((_, i) => i % 2 === 1)).toEqual([...ramp].map(() => 0));
    expect(strongest).toEqual({ position: [SIDE - 1, SIDE - 1], channel: 0 });
    expect(field).toEqual([
      { start: SIDE - 2, end: SIDE },
      { start: SIDE - 2, end: SIDE },
    ]);
    // 0 + 1 + … + 63 = 2016
    expect(outputs[1]).toBeCloseTo(2016 / 64 / 255, 6);

    const tone = join(folder, "two-tones.wav");
    await writeFile(tone, toneFile({ frequencies: [3000], seed: 2, sampleRate: 8000 }));
    const heard = await session.activations(sounds, tone, { layers: ["bands"], start: 0.25 }).result();
    expect(heard.input.shape).toEqual([FRAMES, BINS, 1]);
    expect(heard.start).toBe(0.25);
    expect(heard.layers[0].values.data[1]).toBeGreaterThan(heard.layers[0].values.data[0]);
  });

  it("finds inputs that excite units", async () => {
    const steps: number[] = [];
    const bright = await session
      .maximizeActivation(pictures, { unit: 1, steps: 80, l2: 0 })
      .listen((event) => {
        if (event.kind === "ascent") steps.push(event.step);
      });
    expect(steps).toEqual([...Array(80).keys()]);
    // The second number is the pictures' mean, and white is the brightest.
    expect(bright).toMatchObject({ kind: "images", values: { shape: [1, SIDE, SIDE, 1] } });
    expect(bright.values.data.every((value) => value === 1)).toBe(true);
    expect(bright.activations[0]).toBeCloseTo(1, 6);
    expect(bright.outputs[0][1]).toBeCloseTo(1, 6);

    const { values, outputs } = await session
      .maximizeActivation(sounds, { layer: "bands", unit: [0, 1], steps: 20 })
      .result();
    expect(values.shape).toEqual([2, FRAMES, BINS, 1]);
    const at = (unit: number, bin: number) => values.data[(unit * FRAMES + 10) * BINS + bin];
    expect(at(0, 8)).toBeGreaterThan(at(0, 24) + 0.5);
    expect(at(1, 24)).toBeGreaterThan(at(1, 8) + 0.5);
    expect(outputs.map(([low, high]) => low > high)).toEqual([true, false]);

    const climbing = session.maximizeActivation(sounds, { unit: 0, steps: 1e6 });
    for await (const { kind } of climbing) if (kind === "ascent") break;
    await expect(climbing.result()).rejects.toMatchObject({ name: "AbortError" });
  });

  it("inspects a model, and copies its weights", async () => {
    const inspection = await session.inspect(pictures);
    expect(inspection).toMatchObject({
      kind: "images",
      path: pictures,
      task: "regression",
      classNames: CLASSES,
      inputs: [{ shape: [SIDE, SIDE, 1] }],
      pixels: { width: SIDE, channels: 1 },
      // 3·3·1·2 + 2, and 2·2 + 2
      parameters: 26,
      trainableParameters: 26,
      // 8·8 positions of 9·2 products, and 2·2
      multiplyAdds: 64 * 18 + 4,
    });
    expect(inspection.layers).toMatchObject([
      {
        name: "eyes",
        className: "Conv2D",
        config: { filters: 2 },
        outputShape: [SIDE, SIDE, 2],
        parameters: 20,
        multiplyAdds: 64 * 18,
        field: [
          { size: 3, step: 1, start: -1, unit: "pixels" },
          { size: 3, step: 1, start: -1, unit: "pixels" },
        ],
        weights: [
          { path: "eyes/kernel", shape: [3, 3, 1, 2], trainable: true },
          { path: "eyes/bias", shape: [2] },
        ],
      },
      { from: ["eyes"], outputShape: [2], parameters: 0, field: [{ size: SIDE }, { size: SIDE }] },
      { name: "answer", outputShape: [2], parameters: 6 },
    ]);
    const { layers, frontEnd } = await session.inspect(sounds);
    expect(frontEnd).toMatchObject({ kind: "spectrogram", hopLength: 40 });
    expect(layers[1].name).toBe("bands");

    const weights = await session.weights(pictures, ["answer/kernel"]);
    expect(weights).toEqual({ "answer/kernel": floatArray([0, 1, 0, 0], [2, 2]) });
    expect(Object.keys(await session.weights(pictures))).toHaveLength(4);
    await expect(session.weights(pictures, ["answer/kernels"])).rejects.toThrow(
      'got "answer/kernels"; did you mean "answer/kernel"?',
    );
  });

  it("sees the new weights of a file that has changed", async () => {
    const path = join(folder, "changing.safetensors");
    for (const bias of [1, 2]) {
      await saveMeanModel(path, bias);
      const { "answer/bias": found } = await session.weights(path, ["answer/bias"]);
      expect([...found.data]).toEqual([0, bias]);
    }
  });
});

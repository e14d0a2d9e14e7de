/** @file A session's questions to a model about files: a map of them, where a channel answers most strongly; and the times of layers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { audioMetadata } from "../audio-model/index.ts";
import { encodeWav } from "../audio/index.ts";
import { imageMetadata } from "../image-model/index.ts";
import { saveModel } from "../nn/checkpoint/model-file.ts";
import {
  activation,
  batchNormalization,
  conv1d,
  conv2d,
  dense,
  flatten,
  globalAveragePooling1d,
  globalAveragePooling2d,
  sequential,
} from "../nn/index.ts";
import { idxBytes } from "../runs/testing/idx-folder.ts";
import { floatArray } from "../tensor/array.ts";
import { bothSessions } from "./testing/sessions.ts";

const SIDE = 8;
const RATE = 8000;
const WINDOW = 400;
const TAPS = 8;

/** A model of pictures whose first map is the picture, and whose second is the mean of 3 × 3 pixels. */
async function savePictureModel(path: string): Promise<void> {
  const model = sequential(
    [
      conv2d({ name: "eyes", filters: 2, kernelSize: 3, padding: "same", inputShape: [SIDE, SIDE, 1] }),
      globalAveragePooling2d(),
      dense({ units: 2, name: "answer" }),
    ],
    { threads: 1 },
  );
  const eyes = Float32Array.from({ length: 9 * 2 }, (_, i) => (i % 2 === 1 ? 1 / 9 : i === 8 ? 1 : 0));
  model.setWeights({
    "eyes/kernel": floatArray(eyes, [3, 3, 1, 2]),
    "eyes/bias": floatArray([0, 0], [2]),
    "answer/kernel": floatArray([0, 1, 0, 0], [2, 2]),
    "answer/bias": floatArray([0, 0], [2]),
  });
  model.metadata = imageMetadata({
    task: "regression",
    classNames: ["nothing", "brightness"],
    pixels: { width: SIDE, height: SIDE, channels: 1, fit: "crop", background: [255, 255, 255] },
  });
  await saveModel(model, path);
}

/** A model of waveforms whose channel is the mean of eight samples. */
async function saveWaveModel(path: string): Promise<void> {
  const model = sequential(
    [
      conv1d({ name: "ears", filters: 1, kernelSize: TAPS, inputShape: [WINDOW, 1] }),
      globalAveragePooling1d(),
      dense({ units: 2, name: "answer" }),
    ],
    { threads: 1 },
  );
  model.setWeights({
    "ears/kernel": floatArray(new Float32Array(TAPS).fill(1 / TAPS), [TAPS, 1, 1]),
    "ears/bias": floatArray([0], [1]),
    "answer/kernel": floatArray([1, 0], [1, 2]),
    "answer/bias": floatArray([0, 0], [2]),
  });
  model.metadata = audioMetadata({
    task: "classification",
    classNames: ["push", "rest"],
    frontEnd: { kind: "waveform", sampleRate: RATE },
    windowFrames: WINDOW,
  });
  await saveModel(model, path);
}

/** Silence with pulses of twenty samples, by their first samples. */
function pulses(seconds: number, heights: Readonly<Record<number, number>>): Uint8Array {
  const samples = new Float32Array(seconds * RATE);
  for (const [first, height] of Object.entries(heights))
    samples.fill(height, Number(first), Number(first) + 20);
  return encodeWav({ sampleRate: RATE, channels: [samples] }, { bitDepth: "32-float" });
}

let folder: string;
let pictures: string;
let waves: string;
let archive: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-test-"));
  pictures = join(folder, "pictures.safetensors");
  waves = join(folder, "waves.safetensors");
  archive = join(folder, "spots-idx3-ubyte");
  await savePictureModel(pictures);
  await saveWaveModel(waves);
  // Six pictures: black, with a pixel of 40·n at row n, column 7 - n.
  const spots = Uint8Array.from({ length: 6 * SIDE * SIDE }, (_, i) => {
    const [n, at] = [Math.floor(i / SIDE ** 2), i % SIDE ** 2];
    return at === n * SIDE + 7 - n ? 40 * n : 0;
  });
  await writeFile(archive, idxBytes([6, SIDE, SIDE], spots));
  return () => rm(folder, { recursive: true, force: true });
});

describe.each(bothSessions())("a session %s", (_where, session) => {
  it("finds where a channel is strongest among pictures", async () => {
    const parts = [{ path: archive }];
    const found = await session
      .strongestPlaces(pictures, parts, { layer: "eyes", channel: 0, count: 3, each: 1 })
      .result();
    expect(found.map(({ picture, position }) => [picture, position])).toEqual([
      [5, [5, 2]],
      [4, [4, 3]],
      [3, [3, 4]],
    ]);
    const [{ value, field, cut, place }] = found;
    expect(value).toBeCloseTo(200 / 255, 6);
    expect(field).toEqual([
      { start: 4, end: 7 },
      { start: 1, end: 4 },
    ]);
    expect(cut.shape).toEqual([3, 3, 1]);
    expect([...cut.data].map((one) => Math.round(255 * one))).toEqual([0, 0, 0, 0, 200, 0, 0, 0, 0]);
    expect(place).toBeUndefined();
    // Nine units of the second channel see the pixel: they overlap by more than half, and one is told.
    const means = await session
      .strongestPlaces(pictures, parts, { layer: "eyes", channel: 1, count: 2, each: 3 })
      .result();
    expect(means.map(({ picture }) => picture)).toEqual([5, 5]);
    const [first, second] = means;
    const apart = first.position.map((at, axis) => Math.abs(at - second.position[axis]));
    expect(Math.max(...apart)).toBeGreaterThanOrEqual(2);
  });

  it("finds where a channel is strongest in recordings, in seconds of the file, and reads all others where one is broken", async () => {
    const [one, other, broken] = ["one.wav", "other.wav", "broken.wav"].map((name) => join(folder, name));
    await writeFile(one, pulses(1, { 1000: 0.25, 4000: 0.75 }));
    await writeFile(other, pulses(2, { 9000: 0.5 }));
    await writeFile(broken, "RIFF");
    const problems: string[] = [];
    const found = await session
      .strongestPlaces(waves, [{ path: one }, { path: broken }, { path: other, start: 1 }], {
        layer: "ears",
        channel: 0,
        each: 2,
      })
      .listen((event) => {
        if (event.kind === "problem") problems.push(event.problem.path);
      });
    expect(problems).toEqual([broken]);
    // A pulse of 20 samples has room for several windows of 8 that overlap by half at most.
    expect(found.map(({ path, value }) => [path, value])).toEqual([
      [one, 0.75],
      [one, 0.75],
      [other, 0.5],
      [other, 0.5],
    ]);
    const begins = found.map(({ place }) => Math.round((place?.from ?? 0) * RATE + 0.5));
    expect(begins).toEqual([4000, 4004, 9000, 9004]);
    expect(found[0].place?.to).toBeCloseTo((4000 + TAPS - 0.5) / RATE, 6);
    expect(found[0].place?.band).toBeUndefined();
    expect(found[0].cut).toEqual(floatArray(new Float32Array(TAPS).fill(0.75), [TAPS, 1]));
  });

  it.each([
    [{ layer: "ears", channel: 1 }, "layer ears has the channels 0 … 0; got 1"],
    [{ layer: "eras", channel: 0 }, 'did you mean "ears"?'],
    [{ layer: "ears", channel: 0, count: 0 }, "count must be a whole number above 0; got 0"],
  ])("refuses %j", async (options, message) => {
    await expect(session.strongestPlaces(waves, [{ path: archive }], options).result()).rejects.toThrow(
      message,
    );
  });

  it("lays pictures out by what a layer makes of them", async () => {
    const { layouts, examples, share, layer, task } = await session
      .embedFiles(pictures, [{ path: archive }], { layer: "eyes" })
      .result();
    expect([layer, task]).toEqual(["eyes", "regression"]);
    expect(examples.map(({ picture }) => picture)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(examples[5].outputs[1]).toBeCloseTo(200 / 255 / 64, 6);
    // The mean of the first map is 40·n/255/64: all vectors lie on a line, evenly but for the edges.
    expect(share).toBeGreaterThan(0.999);
    const [{ key, places }] = layouts;
    expect(key).toBe("pca");
    const along = examples.map((_, i) => places[2 * i]);
    const steps = along.slice(1).map((place, i) => place - along[i]);
    expect(Math.min(...steps) * Math.max(...steps)).toBeGreaterThan(0);
    await expect(session.embedFiles(waves, [{ path: join(folder, "one.wav") }]).result()).rejects.toThrow(
      "a map needs at least 4 files that can be read; got 1",
    );
  });

  it("refuses no files, and files of which none can be read", async () => {
    await expect(session.embedFiles(waves, []).result()).rejects.toThrow("no files were named");
    const parts = [1, 2].map((i) => ({ path: join(folder, `gone-${i}.wav`) }));
    await expect(session.embedFiles(waves, parts).result()).rejects.toThrow(
      "none of the 2 files could be read",
    );
  });
});

it("measures layers, and says which are computed within others", async () => {
  const path = join(folder, "fused.safetensors");
  const model = sequential(
    [
      conv2d({ name: "eyes", filters: 16, kernelSize: 3, inputShape: [SIDE, SIDE, 1] }),
      batchNormalization({ name: "even" }),
      activation({ activation: "relu", name: "bend" }),
      flatten({ name: "row" }),
      dense({ name: "answer", units: 2 }),
    ],
    { threads: 1 },
  );
  model.metadata = imageMetadata({
    task: "classification",
    classNames: ["a", "b"],
    pixels: { width: SIDE, height: SIDE, channels: 1, fit: "crop", background: [0, 0, 0] },
  });
  await saveModel(model, path);
  const [[, session]] = bothSessions();
  const { layers, milliseconds, runs, threads } = await session.layerTimes(path);
  expect(layers.map(({ layer }) => layer)).toEqual(["eyes", "even", "bend", "row", "answer"]);
  const [eyes, even, bend, row, answer] = layers;
  expect(eyes.milliseconds).toBeGreaterThan(0);
  expect(answer.milliseconds).toBeGreaterThan(0);
  expect([even.within, bend.within]).toEqual(["eyes", "eyes"]);
  expect(row).toEqual({ layer: "row", milliseconds: 0 });
  const sum = layers.reduce((total, layer) => total + layer.milliseconds, 0);
  expect(sum).toBeCloseTo(milliseconds, 9);
  expect(runs).toBeGreaterThanOrEqual(3);
  expect(threads).toBeGreaterThanOrEqual(1);
});

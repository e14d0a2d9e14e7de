/** @file `auricle features`: arrays for NumPy, the numbers that training a frozen network takes. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readAudioFile } from "../../audio/node.ts";
import { hearRecording } from "../../audio-model/heard-recording.ts";
import { embeddings } from "../../explain/index.ts";
import { numbersOf, openNpz } from "../../formats/npy/index.ts";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { expectClose } from "../../testing/compare.ts";
import { jsonLines } from "../testing/command-line.ts";
import { FRAMES, savePublished } from "../testing/published-network.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
const CLASSES = ["high", "low"];
/** The numbers that the last layer of the network takes: means and maxima of six maps. */
const WIDTH = 12;
let tones: string;
let published: string;
let file: string;

beforeAll(async () => {
  tones = join(tests.folder, "tones");
  published = join(tests.folder, "published.safetensors");
  file = join(tests.folder, "features.npz");
  await writeToneFolder(tones, { classes: CLASSES, clips: 3 });
  await savePublished(published);
});

function features(places: readonly string[], ...options: string[]) {
  return tests.run(["features", ...places, "--from", published, "--npz", file, "--threads", "1", ...options]);
}

async function arrays() {
  const npz = openNpz(await readFile(file), file);
  const { names, read } = npz;
  const numbers = (name: string) => Array.from(numbersOf(read(name), name).data);
  return { names, numbers, read };
}

it("writes a row for each clip with its label, and the rows of its windows, of which it is the mean", async () => {
  const { code, stdout } = await features([tones], "--windows", "--json");
  expect(code).toBe(0);
  const npz = await arrays();
  expect(npz.names).toEqual([
    ...["source", "features", "target", "class_names", "group"],
    ...["window_features", "window_example", "window_start", "window_end"],
  ]);
  expect(npz.read("source").data).toEqual(
    CLASSES.flatMap((name) => [0, 1, 2].map((i) => `${name}/${name}-${i}.wav`)),
  );
  expect(npz.read("class_names").data).toEqual(CLASSES);
  expect(npz.numbers("target")).toEqual([0, 0, 0, 1, 1, 1]);
  const rows = npz.read("window_features");
  const windows = rows.shape[0] / 6;
  expect(rows.shape).toEqual([6 * windows, WIDTH]);
  expect(windows).toBeGreaterThan(1);
  expect(npz.numbers("window_example")).toEqual(
    [0, 1, 2, 3, 4, 5].flatMap((i) => Array<number>(windows).fill(i)),
  );
  const [all, means] = [npz.numbers("window_features"), npz.numbers("features")];
  means.forEach((mean, at) => {
    const [example, column] = [Math.floor(at / WIDTH), at % WIDTH];
    const own = Array.from({ length: windows }, (_, i) => all[(example * windows + i) * WIDTH + column]);
    expect(mean).toBeCloseTo(own.reduce((sum, one) => sum + one, 0) / windows, 5);
  });
  const [starts, ends] = [npz.numbers("window_start"), npz.numbers("window_end")];
  expect(starts[0]).toBe(0);
  // 12 steps of 128 samples at 8 kHz.
  expect(ends[0]).toBeCloseTo((FRAMES * 128) / 8000, 6);
  expect(starts[1]).toBeGreaterThan(0);
  expect(jsonLines(stdout).at(-1)).toMatchObject({
    event: "features",
    file,
    unread: 0,
    arrays: { features: [6, WIDTH], window_features: rows.shape },
  });
});

it("gives the same rows to recordings without labels, and those of another layer by its name", async () => {
  await features([tones]);
  const first = (await arrays()).numbers("features").slice(0, WIDTH);
  expect((await features([join(tones, "high", "high-0.wav"), join(tones, "low")])).stdout).toContain(
    "without labels",
  );
  const loose = await arrays();
  expect(loose.names).toEqual(["source", "features"]);
  expect(loose.numbers("features").slice(0, WIDTH)).toEqual(first);
  expect(loose.read("source").shape).toEqual([4]);
  // A folder without classes holds recordings alone, which is said.
  const { stdout } = await features([join(tones, "low")]);
  expect(stdout).toContain("No labels are read");
  expect((await features([tones], "--layer", "batch_normalization_1")).code).toBe(0);
  expect((await arrays()).read("features").shape).toEqual([6, 6]);
  expect((await features([tones], "--layer", "none")).stderr).toContain('"none"');
});

it("are what the library computes of the recording's windows", async () => {
  const recording = join(tones, "high", "high-0.wav");
  await features([recording], "--windows");
  const model = await loadModel(published, { threads: 1 });
  const { x } = await hearRecording(model, await readAudioFile(recording), "test");
  const { shape, data } = await embeddings(model, x);
  const written = (await arrays()).read("window_features");
  expect(written.shape).toEqual(shape);
  expectClose(Float32Array.from((await arrays()).numbers("window_features")), data, 1e-5, "rows");
});

it("reads the labels of lists, and tells what cannot be read", async () => {
  const list = join(tests.folder, "list.csv");
  await writeFile(join(tests.folder, "broken.wav"), "RIFF");
  const rows = ["tones/high/high-0.wav,one|two", "tones/low/low-0.wav,two", "broken.wav,one"];
  await writeFile(list, ["path,label", ...rows].join("\n"));
  const { code, stdout } = await features([list]);
  expect(code).toBe(1);
  expect(stdout).toContain("broken.wav");
  const npz = await arrays();
  expect(npz.read("target").shape).toEqual([2, 2]);
  expect(npz.numbers("target")).toEqual([1, 1, 0, 1]);
});

/** @file `auricle explain` on recordings: by a network that looks at known bands, and by a run that was trained. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeAudio, encodeWav } from "../../audio/index.ts";
import { audioMetadata } from "../../audio-model/index.ts";
import { imageMetadata } from "../../image-model/index.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { conv1d, conv2d, dense, flatten, globalMaxPooling1d, sequential } from "../../nn/index.ts";
import { Generator } from "../../random/generator.ts";
import { encodeRgbPng } from "../../report/png.ts";
import { floatArray } from "../../tensor/array.ts";
import { idxBytes } from "../../runs/testing/idx-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
const RATE = 8000;
const [FRAMES, BINS] = [20, 33];

/** "low" is the magnitude around 1000 Hz, "high" that around 3000 Hz: bins 8 and 24, 125 Hz apart. */
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
    frontEnd: { kind: "spectrogram", sampleRate: RATE, fftSize: 64, hopLength: 40 },
    windowFrames: FRAMES,
  });
  await saveModel(model, path);
}

/** One that listens to the waveform. */
async function saveWaveModel(path: string): Promise<void> {
  const model = sequential(
    [
      conv1d({
        name: "ears",
        filters: 3,
        kernelSize: 32,
        strides: 4,
        activation: "relu",
        inputShape: [1000, 1],
      }),
      globalMaxPooling1d(),
      dense({ units: 2 }),
    ],
    { threads: 1, seed: 2 },
  );
  model.metadata = audioMetadata({
    task: "classification",
    classNames: ["a", "b"],
    frontEnd: { kind: "waveform", sampleRate: RATE },
    windowFrames: 1000,
  });
  await saveModel(model, path);
}

const tone = (hertz: number, seconds: number, level: number) =>
  Array.from({ length: seconds * RATE }, (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / RATE));

type Tone = readonly [hertz: number, span: readonly [start: number, end: number]];

/** The energy of a wav file at a tone between two times, by the definition of the Fourier transform. */
async function energyAt(path: string, [hertz, [start, end]]: Tone): Promise<number> {
  const { channels, sampleRate } = await decodeAudio(await readFile(path));
  let [real, imaginary] = [0, 0];
  channels[0].subarray(start * sampleRate, end * sampleRate).forEach((value, n) => {
    real += value * Math.cos((2 * Math.PI * hertz * n) / sampleRate);
    imaginary += value * Math.sin((2 * Math.PI * hertz * n) / sampleRate);
  });
  return real * real + imaginary * imaginary;
}

let bands: string;
let recording: string;

beforeAll(async () => {
  bands = join(tests.folder, "bands.safetensors");
  recording = join(tests.folder, "both.wav");
  await saveBandModel(bands);
  const samples = Float32Array.from([...tone(1000, 0.5, 0.5), ...tone(3000, 0.5, 0.3)]);
  await writeFile(recording, encodeWav({ sampleRate: RATE, channels: [samples] }));
});

function explain(model: string, ...argv: string[]) {
  return auricle(["explain", model, ...argv, "--threads", "1"]);
}

describe("of a network that looks at known bands", () => {
  it("keeps the band of the class that is explained, and removes it from the rest", async () => {
    const low: Tone = [1000, [0, 0.5]];
    const high: Tone = [3000, [0.5, 1]];
    for (const [name, own, other] of [
      ["low", low, high],
      ["high", high, low],
    ] as const) {
      const out = join(tests.folder, `why-${name}`);
      const { code, stdout } = await explain(bands, recording, "--class", name, "--out", out, "--json");
      expect(code).toBe(0);
      const [found] = jsonLines(stdout);
      expect(found).toMatchObject({ event: "explanation", source: recording, folder: out, class: name });
      for (const method of ["integrated-gradients", "occlusion"]) {
        const kept = join(out, `${method}-kept.wav`);
        const removed = join(out, `${method}-removed.wav`);
        expect(await energyAt(kept, own)).toBeGreaterThan(20 * (await energyAt(kept, other)));
        expect(await energyAt(removed, other)).toBeGreaterThan(20 * (await energyAt(removed, own)));
      }
      const maps = found.maps as { method: string; passes?: boolean; facts: Record<string, string> }[];
      expect(maps.map(({ method }) => method)).toEqual(["integrated-gradients", "saliency", "occlusion"]);
      expect(maps.filter(({ passes }) => passes).map(({ method }) => method)).toContain(
        "integrated-gradients",
      );
      expect(maps[0].facts.completeness).toContain("less than 0.1 %");
      expect(found.notes).toEqual([expect.stringContaining("no convolution")]);
    }
  });

  it("writes pictures, sounds and a page that needs nothing else", async () => {
    const out = join(tests.folder, "files");
    const { stdout } = await explain(bands, recording, "--method", "occlusion", "--out", out, "--json");
    const names = (jsonLines(stdout)[0].files as string[]).map((path) => path.slice(out.length + 1));
    expect(names).toEqual([
      "input.png",
      "input.wav",
      "occlusion.png",
      "occlusion-kept.wav",
      "occlusion-removed.wav",
      "layers/01-bands.png",
      "explanation.html",
    ]);
    const page = await readFile(join(out, "explanation.html"), "utf8");
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page.match(/(src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    for (const name of names.filter((file) => file.endsWith(".png"))) {
      expect((await readFile(join(out, name))).subarray(1, 4).toString("latin1")).toBe("PNG");
    }
  });

  it("says what it found in words, and where the page is", async () => {
    const { code, stdout } = await explain(bands, recording);
    expect(code).toBe(0);
    expect(stdout).toMatch(/both\.wav: low\n {2}There is no map of Grad-CAM: .*no\n? *convolution/);
    expect(stdout).toMatch(/Passes the test: better than 8 of 8/);
    expect(stdout).toContain("explanations/both/explanation.html");
  });

  it("overwrites nothing: numbers the next, and refuses a folder that holds something", async () => {
    await explain(bands, recording, "--method", "saliency");
    await explain(bands, recording, "--method", "saliency");
    const folders = await readdir(join(tests.folder, "explanations"));
    expect(folders).toEqual(expect.arrayContaining(["both-2", "both-3"]));
    const { code, stderr } = await explain(bands, recording, "--out", tests.folder);
    expect(code).toBe(1);
    expect(stderr).toContain("exists and is not empty; name a new folder with --out, nothing is overwritten");
  });
});

it.each<readonly [readonly string[], number, string]>([
  [
    ["--class", "lo"],
    1,
    'class must be one of low, high, or its number in 0 … 1; got "lo"; did you mean "low"?',
  ],
  [["--layer", "band"], 1, 'layer must be one of flatten_1, bands; got "band"; did you mean "bands"?'],
  [["--method", "grad-cam"], 1, "has no convolution to make a map of"],
  [["--method", "gradCam"], 2, "Allowed choices are grad-cam, integrated-gradients, saliency, occlusion"],
  [["--start", "soon"], 2, "It must be seconds, 0 or more."],
  [["--start", "7"], 1, "both.wav: --start must lie within its 1.0 s; got 7"],
])("refuses %j, and leaves no folder", async (argv, expected, message) => {
  const out = join(tests.folder, "nothing");
  const { code, stderr } = await explain(bands, recording, "--out", out, ...argv);
  expect(code).toBe(expected);
  expect(stderr.replaceAll(/\s+/g, " ")).toContain(message);
  expect(await readdir(tests.folder)).not.toContain("nothing");
});

it("plays the filters of a network on waveforms, and tells times alone", async () => {
  const model = join(tests.folder, "wave.safetensors");
  const out = join(tests.folder, "wave-out");
  await saveWaveModel(model);
  const { code, stdout } = await explain(model, recording, "--out", out, "--json");
  expect(code).toBe(0);
  const names = (jsonLines(stdout)[0].files as string[]).map((path) => path.slice(out.length + 1));
  expect(names).toEqual(
    expect.arrayContaining(["grad-cam.png", "filters.png", "filters.wav", "filters/filter-2.wav"]),
  );
  const { channels } = await decodeAudio(await readFile(join(out, "filters.wav")));
  expect(channels[0]).toHaveLength(3 * 0.5 * RATE);
  expect(await readFile(join(out, "explanation.html"), "utf8")).toContain("White noise through each filter");
});

it("explains the part of a long recording in which the class is clearest, or the one that is named", async () => {
  const path = join(tests.folder, "long.wav");
  const samples = new Float32Array(100 * RATE);
  samples.set(tone(3000, 10, 0.3), 61 * RATE);
  await writeFile(path, encodeWav({ sampleRate: RATE, channels: [samples] }));
  const { stdout } = await explain(bands, path, "--method", "saliency", "--class", "high", "--json");
  const [found] = jsonLines(stdout);
  const [, start, end] = /^(\d+)\.\d … (\d+)\.\d s of 1:40 min$/.exec(String(found.part)) ?? [];
  expect(Number(start)).toBeLessThanOrEqual(61);
  expect(Number(end)).toBeGreaterThanOrEqual(71);
  expect(Number(end) - Number(start)).toBe(30);
  const named = await explain(bands, path, "--method", "saliency", "--start", "80", "--json");
  expect(jsonLines(named.stdout)[0].part).toBe("80.0 … 100.0 s of 1:40 min");
});

it("explains a picture by a model of images, as the model sees it", async () => {
  const model = join(tests.folder, "pictures.safetensors");
  const picture = join(tests.folder, "noise.png");
  const out = join(tests.folder, "picture-out");
  const net = sequential(
    [
      conv2d({ name: "eyes", filters: 2, kernelSize: 3, inputShape: [8, 8, 3] }),
      flatten(),
      dense({ units: 2 }),
    ],
    { threads: 1, seed: 1 },
  );
  net.metadata = imageMetadata({
    task: "classification",
    classNames: ["cat", "dog"],
    pixels: { width: 8, height: 8, channels: 3, fit: "crop", background: [255, 255, 255] },
  });
  await saveModel(net, model);
  const generator = new Generator(3);
  const pixels = Uint8Array.from({ length: 3 * 16 * 16 }, () => generator.integer(256));
  await writeFile(picture, encodeRgbPng(pixels, 16, 16));
  const { code, stdout } = await explain(model, picture, "--class", "dog", "--out", out, "--json");
  expect(code).toBe(0);
  expect(jsonLines(stdout)[0]).toMatchObject({
    class: "dog",
    notes: ["The picture of 16 × 16 pixels is shown as the model sees it, 8 × 8."],
  });
  expect(await readdir(out)).toEqual(
    expect.arrayContaining(["explanation.html", "grad-cam.png", "input.png", "occlusion.png"]),
  );
  const many = join(tests.folder, "many-idx3-ubyte");
  await writeFile(
    many,
    idxBytes(
      [3, 8, 8],
      Uint8Array.from({ length: 3 * 64 }, () => generator.integer(256)),
    ),
  );
  const chosen = ["--index", "0,2", "--method", "saliency", "--out", join(tests.folder, "two"), "--json"];
  expect(jsonLines((await explain(model, many, ...chosen)).stdout)).toMatchObject([
    { source: many, example: 0, folder: join(tests.folder, "two", "many-idx3-ubyte-0") },
    { source: many, example: 2, folder: join(tests.folder, "two", "many-idx3-ubyte-2") },
  ]);
  const beyond = await explain(model, many, "--index", "3", "--out", join(tests.folder, "none"));
  expect(beyond.stderr).toContain("it holds the pictures 0 … 2; got number 3");
  const refused = await explain(model, picture, "--start", "1", "--out", join(tests.folder, "none"));
  expect(refused.stderr).toContain("--start is for recordings");
  const noPicture = await explain(model, recording, "--out", join(tests.folder, "none"));
  expect(noPicture.code).toBe(1);
  expect(noPicture.stderr).toContain("both.wav");
});

describe("--map", () => {
  it("draws the test examples of a run, which lie by their class, and nothing that is not in the page", async () => {
    const data = join(tests.folder, "mapped");
    const run = join(tests.folder, "mapped-run");
    await writeToneFolder(data, { clips: 12 });
    expect((await tests.train(data, run, "--split", "0.4/0.1/0.5")).code).toBe(0);
    const { code, stdout } = await tests.run(["explain", run, "--map", "--json", "--threads", "1"]);
    expect(code).toBe(0);
    const found = jsonLines(stdout).find(({ event }) => event === "map") ?? {};
    expect(found.examples).toBe(12);
    expect(found.folder).toBe(join(run, "explanations", "map"));
    const [head, ...rows] = (await readFile(join(String(found.folder), "map.csv"), "utf8"))
      .trim()
      .split("\r\n");
    expect(head).toBe('"id","true class","verdict","pca 1","pca 2","umap 1","umap 2"');
    const points = rows.map((row) => row.split(",").map((cell) => cell.replaceAll('"', "")));
    const along = (name: string) =>
      points.filter(([, label]) => label === name).map((cells) => Number(cells.at(-4)));
    const [low, high] = [along("low"), along("high")];
    // One component tells two tones apart, whichever way it points.
    expect(Math.max(...low) < Math.min(...high) || Math.max(...high) < Math.min(...low)).toBe(true);
    const page = await readFile(String(found.page), "utf8");
    expect(page.match(/(src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
    expect(page.match(/class="point"/g)).toHaveLength(24);
    expect(await readFile(join(String(found.folder), "umap.svg"), "utf8")).toContain("<circle");
  });

  it.each<readonly [readonly string[], string]>([
    [["--map", "--class", "low"], "--class explains an answer, and --map draws all examples"],
    [["--map", "song.wav"], "--map takes no files"],
    [["--seed", "1", "song.wav"], "--seed is for --map"],
    [["--data-folder", ".", "song.wav"], "--data-folder is for --map and for --index without files"],
    [[], "name files, --index for examples of the run's test part, or --map for all of them"],
  ])("is refused with what has no use for it: %j", async (argv, message) => {
    const { code, stderr } = await auricle(["explain", bands, ...argv]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

it("explains a run that was trained, and several files each in a folder of its own", async () => {
  const data = join(tests.folder, "tones");
  const run = join(tests.folder, "run");
  await writeToneFolder(data);
  expect((await tests.train(data, run)).code).toBe(0);
  const files = ["one", "two"].map((name) => join(tests.folder, `${name}.wav`));
  for (const file of files) await writeRecording(file, toneFile({ frequencies: [2700], seed: 77 }));
  const out = join(tests.folder, "several");
  const { code, stdout } = await explain(run, ...files, "--method", "grad-cam", "--out", out, "--json");
  expect(code).toBe(0);
  expect(jsonLines(stdout).map(({ folder }) => folder)).toEqual([join(out, "one"), join(out, "two")]);
  expect(await readdir(join(out, "one"))).toEqual(
    expect.arrayContaining(["explanation.html", "grad-cam.png", "layers"]),
  );
});

describe("--index without files", () => {
  it.each<readonly [string, readonly string[], RegExp]>([
    ["classes", [], /^(low|high)$/],
    ["tags", ["--task", "tagging"], /^(low|high)$/],
    ["numbers", ["--task", "regression"], /^label$/],
  ])("explains examples of the test part of a run on %s", async (kind, argv, explained) => {
    const data = join(tests.folder, `tested-${kind}`);
    const run = join(tests.folder, `tested-${kind}-run`);
    await writeToneFolder(data);
    const list = join(data, "list.csv");
    if (kind !== "classes") {
      const rows = ["low", "high"].flatMap((name, i) =>
        Array.from(
          { length: 8 },
          (_, n) => `${name}/${name}-${n}.wav,${kind === "tags" ? name : i + n / 10}`,
        ),
      );
      await writeFile(list, ["path,label", ...rows].join("\n"));
    }
    const trained = await tests.train(
      kind === "classes" ? data : list,
      run,
      ...argv,
      "--split",
      "0.5/0.2/0.3",
    );
    expect(trained.code).toBe(0);
    const predicted = JSON.parse(await readFile(join(run, "predictions.json"), "utf8")) as {
      test: { id: string }[];
    };
    const out = join(tests.folder, `tested-${kind}-out`);
    const chosen = ["--index", "0,1", "--method", "saliency", "--out", out, "--json"];
    const { code, stdout } = await explain(run, ...chosen);
    expect(code).toBe(0);
    const found = jsonLines(stdout);
    expect(found).toMatchObject(
      [0, 1].map((tested) => ({
        event: "explanation",
        source: predicted.test[tested].id,
        tested,
        folder: join(out, `test-${tested}`),
      })),
    );
    for (const one of found) expect(one.class).toMatch(explained);
    const beyond = await explain(run, "--index", "99", "--out", join(tests.folder, "none"));
    expect(beyond.code).toBe(1);
    expect(beyond.stderr).toContain("got number 99");
  });

  it("is refused for a model file without a run", async () => {
    const { code, stderr } = await explain(bands, "--index", "0");
    expect(code).toBe(1);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("the examples of a test part are those of a run");
  });
});

/** @file Exports of Teachable Machine's structure give what its pages compute, as files, a folder and a zip. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { readTfjs } from "../../formats/tfjs/read-tfjs.ts";
import { TFJS_CASES, type TfjsCase } from "../../formats/tfjs/testing/tfjs-cases.ts";
import { writeZip } from "../../formats/zip/write-zip.ts";
import { Model } from "../../nn/model.ts";
import { networkFromConfig } from "../../nn/network-from-config.ts";
import { encodeRgbPng } from "../../report/png.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-"));
});
afterAll(() => rm(folder, { recursive: true }));

const SOUND = {
  tfjsSpeechCommandsVersion: "0.4.0",
  modelName: "TMv2",
  timeStamp: "2025-03-07T19:34:36.722Z",
  wordLabels: ["Background Noise", "clap", "whistle"],
};
const PICTURES = {
  tfjsVersion: "1.3.1",
  packageVersion: "0.8.4",
  packageName: "@teachablemachine/image",
  labels: ["cat", "dog"],
};

function caseNamed(name: string): TfjsCase {
  const found = TFJS_CASES.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
}

function filesOf(one: TfjsCase, metadata: object): [string, Uint8Array][] {
  const text = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const [{ paths }] = one.model.weightsManifest;
  return [
    ["metadata.json", text(metadata)],
    ["model.json", text(one.model)],
    ...one.shards.map((shard, i): [string, Uint8Array] => [paths[i], shard]),
  ];
}

/** Writes an export as a folder and as a zip. */
async function write(name: string, one: TfjsCase, metadata: object) {
  const files = filesOf(one, metadata);
  const place = join(folder, name);
  await mkdir(place);
  for (const [file, content] of files) await writeFile(join(place, file), content);
  await writeFile(
    `${place}.zip`,
    writeZip(
      files.map(([file, content]) => [`my_model/${file}`, content] as const),
      { compress: true },
    ),
  );
  return place;
}

/** The answer of the network as TensorFlow.js has it: an own test says that it is TensorFlow.js'. */
async function answerOf(one: TfjsCase, data: Float32Array) {
  const [{ paths }] = one.model.weightsManifest;
  const read = (name: string) => Promise.resolve(one.shards[paths.indexOf(name)]);
  const { config, weights } = await readTfjs(one.model, "model.json", read);
  const model = new Model(networkFromConfig(config, weights), { threads: 1 });
  return (await model.predict({ shape: [1, ...one.inputShape.slice(1)], data })).data;
}

/** AnalyserNode's levels (Web Audio API, 1.8.6) by the definition of the transform: 43 frames, 232 bins. */
function analyserFrames(samples: Float32Array): Float32Array {
  const [size, hop, bins, frames] = [2048, 1024, 232, 43];
  const turn = (k: number) => (2 * Math.PI * k) / size;
  const cosines = Float64Array.from({ length: size }, (_, k) => Math.cos(turn(k)));
  const window = cosines.map((cosine, n) => 0.42 - 0.5 * cosine + 0.08 * Math.cos(2 * turn(n)));
  const levels = new Float32Array(frames * bins);
  for (let frame = 0; frame < frames; frame++) {
    const weighted = window.map((weight, n) => weight * samples[frame * hop + n]);
    for (let bin = 0; bin < bins; bin++) {
      let [real, imaginary] = [0, 0];
      for (let n = 0; n < size; n++) {
        const angle = (bin * n) % size;
        real += weighted[n] * cosines[angle];
        // sin x = cos(x - 90°).
        imaginary += weighted[n] * cosines[(angle + size - size / 4) % size];
      }
      levels[frame * bins + bin] = 20 * Math.log10(Math.hypot(real, imaginary) / size);
    }
  }
  return levels;
}

function normalized(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / (Math.sqrt(variance) + 1e-7));
}

async function importAndPredict(place: string, input: string) {
  const out = join(folder, "imported.safetensors");
  const imported = await auricle(["import", place, "--out", out, "--json"]);
  expect(imported.code).toBe(0);
  const predicted = await auricle(["predict", out, input, "--json"]);
  expect(predicted.code).toBe(0);
  return [jsonLines(imported.stdout)[0], jsonLines(predicted.stdout)[0]];
}

describe("a Teachable Machine model", () => {
  it("of sound hears a second as its page does, to 1e-4", async () => {
    const one = caseNamed("joined");
    const place = await write("sound", one, SOUND);
    const samples = Float32Array.from(
      { length: 42 * 1024 + 2048 },
      (_, n) => 0.4 * Math.sin(n / 9) * Math.cos(n / 4000) + 0.1 * Math.sin(n * n * 1e-5),
    );
    const wav = encodeWav({ sampleRate: 44_100, channels: [samples] }, { bitDepth: "32-float" });
    await writeFile(join(folder, "sound.wav"), wav);
    const expected = await answerOf(one, normalized(analyserFrames(samples)));
    for (const source of [place, join(place, "model.json"), `${place}.zip`]) {
      const [imported, predicted] = await importAndPredict(source, join(folder, "sound.wav"));
      expect(imported).toMatchObject({
        kind: "sound",
        classNames: SOUND.wordLabels,
        teachableMachine: "sound",
      });
      expect(Object.keys(predicted.probabilities as object)).toEqual(SOUND.wordLabels);
      Object.values(predicted.probabilities as Record<string, number>).forEach((value, i) =>
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-4),
      );
    }
  });

  it.each([
    ["with the package's name", PICTURES],
    ["of the first versions", { tmVersion: "1.1.0", labels: PICTURES.labels }],
  ])("of pictures sees a picture of its size as its page does, to 1e-6, %s", async (name, metadata) => {
    const one = caseNamed("stacked");
    const place = await write(name, one, metadata);
    const data = Uint8Array.from({ length: 12 * 12 * 3 }, (_, i) => (i * i * 7) % 256);
    await writeFile(join(folder, "picture.png"), encodeRgbPng(data, 12, 12));
    const expected = await answerOf(
      one,
      Float32Array.from(data, (byte) => byte / 127 - 1),
    );
    const [imported, predicted] = await importAndPredict(`${place}.zip`, join(folder, "picture.png"));
    expect(imported).toMatchObject({ kind: "images", classNames: PICTURES.labels });
    Object.values(predicted.probabilities as Record<string, number>).forEach((value, i) =>
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-6),
    );
  });

  it("must have as many classes as its metadata name", async () => {
    const place = await write("wrong", caseNamed("joined"), { ...SOUND, wordLabels: ["one", "two"] });
    const { code, stderr } = await auricle(["import", place, "--out", join(folder, "w.safetensors")]);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      "must end with a softmax over the 2 classes of its metadata; its output is [3]",
    );
  });
});

it("a zip without a model says what it looked for", async () => {
  await writeFile(join(folder, "other.zip"), writeZip([["notes.txt", new Uint8Array(3)]]));
  const { code, stderr } = await auricle([
    "import",
    join(folder, "other.zip"),
    "--out",
    join(folder, "o.safetensors"),
  ]);
  expect(code).toBe(1);
  expect(stderr.replace(/\s+/g, " ")).toContain("holds no model.json");
});

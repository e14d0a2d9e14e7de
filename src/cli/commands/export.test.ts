/** @file `auricle export`: an ONNX file from a run and from a model file, and what is refused. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeAudio } from "../../audio/index.ts";
import { AudioModel } from "../../audio-model/index.ts";
import { loadModel, saveModel } from "../../nn/checkpoint/model-file.ts";
import { pictureModel } from "../../onnx/export/testing/built-in-models.ts";
import { runOnnx } from "../../onnx/export/testing/run-onnx.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { floatArray } from "../../tensor/array.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
const inFolder = (name: string) => join(tests.folder, name);

beforeAll(async () => {
  await writeToneFolder(inFolder("tones"));
  await tests.train(inFolder("tones"), inFolder("run"));
  await saveModel(pictureModel("lenet5", "classification", 28, 1), inFolder("digits.safetensors"));
});

describe("a run on sound", () => {
  it("becomes a file that hears a window as the run's model does, and says what is left to the caller", async () => {
    const path = inFolder("tones.onnx");
    const { code, stdout } = await auricle(["export", inFolder("run"), "--onnx", path]);
    expect(code).toBe(0);
    expect(stdout).toContain("tones.onnx");
    expect(stdout).toMatch(/Input: +waveform \[batch, \d+\]: samples of one channel at 22050 Hz/);
    expect(stdout).toMatch(/Output: +probabilities \[batch, 2\]/);
    expect(stdout.replace(/\s+/g, " ")).toContain("the mean of the answers for evenly spaced windows");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "batch may have any length, but not time: network notebook",
    );
    const metadata = await metadataOf(path);
    const samples = Number(metadata.windowSamples);
    const { channels, sampleRate } = await decodeAudio(await readFile(inFolder("tones/low/low-0.wav")));
    const clip = { sampleRate, samples: channels[0].slice(0, samples) };
    const model = await loadModel(inFolder("run/best.safetensors"), { threads: 1 });
    const { outputs } = await new AudioModel(model).predict(clip);
    const [{ data }] = await runOnnx(await readFile(path), {
      waveform: floatArray(clip.samples, [1, samples]),
    });
    outputs.forEach((value, i) => expect(Math.abs(data[i] - value)).toBeLessThan(1e-4));
  });

  it("from its features on, as JSON", async () => {
    const path = inFolder("features.onnx");
    const { code, stdout } = await auricle([
      "export",
      inFolder("run"),
      "--onnx",
      path,
      "--from",
      "features",
      "--json",
    ]);
    expect(code).toBe(0);
    const [event] = jsonLines(stdout);
    expect(event).toMatchObject({
      event: "export",
      file: path,
      opset: 17,
      outputs: [{ name: "probabilities", shape: ["batch", 2] }],
    });
    expect(event.inputs).toMatchObject([{ name: "features" }]);
    expect((await readFile(path)).length).toBe(event.bytes);
  });
});

/** The properties that `--json` tells, of the same export. */
async function metadataOf(path: string): Promise<Record<string, string>> {
  const { stdout } = await auricle(["export", inFolder("run"), "--onnx", path, "--json"]);
  return jsonLines(stdout)[0].metadata as Record<string, string>;
}

it("a model file of pictures becomes one that replaces an older export", async () => {
  const path = inFolder("digits.onnx");
  await writeFile(path, "older");
  const { code, stdout } = await auricle(["export", inFolder("digits.safetensors"), "--onnx", path]);
  expect(code).toBe(0);
  expect(stdout).toContain("image [batch, 28, 28, 1]: grey values from 0 to 1");
  const [{ shape }] = await runOnnx(await readFile(path), {
    image: floatArray(new Float32Array(784), [1, 28, 28, 1]),
  });
  expect(shape).toEqual([1, 10]);
});

describe("refuses", () => {
  const run = (...argv: string[]) => auricle(["export", ...argv]);

  it("to write over a recording or a folder, or into a folder that is not there, before it reads anything", async () => {
    await mkdir(inFolder("folder.onnx"), { recursive: true });
    const wav = inFolder("tones/low/low-0.wav");
    for (const [path, message] of [
      [wav, "already exists and its name does not end with .onnx; nothing was written: name another file"],
      [inFolder("folder.onnx"), "is a folder; nothing was written: name another file"],
      [inFolder("nowhere/model.onnx"), "no such folder"],
    ]) {
      const { code, stderr } = await run(inFolder("run"), "--onnx", path);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
  });

  it("features of a model of pictures", async () => {
    const { code, stderr } = await run(
      inFolder("digits.safetensors"),
      ...["--onnx", inFolder("no.onnx"), "--from", "features"],
    );
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("--from is for sound, and this model is of images"),
    ]);
  });

  it("a format that is not named, an input that there is not, and what is no model", async () => {
    expect(await run(inFolder("run"))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("name what to write, as --onnx model.onnx"),
    });
    expect(await run(inFolder("run"), "--onnx", "a.onnx", "--from", "sound")).toMatchObject({ code: 2 });
    expect(await run(inFolder("tones"), "--onnx", inFolder("a.onnx"))).toMatchObject({ code: 1 });
    const text = inFolder("model.safetensors");
    await writeFile(text, "no model");
    expect(await run(text, "--onnx", inFolder("a.onnx"))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("model.safetensors"),
    });
  });
});

describe("refuses as a page", () => {
  const run = (...argv: string[]) => auricle(["export", inFolder("run"), ...argv]);

  it("what would be overwritten, before a model is read", async () => {
    for (const [words, message] of [
      [["--web", inFolder("tones")], "has files, and none of an earlier export; nothing was written"],
      [["--web", inFolder("tones/low/low-0.wav")], "is no folder; nothing was written"],
      [["--web", inFolder("nowhere/site")], "no such folder"],
      [["--web", inFolder("site"), "--one-file"], "--web must name an .html file"],
      [["--web", inFolder("nowhere/site.html"), "--one-file"], "no such folder"],
    ] as const) {
      const { code, stderr } = await run(...words);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
  });

  it("options of another export", async () => {
    for (const [words, message] of [
      [["--web", "site", "--onnx", "a.onnx"], "--onnx and --web are two exports"],
      [["--web", "site", "--from", "features"], "--from is for --onnx"],
      [["--onnx", "a.onnx", "--one-file"], "--one-file is for --web"],
      [["--onnx", "a.onnx", "--weights", "int8"], "--weights is for --web"],
    ] as const) {
      const { code, stderr } = await run(...words);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

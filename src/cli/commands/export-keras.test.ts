/** @file `auricle export --tfjs` and `--keras`: what is written, read again by `auricle import`, and what is refused. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { openNpz } from "../../formats/npy/index.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { pictureModel, soundModel, TASKS } from "../../onnx/export/testing/built-in-models.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

let folder = "";
const inFolder = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-"));
  await saveModel(pictureModel("lenet5", "classification", 28, 1), inFolder("digits.safetensors"));
  const samples = Float32Array.from({ length: 30_000 }, (_, n) => Math.sin(n / 7) * Math.cos(n / 3000));
  await writeFile(inFolder("sound.wav"), encodeWav({ sampleRate: 22_050, channels: [samples] }));
});
afterAll(() => rm(folder, { recursive: true }));

/** Both formats of whole models, for each task. */
const WHOLE = TASKS.flatMap((task) => [
  { option: "--tfjs", task, written: task },
  { option: "--keras", task, written: `${task}.keras` },
]);

describe("--tfjs and --keras", () => {
  it.each(WHOLE)(
    "a model of sound comes back as it was: $option, $task",
    async ({ option, task, written }) => {
      const { model } = soundModel("mel-cnn", task, { steps: 24 });
      const [own, away, back] = [`${task}.safetensors`, written, `${task}-again.safetensors`].map(inFolder);
      await saveModel(model, own);
      const exported = await auricle(["export", own, option, away]);
      expect(exported.stderr).toBe("");
      expect(exported.stdout.replace(/\s+/g, " ")).toMatch(
        /About: Takes the features of 24 steps, \[24,\d+,1\]/,
      );
      if (option === "--tfjs") expect((await readdir(away)).sort()).toEqual(["model.json", "weights.bin"]);
      expect((await auricle(["import", away, "--out", back])).code).toBe(0);
      const [first, second] = await Promise.all(
        [own, back].map(
          async (path) =>
            jsonLines((await auricle(["predict", path, inFolder("sound.wav"), "--json"])).stdout)[0],
        ),
      );
      const numbers = (event: object) =>
        Object.values(event).flatMap((value: unknown) =>
          typeof value === "object" && value !== null
            ? Object.values(value).filter((one) => typeof one === "number")
            : [],
        );
      expect(Object.keys(second)).toEqual(Object.keys(first));
      expect(numbers(first).length).toBeGreaterThan(1);
      numbers(second).forEach((value, i) => expect(Math.abs(value - numbers(first)[i])).toBeLessThan(1e-5));
    },
  );
});

describe("--keras with .npz", () => {
  it("writes the weights, and a program beside them that says what the model takes", async () => {
    const { code, stdout } = await auricle([
      "export",
      inFolder("digits.safetensors"),
      "--keras",
      inFolder("digits.npz"),
      "--json",
    ]);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({
      event: "export",
      format: "keras",
      files: [inFolder("digits.npz"), inFolder("digits.py")],
    });
    const program = await readFile(inFolder("digits.py"), "utf8");
    expect(program).toContain("Takes pictures [28,28,1], bytes divided by 255.");
    expect(program).toContain('activation="softmax", name="probabilities"');
    expect(openNpz(await readFile(inFolder("digits.npz")), "digits.npz").names).toContain("dense_3/kernel");
  });
});

describe("what is refused, before anything is written", () => {
  it.each([
    [["--keras", "model.h5"], /must end with \.keras or \.npz/, 1],
    [["--keras", join("no-folder", "a.npz")], /no such folder/, 1],
    [["--tfjs", "digits.safetensors"], /is a file: name a folder/, 1],
    [["--tfjs", "a", "--keras", "b.npz"], /--keras and --tfjs are two exports: name one at a time/, 2],
    [["--tfjs", "a", "--from", "features"], /--from is for --onnx/, 2],
  ])("%j", async (options, message, exit) => {
    const places = options.map((one) => (one.startsWith("--") || one === "features" ? one : inFolder(one)));
    const before = await readdir(folder);
    const { code, stderr } = await auricle(["export", inFolder("digits.safetensors"), ...places]);
    expect(code).toBe(exit);
    expect(stderr.replace(/\s+/g, " ")).toMatch(message);
    expect(await readdir(folder)).toEqual(before);
  });
});

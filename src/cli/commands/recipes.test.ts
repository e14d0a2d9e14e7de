/** @file `auricle train --recipe`: what a recipe sets, what options override, and what is shown before training. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;

beforeAll(async () => {
  data = join(tests.folder, "tones");
  await writeToneFolder(data);
});

function train(name: string, ...options: string[]) {
  const out = join(tests.folder, name);
  const common = ["--split", "0.5/0.25/0.25", "--threads", "1", "--epochs", "2"];
  return tests.run(["train", data, "--out", out, ...common, ...options]);
}

it("trains the assignment's network as it stands", async () => {
  const { code, stdout } = await train("assignment", "--recipe", "assignment");
  // Two passes over eight clips teach it nothing, and that is said.
  expect([0, 3]).toContain(code);
  const run = join(tests.folder, "assignment");
  expect(await readRunJson(run, "config.json")).toMatchObject({
    recipe: "assignment",
    model: "notebook",
    normalize: false,
    windowFrames: 120,
    optimizer: "adam",
    learningRate: 1e-4,
    weightDecay: 0,
    schedule: "constant",
    labelSmoothing: 0,
    augmentation: "none",
    patience: null,
    epochs: 2,
    windowsPerClip: 1,
  });
  const { network } = await loadModel(join(run, "best.safetensors"));
  // Keras prints 104 and 0 and 156,010 for ten classes: 15,600 × 2 + 2 for two.
  expect(network.layers.map(({ layer }) => layer.className)).toEqual([
    ...["Conv2D", "MaxPooling2D", "Flatten", "Dense"],
  ]);
  expect(network.weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(
    104 + 31_202,
  );
  // ln 2 = 0.6931
  expect(stdout.replaceAll("\n", " ")).toMatch(
    /Loss before training: \d+\.\d{4} on the validation part; expected near 0\.6931 \(ln 2, guessing among 2 classes\)\. It is far above/,
  );
});

it("is overridden by options, one by one, and refuses what contradicts it", async () => {
  const options = ["--optimizer", "sgd", "--augment", "--patience", "3", "--json"];
  const { stdout } = await train("other", "--recipe", "assignment", ...options);
  const [start] = jsonLines(stdout);
  expect(start).toMatchObject({
    event: "start",
    initialLoss: { part: "validation", expected: Math.log(2) },
    config: { recipe: "assignment", optimizer: "sgd", patience: 3, learningRate: 1e-4 },
  });
  expect(start.config).not.toMatchObject({ augmentation: "none" });
  const both = await train("third", "--recipe", "assignment", "--from", join(tests.folder, "other"));
  expect(both).toMatchObject({ code: 2, stdout: "" });
  expect(both.stderr).toContain("--recipe assignment is for a new network");
});

it("is near what is expected where the input is normalised", async () => {
  const { stdout } = await train("plain", "--model", "notebook", "--window", "0.1");
  expect(stdout).toMatch(/Loss before training: [01]\.\d{4} on the validation part; expected near 0\.6931/);
  expect(stdout).not.toContain("far above");
});

it("--print-config prints what a run has, and --config begins the same run", async () => {
  const options = ["--model", "notebook", "--seed", "4"];
  const printed = await tests.run(["train", data, ...options, "--print-config"]);
  expect([printed.code, printed.stderr]).toEqual([0, ""]);
  expect(JSON.parse(printed.stdout)).toMatchObject({ model: "notebook", seed: 4, batchSize: 32 });
  // No project that has the package installed: the file would name a schema that is not there.
  expect(printed.stdout).not.toContain("$schema");
  const file = join(tests.folder, "training.json");
  await writeFile(file, printed.stdout);
  await train("by flags", ...options);
  await train("by file", "--config", file);
  expect(await readRunJson(join(tests.folder, "by file"), "config.json")).toEqual(
    await readRunJson(join(tests.folder, "by flags"), "config.json"),
  );
});

it("is for sound", async () => {
  const { code, stderr } = await auricle(["train", "digits", "--recipe", "assignment"]);
  expect(code).toBe(1);
  expect(stderr).toContain("for images there are the recipes default; got assignment");
});

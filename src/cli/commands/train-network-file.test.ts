/** @file `auricle train --model <file>`: a network of one's own is trained, kept and resumed as a built-in one. */

import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;
let file: string;

beforeAll(async () => {
  data = join(tests.folder, "tones");
  await writeToneFolder(data);
  file = join(tests.folder, "mine.json");
  await writeFile(file, (await auricle(["models", "notebook"])).stdout);
});

const SHORT = ["--window", "0.1", "--epochs", "2", "--threads", "1"];

function train(name: string, model: string, ...options: string[]) {
  const out = join(tests.folder, name);
  return tests.run(["train", data, "--out", out, "--model", model, ...SHORT, ...options]);
}

it("trains the printed file of a model as the model itself, to the bit", async () => {
  await train("built-in", "notebook");
  const { stdout } = await train("file", file);
  const [own, builtIn] = ["file", "built-in"].map((name) => join(tests.folder, name));
  expect(stdout).toContain("mine on tones");
  expect(await readRunJson(own, "predictions.json")).toEqual(await readRunJson(builtIn, "predictions.json"));
  const result = await readRunJson(own, "result.json");
  expect(result).toEqual({ ...(await readRunJson(builtIn, "result.json")), model: "mine" });
  expect(await readRunJson(own, "config.json")).toMatchObject({ model: file, network: { name: "notebook" } });
  expect(await readFile(join(own, "report.html"), "utf8")).toContain(`--model ${file}`);
  const { network } = await loadModel(join(own, "best.safetensors"));
  expect(network.layers[0]).toMatchObject({ name: "input_normalization" });
});

it("needs the file no more once the run has begun", async () => {
  const copy = join(tests.folder, "copy.json");
  await writeFile(copy, await readFile(file));
  const interrupted = await tests.run(
    ["train", data, "--out", join(tests.folder, "resumed"), "--model", copy, ...SHORT],
    /1\/2/,
  );
  expect(interrupted.code).toBe(130);
  await rm(copy);
  const { stderr } = await tests.run(["train", "--resume", join(tests.folder, "resumed")]);
  expect(stderr).not.toContain("error");
  const predictions = await Promise.all(
    ["resumed", "built-in"].map((name) => readRunJson(join(tests.folder, name), "predictions.json")),
  );
  expect(predictions[0]).toEqual(predictions[1]);
});

it("refuses a network that does not suit the data, before a run is made", async () => {
  const wrong = join(tests.folder, "wrong.json");
  await writeFile(
    wrong,
    '{ "layers": [{ "className": "Flatten" }, { "className": "Dense", "config": { "units": 9 } }] }',
  );
  const { code, stderr } = await train("wrong", wrong);
  expect(code).toBe(1);
  expect(stderr).toContain(
    "wrong.json: the network must give one output of shape [2], a number for each class; it gives [9]",
  );
  await expect(readRunJson(join(tests.folder, "wrong"), "config.json")).rejects.toThrow();
  expect((await train("gone", join(tests.folder, "gone.json"))).stderr).toContain("gone.json");
});

it("leaves the input as it is where the network normalises it", async () => {
  const normalizing = join(tests.folder, "normalizing.json");
  const layers = ["ExampleNormalization", "Flatten"].map((className) => ({ className }));
  const last = { className: "Dense", config: { units: "classes" } };
  await writeFile(normalizing, JSON.stringify({ layers: [...layers, last] }));
  await train("normalizing", normalizing);
  const { network } = await loadModel(join(tests.folder, "normalizing", "best.safetensors"));
  expect(network.layers.map(({ layer }) => layer.className)).toEqual([
    ...["ExampleNormalization", "Flatten", "Dense"],
  ]);
});

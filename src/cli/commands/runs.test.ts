import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

it("lists runs by their figures, with the options in which they differ, and names damaged ones", async () => {
  const data = join(tests.folder, "tones");
  await writeToneFolder(data);
  const place = join(tests.folder, "runs");
  await tests.train(data, join(place, "adam"), "--optimizer", "adam", "--seed", "3");
  await tests.train(data, join(place, "several", "sgd"), "--optimizer", "sgd", "--no-augment");
  await mkdir(join(place, "damaged"));
  await writeFile(join(place, "damaged", "config.json"), '{"kind":"sound"}');
  const { code, stdout, stderr } = await auricle(["runs", place, "--json"]);
  expect(code).toBe(0);
  expect(stderr).toContain("damaged/config.json: not a configuration");
  const runs = jsonLines(stdout);
  expect(runs.map(({ name }) => name).sort()).toEqual(["adam", "several/sgd"]);
  const [first, second] = runs.map(({ figures }) => (figures as Record<string, number>)["test accuracy"]);
  expect(first).toBeGreaterThanOrEqual(second);
  for (const run of runs) {
    const { evaluations } = await readRunJson(join(place, String(run.name)), "result.json");
    const [{ accuracy }] = evaluations as { accuracy: number }[];
    expect(run).toMatchObject({ model: "notebook", data, isFinished: true, epochs: 2 });
    expect((run.figures as Record<string, number>)["test accuracy"]).toBe(accuracy);
  }
  const adam = runs.find(({ name }) => name === "adam");
  expect(adam?.differing).toEqual({ optimizer: "adam", seed: 3, augment: true });
  const text = await auricle(["runs", place]);
  expect(text.stdout).toContain("  --optimizer sgd --seed 0 --no-augment\n");
  expect(text.stdout).toContain("2 epochs");
  expect(adam?.history).toMatchObject([{ epoch: 1 }, { epoch: 2 }]);
  expect(text.stdout).toMatch(/^ {8}Validation loss( {2}[ab] (adam|several\/sgd)){2}$/m);
  expect(text.stdout).toMatch(/^ {8}epoch 1 +2$/m);
  const accuracy = await auricle(["runs", place, "--metric", "validationMacroF1"]);
  expect(accuracy.stdout).toContain("Validation macro F1  a ");
  for (const line of accuracy.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(await auricle(["runs", place, "--metric", "f1"])).toMatchObject({ code: 2 });
});

it("says that there are none, and that there is no such folder", async () => {
  const empty = await temporaryFolder();
  expect((await auricle(["runs", empty])).stdout).toBe(`No runs in ${empty}.\n`);
  const { code, stderr } = await auricle(["runs", join(empty, "none")]);
  expect(code).toBe(1);
  expect(stderr).toContain("none");
});

/** @file `auricle sweep`: from a file to a table, a recipe, and a sweep that goes on. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { mkdir } from "node:fs/promises";
import { jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

/** The fewest digits of which each part has some of every class. */
const COUNTS = { train: 120, test: 40 };

beforeAll(async () => {
  await mkdir(join(tests.folder, "numbers"));
  await writeDigitsFolder(join(tests.folder, "numbers"), COUNTS);
});

async function sweepFile(name: string, content: object): Promise<string> {
  const path = join(tests.folder, `${name}.json`);
  await writeFile(path, JSON.stringify({ data: "numbers", ...content }));
  return path;
}

const RANDOM = {
  base: { epochs: 2, batchSize: 30 },
  space: { learningRate: { logUniform: [1e-4, 1e-2] }, optimizer: ["adam", "sgd"] },
  budget: { runs: 2 },
};

it("trains configurations, compares them by validation, tests the winner alone, and is not repeated", async () => {
  const file = await sweepFile("random", RANDOM);
  const out = join(tests.folder, "random");
  const first = await tests.run(["sweep", file, "--out", out, "--threads", "1"]);
  expect(first.stderr).not.toContain("error");
  expect(first.code).toBe(0);
  expect(first.stdout).toMatch(/chosen by validation macro-F1 alone/);
  expect(first.stdout).toMatch(/Tested: test accuracy 0\.\d{4} {3}test macro-F1 0\.\d{4}/);
  for (const line of first.stdout.split("\n"))
    expect(line.length).toBeLessThanOrEqual(80 + tests.folder.length * 3);
  const { best, entries } = (await readRunJson(out, "results.json")) as {
    best: { number: number };
    entries: { number: number; score: { mean: number }; status: string }[];
  };
  expect(entries.map(({ status }) => status)).toEqual(["complete", "complete"]);
  expect(entries[0].score.mean).toBeGreaterThanOrEqual(entries[1].score.mean);
  expect(entries[0].number).toBe(best.number);
  const run = (number: number) => join(out, "runs", `00${number}-seed-0`);
  await expect(readFile(join(run(entries[1].number), "result.json"))).rejects.toThrow("ENOENT");
  const result = await readFile(join(run(best.number), "result.json"), "utf8");

  const again = await tests.run(["sweep", file, "--out", out, "--threads", "1", "--json"]);
  expect(again.code).toBe(0);
  expect(jsonLines(again.stdout).filter(({ event }) => event === "epoch")).toEqual([]);
  expect(await readFile(join(run(best.number), "result.json"), "utf8")).toBe(result);

  const recipe = join(out, "best.json");
  const repeated = join(tests.folder, "repeated");
  const data = join(tests.folder, "numbers");
  await tests.run(["train", data, "--config", recipe, "--out", repeated, "--threads", "1"]);
  expect(await readFile(join(repeated, "result.json"), "utf8")).toBe(result);
});

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

it("compares seeds by their mean on one split, names what diverges, and writes page and table", async () => {
  const space = { learningRate: [0.002, 1e38], optimizer: ["adam"] };
  const base = { epochs: 1, batchSize: 30, model: "lenet5", seed: 3 };
  const file = await sweepFile("seeds", { base, space, strategy: "grid", seeds: 2 });
  const out = join(tests.folder, "seeds");
  const table = join(tests.folder, "seeds.csv");
  const line = ["sweep", file, "--out", out, "--threads", "1"];
  const { code, stdout } = await tests.run([...line, "--json", "--csv", table]);
  expect(code).toBe(0);
  const events = jsonLines(stdout);
  expect(events[0]).toMatchObject({ event: "sweep", runs: 4, metric: "validationMacroF1" });
  const failed = events.filter(({ event, status }) => event === "configuration" && status === "failed");
  expect(failed).toEqual([expect.objectContaining({ number: 2, problem: expect.any(String) })]);
  const done = events.at(-1) as unknown as {
    best: { score: { mean: number; seeds: { seed: number; value: number }[] } };
    test: { seed: number }[];
  };
  const { mean, seeds } = done.best.score;
  expect(seeds.map(({ seed }) => seed)).toEqual([3, 4]);
  expect(mean).toBeCloseTo((seeds[0].value + seeds[1].value) / 2, 12);
  expect(done.test.map(({ seed }) => seed)).toEqual([3, 4]);
  const [first, second] = await Promise.all(
    [3, 4].map((seed) => readRunJson(join(out, "runs", `001-seed-${seed}`), "split.json")),
  );
  expect(first).toEqual(second);
  const rows = (await readFile(table, "utf8")).trimEnd().split("\r\n");
  expect(rows.map((row) => row.split(",").slice(0, 3).join())).toEqual([
    ...["place,configuration,state", "1,1,complete", "2,2,failed"],
  ]);
  const page = await readFile(join(out, "sweep.html"), "utf8");
  expect(page).toContain("chosen by validation macro-F1 alone");
  // It is not tried again.
  const again = await tests.run([...line, "--json"]);
  expect(jsonLines(again.stdout).some(({ event }) => event === "epoch")).toBe(false);
});

it("--propose prints a file that can be read, and trains nothing", async () => {
  const data = join(tests.folder, "numbers");
  const { code, stdout } = await tests.run(["sweep", data, "--propose", "--threads", "1"]);
  expect(code).toBe(0);
  const proposed = JSON.parse(stdout) as object;
  expect(proposed).toMatchObject({ data, strategy: "asha", seeds: 3 });
  const broken = join(tests.folder, "broken.json");
  await writeFile(broken, JSON.stringify({ ...proposed, strategy: "none", seeds: 0 }));
  const refused = await tests.run(["sweep", broken]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("/strategy: must be one of grid, random, asha");
  expect(refused.stderr).toContain("/seeds: must be a whole number, 1 or more; got 0");
});

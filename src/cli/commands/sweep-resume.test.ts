/** @file A sweep's results are the same whatever runs at once, and after any interruption. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { beforeAll, describe, expect, it } from "vitest";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { builtCommand, RunningCommand } from "../testing/built-command.ts";
import { jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let file: string;

beforeAll(async () => {
  const data = join(tests.folder, "numbers");
  await mkdir(data);
  await writeDigitsFolder(data, { train: 80, test: 30 });
  file = join(tests.folder, "halving.json");
  const content = {
    data: "numbers",
    base: { epochs: 4, batchSize: 20, model: "lenet5", target: "wasm" },
    space: { learningRate: { logUniform: [1e-4, 1e-1] }, optimizer: ["adam", "sgd"] },
    strategy: "asha",
    asha: { reduction: 2, firstEpochs: 1, concurrent: 2 },
    budget: { runs: 4 },
  };
  await writeFile(file, JSON.stringify(content));
});

/** Reads the results of a sweep, without times and places. */
async function foundIn(folder: string): Promise<object> {
  const { metric, entries, best, values, test } = await readRunJson(folder, "results.json");
  const tested = (test as { seed: number; evaluations: unknown }[]).map(({ seed, evaluations }) => [
    seed,
    evaluations,
  ]);
  return { metric, entries, best, values, tested };
}

describe("successive halving", () => {
  let expected: object;
  let runs: readonly string[];

  beforeAll(async () => {
    const out = join(tests.folder, "whole");
    const { code, stderr } = await tests.run(["sweep", file, "--out", out, "--threads", "1"]);
    expect([code, stderr.includes("error")]).toEqual([0, false]);
    expected = await foundIn(out);
    runs = await readdir(join(out, "runs"));
  });

  it("stops most configurations, and trains and tests the winner alone to its end", async () => {
    const { entries } = expected as { entries: { number: number; status: string; epochs: number }[] };
    expect(entries[0]).toMatchObject({ status: "complete", epochs: 4 });
    expect(entries.slice(1).filter(({ status }) => status === "stopped").length).toBeGreaterThanOrEqual(2);
    const tested = await Promise.all(
      runs.map((run) =>
        readFile(join(tests.folder, "whole", "runs", run, "result.json")).then(
          () => [run],
          () => [],
        ),
      ),
    );
    expect(tested.flat()).toEqual([`00${entries[0].number}-seed-0`]);
  });

  it("goes on after Ctrl-C, and finds the same", async () => {
    const out = join(tests.folder, "interrupted");
    const line = ["sweep", file, "--out", out, "--threads", "1", "--json"];
    const first = await tests.run(line, /"event":"configuration"[^]*"event":"epoch"[^]*"event":"epoch"/);
    expect(first.code).toBe(130);
    expect(first.stderr).toContain("To continue:");
    const second = await tests.run(line);
    expect(second.code).toBe(0);
    const epochs = [first, second].flatMap(({ stdout }) =>
      jsonLines(stdout).filter(({ event }) => event === "epoch"),
    );
    const named = epochs.map(({ configuration, epoch }) => `${configuration} ${epoch}`);
    expect(new Set(named).size).toBe(named.length);
    expect(await foundIn(out)).toEqual(expected);
  });

  it("finds the same with two processes at once, killed in the middle", { timeout: 300_000 }, async () => {
    const main = await builtCommand();
    const out = join(tests.folder, "killed");
    const features = join(tests.folder, "features");
    const line = [main, "sweep", file, "--out", out, "--parallel", "2", "--threads", "2"];
    const all = [...line, "--json", "--feature-folder", features];
    const first = new RunningCommand(execPath, all);
    await first.printed(/"event":"configuration"/);
    first.process.kill("SIGKILL");
    await first.ended;
    const second = await new RunningCommand(execPath, all).ended;
    expect([second.code, second.stderr.includes("error")]).toEqual([0, false]);
    expect(await foundIn(out)).toEqual(expected);
  });
});

it("keeps what a sweep began with, but for its budget", async () => {
  const content = JSON.parse(await readFile(file, "utf8")) as object;
  const other = join(tests.folder, "other.json");
  const out = join(tests.folder, "kept");
  await mkdir(out);
  await writeFile(join(out, "sweep.json"), "{}");
  const run = async (change: object) => {
    await writeFile(other, JSON.stringify({ ...content, ...change }));
    return tests.run(["sweep", other, "--out", out]);
  };
  const { code, stderr } = await run({ seed: 1 });
  expect(code).toBe(1);
  expect(stderr).toMatch(/a sweep that goes on keeps its data; it was nothing/);
  await writeFile(join(out, "sweep.json"), "{");
  expect((await run({})).stderr).toContain("the file is damaged");
});

it("leaves a folder that holds something else", async () => {
  const out = join(tests.folder, "photos");
  await mkdir(out);
  await writeFile(join(out, "mine.txt"), "mine");
  const { code, stderr } = await tests.run(["sweep", file, "--out", out]);
  expect(code).toBe(1);
  expect(stderr).toContain("is not the folder of a sweep (it holds mine.txt");
});

/** @file Runs that begin with the weights of others, and tests on recordings that a model was trained on. */

import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines, type CommandResult } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
/** 16 recordings, and a run that was trained on 8 of them, chosen by 4 and tested on 4. */
let data: string;
let good: string;

const SPLIT = ["--split", "0.5/0.25/0.25"];

beforeAll(async () => {
  data = join(tests.folder, "tones");
  good = join(tests.folder, "good");
  await writeToneFolder(data);
  expect((await tests.train(data, good, ...SPLIT)).code).toBe(0);
});

interface SplitFile {
  readonly report: { readonly known?: object; readonly leaks: readonly object[] };
  readonly parts: Readonly<Record<"train" | "validation" | "test", readonly string[]>>;
  readonly contents: Readonly<Record<string, string>>;
}

async function splitOf(run: string): Promise<SplitFile> {
  return JSON.parse(await readFile(join(run, "split.json"), "utf8")) as SplitFile;
}

/** The contents of a part's files. */
async function contentsOf(run: string, part: keyof SplitFile["parts"]): Promise<Set<string>> {
  const { parts, contents } = await splitOf(run);
  return new Set(parts[part].map((id) => contents[id]));
}

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

function trainFrom(from: string, on: string, out: string, ...options: string[]): Promise<CommandResult> {
  const line = ["train", on, "--from", from, "--out", out, "--epochs", "1", "--threads", "1"];
  // A head on the many features of this small network takes its time, and knows no other recordings.
  const how = options.includes("--freeze") ? [] : ["--transfer", "whole"];
  return tests.run([...line, ...how, ...options]);
}

/** No content that a run was trained on is tested or validated on, and none that it was chosen by is tested on. */
async function expectNoLeak(run: string, earlier: readonly string[]): Promise<void> {
  const [validation, test] = [await contentsOf(run, "validation"), await contentsOf(run, "test")];
  expect(test.size).toBeGreaterThan(0);
  for (const one of earlier) {
    const trained = await contentsOf(one, "train");
    expect([...validation, ...test].filter((content) => trained.has(content))).toEqual([]);
    const chosen = await contentsOf(one, "validation");
    expect([...test].filter((content) => chosen.has(content))).toEqual([]);
  }
}

/** The same recordings under other names. */
async function renamedCopy(): Promise<string> {
  const copy = join(await temporaryFolder(), "copy");
  await cp(data, copy, { recursive: true });
  for (const name of await readdir(copy)) {
    for (const file of await readdir(join(copy, name))) {
      await rename(join(copy, name, file), join(copy, name, `other ${file}`));
    }
  }
  return copy;
}

describe("train --from on recordings that the other run has heard", () => {
  it.each([[["--freeze"]], [[]]])("tests on none of them, and says so: %j", async (options) => {
    const out = await runFolder();
    const { code, stdout } = await trainFrom(good, data, out, ...options, "--seed", "1", ...SPLIT);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      `The weights of ${good} were trained on 8 of these clips and selected on 4: none of them is in the test part.`,
    );
    await expectNoLeak(out, [good]);
    expect((await splitOf(out)).report).toMatchObject({ known: { train: 8, validation: 4 }, leaks: [] });
    expect(await readRunJson(out, "result.json")).toMatchObject({
      split: { known: { train: 8, validation: 4 }, leaks: 0, forced: false },
    });
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("none of them is in the test part");
  });

  it("knows them after several runs, under other names, with several seeds and as folds", async () => {
    const copy = await renamedCopy();
    const more = join(await temporaryFolder(), "more");
    await writeToneFolder(more, { seed: 500 });
    await cp(copy, more, { recursive: true });
    const [second, third] = [await runFolder(), await runFolder()];
    expect((await trainFrom(good, copy, second, "--seed", "3", ...SPLIT)).code).toBe(0);
    await expectNoLeak(second, [good]);
    expect((await trainFrom(second, more, third, "--seeds", "2", "--seed", "5", ...SPLIT)).code).toBe(0);
    for (const seed of ["seed-5", "seed-6"]) await expectNoLeak(join(third, seed), [good, second]);
    await rm(second, { recursive: true });
    for (const fold of ["1/2", "2/2"]) {
      const out = await runFolder();
      expect((await trainFrom(join(third, "seed-5"), more, out, "--fold", fold)).code).toBe(0);
      await expectNoLeak(out, [good, join(third, "seed-5")]);
    }
  });

  it("is refused where nothing is left to test on, and where a given split tests on them", async () => {
    const all = await runFolder();
    expect((await tests.train(data, all, "--split", "1/0/0")).code).toBe(0);
    const out = await runFolder();
    const refused = await trainFrom(all, await renamedCopy(), out);
    expect(refused.code).toBe(1);
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toMatch(
      /nothing is left for the \w+ part: of its 16 clips, the initial weights were trained on 16 .* or start from new weights/,
    );
    const { parts } = await splitOf(good);
    const list = join(await temporaryFolder(), "list.csv");
    const rows = Object.values(parts)
      .flat()
      .map((id) => `${join(data, id)},${id.split("/")[0]},${id === parts.train[0] ? "test" : "train"}`);
    await writeRecording(list, ["path,label,split", ...rows, ""].join("\n"));
    const official = await trainFrom(good, list, await runFolder());
    expect(official.code).toBe(1);
    expect(official.stderr).toMatch(/it would leak.*one clip known to the initial weights/s);
    const forced = await trainFrom(good, list, out, "--force-split");
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain("The split was forced although it leaks.");
    expect(forced.stdout.replaceAll(/\s+/g, " ")).toContain("some of them are in the test part");
  });
});

describe("eval on recordings that the model was trained on", () => {
  it("gives the figure of those that are new to it first, and the others' apart", async () => {
    const { evaluations } = (await readRunJson(good, "result.json")) as { evaluations: object[] };
    for (const folder of [data, await renamedCopy()]) {
      const { code, stdout } = await tests.run(["eval", good, folder, "--json"]);
      expect(code).toBe(0);
      const [event] = jsonLines(stdout) as { evaluations: object[]; heard: object }[];
      expect(event.heard).toEqual({ new: 4, validation: 4, training: 8 });
      expect(event.evaluations).toMatchObject([
        evaluations[0],
        { ...evaluations[1], name: "heard in validation" },
        { name: "heard in training", examples: 8 },
      ]);
    }
    const { stdout } = await tests.run(["eval", good, data]);
    expect(stdout).toContain("4 of 16 clips are new to this model.");
    expect(stdout).toContain("It was trained on 8 clips and selected on 4 clips, listed separately.");
    expect(stdout).toMatch(/\nTest: accuracy .*\n4 clips.*\nHeard in validation: .*\nHeard in training: /s);
    for (const line of stdout.split("\n").slice(1)) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("shows no result where none is new", async () => {
    const known = await temporaryFolder();
    for (const id of (await splitOf(good)).parts.train) await cp(join(data, id), join(known, id));
    const { stdout } = await tests.run(["eval", good, known]);
    expect(stdout).toContain("No clip is new to this model.");
    expect(stdout).toMatch(/\nHeard in training: accuracy .*\n8 clips/);
    expect(stdout).not.toContain("Test:");
    expect(stdout).not.toContain("Confusion matrix");
  });

  it("knows them by split.json where a run has nothing else, and says where it cannot", async () => {
    const run = await runFolder();
    await cp(good, run, { recursive: true });
    await rm(join(run, "provenance.safetensors"));
    const told = await tests.run(["eval", run, data, "--json"]);
    expect(jsonLines(told.stdout)[0]).toMatchObject({ heard: { new: 4, validation: 4, training: 8 } });
    const config = await readRunJson(run, "config.json");
    const transfer = { from: join(run, "gone"), how: "whole" };
    await writeFile(join(run, "config.json"), JSON.stringify({ ...config, transfer }));
    const { stdout } = await tests.run(["eval", run, "--json"]);
    expect(jsonLines(stdout)).toMatchObject([
      { event: "warning", text: expect.stringContaining("may include some of them") as string },
      { heard: { new: 4, validation: 0, training: 0 } },
    ]);
  });

  it("tells apart what a run of an earlier version tested on although its first weights knew it", async () => {
    const run = await runFolder();
    expect((await tests.train(data, run, "--seed", "1", ...SPLIT)).code).toBe(0);
    const trained = await contentsOf(good, "train");
    const tested = [...(await contentsOf(run, "test"))];
    const known = tested.filter((content) => trained.has(content)).length;
    expect(known).toBeGreaterThan(0);
    const config = await readRunJson(run, "config.json");
    const transfer = { from: good, how: "whole" };
    await writeFile(join(run, "config.json"), JSON.stringify({ ...config, transfer }));
    const { stdout } = await tests.run(["eval", run, "--json"]);
    expect(jsonLines(stdout)[0]).toMatchObject({ heard: { training: known } });
  });
});

it("predict says that a recording was trained on", async () => {
  const { parts } = await splitOf(good);
  const copy = join(await temporaryFolder(), "copy.wav");
  await cp(join(data, parts.train[0]), copy);
  const fresh = join(await temporaryFolder(), "fresh.wav");
  await writeRecording(fresh, toneFile({ frequencies: [300], seed: 700 }));
  const files = [copy, join(data, parts.validation[0]), join(data, parts.test[0]), fresh];
  const line = ["predict", good, ...files, "--threads", "1"];
  const { stdout } = await auricle([...line, "--json"]);
  expect(jsonLines(stdout).map(({ heardIn }) => heardIn)).toEqual([
    "training",
    "validation",
    undefined,
    undefined,
  ]);
  const text = (await auricle(line)).stdout;
  expect(text.match(/The model was trained on this recording/g)).toHaveLength(1);
  expect(text.match(/The model was selected on this recording/g)).toHaveLength(1);
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { toneFile, writeRecording, writeToneFolder } from "../runs/testing/recordings.ts";
import { readRunJson, soundTests } from "./testing/sound-runs.ts";

const tests = soundTests();

function rowsOf(text: string): string[][] {
  return text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
}

it("has a row for each example of each part, with the class that the figures count", async () => {
  const data = join(tests.folder, "tones");
  await writeToneFolder(data);
  const run = join(tests.folder, "run");
  await tests.train(data, run, "--split", "0.5/0.25/0.25");
  const table = join(tests.folder, "answers.csv");
  const { code } = await tests.run(["eval", run, "--threads", "1", "--csv", table]);
  expect(code).toBe(0);
  const [header, ...rows] = rowsOf(await readFile(table, "utf8"));
  const columns = ["part", "source", "true class", "class", "correct"];
  expect(header).toEqual([...columns, "probability of high", "probability of low"]);
  const { evaluations } = await readRunJson(run, "result.json");
  for (const { name, accuracy, examples } of evaluations as {
    name: string;
    accuracy: number;
    examples: number;
  }[]) {
    const those = rows.filter(([part]) => part === name);
    expect(those).toHaveLength(examples);
    expect(those.filter(([, , , , correct]) => correct === "true").length / examples).toBeCloseTo(
      accuracy,
      6,
    );
    for (const [, source, truth] of those) expect(source.startsWith(`${truth}/`)).toBe(true);
  }
  const piped = await tests.run(["eval", run, "--threads", "1", "--csv", "-"]);
  expect(piped.stdout).toBe(await readFile(table, "utf8"));
  const both = await tests.run(["eval", run, "--csv", "-", "--json"]);
  expect(both).toMatchObject({ code: 2, stdout: "" });
});

it.each([
  ["tagging", (i: number) => (i % 2 === 0 ? "low" : "low|high"), ["true tags", "tags"]],
  ["regression", (i: number) => String(i / 4), ["true value of label"]],
])("has the answers of %s", async (task, label, answers) => {
  const folder = join(tests.folder, task);
  const lines = ["path,label"];
  for (let i = 0; i < 16; i++) {
    await writeRecording(join(folder, `${i}.wav`), toneFile({ frequencies: [300 + 100 * i], seed: i }));
    lines.push(`${i}.wav,${label(i)}`);
  }
  await writeRecording(join(folder, "list.csv"), `${lines.join("\n")}\n`);
  const run = join(tests.folder, `run-${task}`);
  await tests.train(join(folder, "list.csv"), run, "--split", "0.5/0.25/0.25", "--task", task);
  const { code, stdout } = await tests.run(["eval", run, "--threads", "1", "--csv", "-"]);
  expect(code).toBe(0);
  const [header, ...rows] = rowsOf(stdout);
  expect(header.slice(0, 2 + answers.length)).toEqual(["part", "source", ...answers]);
  expect(rows).toHaveLength(8);
  for (const [, source, truth] of rows) {
    const expected = label(Number.parseInt(source, 10));
    expect(truth.replace(";", "|").split("|").sort()).toEqual(expected.split("|").sort());
  }
});

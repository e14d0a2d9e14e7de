/** @file The command that a run on sound writes into its report begins the same run again. */

import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { commandOf } from "../../runs/options/repeat-command.ts";
import { readRun } from "../../runs/kinds.ts";
import { writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { bitsOf, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;
let list: string;

beforeAll(async () => {
  data = join(tests.folder, `my "tones"; it's $HOME & é`);
  await writeToneFolder(data);
  const listed = join(tests.folder, "listed");
  await writeToneFolder(listed);
  const rows = ["high", "low"].flatMap((name, i) =>
    Array.from({ length: 8 }, (_, clip) => `${name}/${name}-${clip}.wav,${i}`),
  );
  list = join(listed, "numbers.csv");
  await writeRecording(list, `path,label\n${rows.join("\n")}\n`);
});

/** The words that a shell makes of a line. */
function words(line: string): string[] {
  const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${line}`], { encoding: "utf8" });
  return stdout.split("\0").slice(0, -1);
}

describe("the command in a report", () => {
  it.each([
    [["--model", "notebook", "--window", "0.1"]],
    [["--model", "m5", "--window", "0.0515", "--batch-size", "64"]],
    [["--model", "notebook", "--front-end", "vggish", "--split", "0.5/0.25/0.25", "--no-augment"]],
    [["--model", "notebook", "--window", "0.1", "--fold", "2/4", "--no-patience", "--optimizer", "sgd"]],
    [["--model", "notebook", "--window", "0.1", "--split", "90/0/10", "--learning-rate", "3e-7"]],
  ])("gives the same configuration: %j", async (options) => {
    const folder = await temporaryFolder();
    const [first, again] = [join(folder, "first"), join(folder, "again")];
    const quick = ["--threads", "1", "--epochs", "1", "--seed", "3"];
    expect(await tests.run(["train", data, "--out", first, ...quick, ...options])).toMatchObject({ code: 0 });
    const [name, ...argv] = words(commandOf((await readRun(first)).config));
    expect(name).toBe("auricle");
    expect((await tests.run([...argv, "--out", again, "--threads", "1"])).code).toBe(0);
    expect(await readFile(join(again, "config.json"), "utf8")).toBe(
      await readFile(join(first, "config.json"), "utf8"),
    );
  });

  it("gives the same bits, also with weights of another run and with a task", async () => {
    const folder = await temporaryFolder();
    const run = (name: string) => join(folder, name);
    await tests.train(data, run("other"));
    const options = ["--task", "classification", "--from", run("other"), "--freeze"];
    const quick = ["--threads", "1", "--epochs", "1"];
    const first = ["train", list, "--out", run("first"), ...quick, ...options];
    expect((await tests.run(first)).code).toBe(0);
    const argv = words(commandOf((await readRun(run("first"))).config)).slice(1);
    expect((await tests.run([...argv, "--out", run("again"), "--threads", "1"])).code).toBe(0);
    expect(await bitsOf(run("again"))).toEqual(await bitsOf(run("first")));
  });
});

/** @file Names of files, classes and data may hold control characters; a terminal never gets them. */

import { rename } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { FakeStream } from "../testing/fake-stream.ts";
import { runCommandLine } from "../program.ts";
import { QUICK, soundTests } from "../testing/sound-runs.ts";

/** Clears the screen, sets the window's title, the same by one C1 control, breaks the line, turns the writing round. */
const EVIL = "a\u001B[2J\u001B]0;t\u0007\u009B2J\n\u202Eb";
const SEEN = String.raw`a\u001b[2J\u001b]0;t\u0007\u009b2J\n\u202eb`;

const tests = soundTests();
let data: string;
let run: string;

beforeAll(async () => {
  data = join(tests.folder, `data ${EVIL}`);
  await writeToneFolder(data, { clips: 6 });
  await rename(join(data, "low"), join(data, EVIL));
  await rename(join(data, EVIL, "low-0.wav"), join(data, EVIL, `${EVIL}.wav`));
  await writeRecording(join(data, "high", `${EVIL}.wav`), "no sound");
  run = join(tests.folder, `run ${EVIL}`);
});

it.each<[string, () => string[]]>([
  ["inspect", () => ["inspect", data, "--split", "0.5/0.25/0.25"]],
  ["train", () => ["train", data, "--out", run, ...QUICK, "--split", "0.5/0.25/0.25"]],
  ["train into a run", () => ["train", data, "--out", run]],
  ["train --resume", () => ["train", "--resume", run]],
  ["eval", () => ["eval", run]],
  ["predict", () => ["predict", run, join(data, EVIL), join(data, "high", `${EVIL}.wav`)]],
  ["predict --json", () => ["predict", run, join(data, EVIL), "--json"]],
  ["a file that is not there", () => ["predict", run, `${EVIL}.mp3`]],
  ["data that are not there", () => ["train", EVIL]],
  ["an unknown option", () => ["inspect", `--${EVIL}`]],
])("%s shows them as text", async (_, argv) => {
  const [out, err] = [new FakeStream(), new FakeStream()];
  const line = [
    ...argv(),
    ...(argv()[0] === "predict" ? [] : ["--feature-folder", join(tests.folder, "features")]),
  ];
  await runCommandLine({
    argv: line,
    stdout: out,
    stderr: err,
    interruptible: () => new AbortController().signal,
  });
  const shown = out.text + err.text;
  // No stream is a terminal, so that there are no colours of the command's own.
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202E]/u);
  expect(shown).toMatch(/a\\u001b\[2J/);
});

it("shows a class's name in one line", async () => {
  const { stdout } = await tests.run(["eval", run]);
  expect(stdout).toContain(SEEN.slice(0, 29));
});

/** @file The messages of `auricle train` about a training that has taught the model nothing. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

/** So small a learning rate that the weights stay as they are drawn; and more than 50 updates. */
const IDLE = ["--learning-rate", "1e-9", "--schedule", "constant", "--epochs", "8", "--no-patience"];

const WORDS = "The model learnt nothing useful: do not trust its predictions.";

describe("train", () => {
  it("on sound: warns after the third epoch, says so at the end, in the report and in JSON, and exits with 3", async () => {
    const folder = await temporaryFolder();
    const [data, out] = [join(folder, "tones"), join(folder, "run")];
    await writeToneFolder(data, { clips: 8 });
    const { code, stdout } = await tests.train(data, out, ...IDLE);
    expect(code).toBe(3);
    expect(stdout).toContain("After 3 epochs the loss");
    expect(stdout).toContain(WORDS);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain(WORDS);
    const { diagnosis } = await readRunJson(out, "result.json");
    expect(diagnosis).toMatchObject({ verdict: "failed", findings: [{ failure: true }] });
    // A run that is finished says the same again.
    const again = await tests.run(["train", "--resume", out, "--json"]);
    expect(again.code).toBe(3);
    expect(jsonLines(again.stdout)).toMatchObject([{ event: "done", diagnosis: { verdict: "failed" } }]);
  });

  it("names the seeds that learnt nothing, and exits with 3", async () => {
    const folder = await temporaryFolder();
    const [data, out] = [join(folder, "tones"), join(folder, "runs")];
    await writeToneFolder(data, { clips: 8 });
    const { code, stdout } = await tests.train(data, out, ...IDLE, "--seeds", "2", "--json");
    expect(code).toBe(3);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: "seeds", notLearned: [0, 1] });
  });

  it("on images: the same", async () => {
    const out = join(await temporaryFolder(), "run");
    const line = ["train", "digits", "--out", out, "--train-size", "500", "--threads", "1"];
    const idle = ["--learning-rate", "1e-9", "--epochs", "8"];
    const { code, stdout } = await auricle([...line, ...idle, "--json"]);
    expect(code).toBe(3);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: "done", diagnosis: { verdict: "failed" } });
    const shown = await auricle(["train", "--resume", out]);
    expect(shown).toMatchObject({ code: 3 });
    expect(shown.stdout).toContain(WORDS);
  });

  it("on images: says of a training of a few steps that it was too short, and exits with 0", async () => {
    const out = join(await temporaryFolder(), "run");
    const line = ["train", "digits", "--out", out, "--train-size", "300", "--threads", "1"];
    const { code, stdout } = await auricle([...line, "--learning-rate", "1e-9", "--epochs", "1"]);
    expect(code).toBe(0);
    expect(stdout).toContain("The training was too short to teach the model anything.");
  });
});

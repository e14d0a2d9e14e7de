import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import type { Trace } from "../../runtime/profile.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { bitsOf } from "../testing/sound-runs.ts";

/** A quick run: 300 digits, of which 30 are held out, and one thread, as other tests run at the same time. */
const QUICK = ["--epochs", "2", "--batch-size", "30", "--validation", "0.1", "--threads", "1"];

async function digitsFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await writeDigitsFolder(folder, { train: 300, test: 100 });
  return folder;
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
}

describe("train", () => {
  it("trains, tests, says where the run is and leaves it complete", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const { code, stdout, stderr } = await auricle(["train", data, "--out", out, ...QUICK]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("270 training images, 30 validation images");
    expect(stdout).toContain("61,706 parameters, adam, learning rate 0.001, batches of 30, seed 0");
    expect(stdout).toMatch(/^ +1\/2 .*\n +2\/2 .*$/m);
    expect(stdout).toMatch(/^Test: accuracy \d+\.\d % \(95 %: .*\) {3}macro F1 0\.\d{4}\n100 images\n/m);
    expect(stdout).toContain("Confusion matrix");
    expect(stdout).toMatch(/^Validation: accuracy .*\n30 images$/m);
    expect(stdout).toContain("Images become 28 × 28 pixels, grey");
    expect(stdout).toContain(`Run:    ${out}`);
    expect(stdout).toContain(`Next: auricle predict ${out} <image>`);
    for (const line of stdout.split("\n")) {
      if (!line.includes(out)) expect([...line].length, line).toBeLessThanOrEqual(80);
    }
    expect((await readdir(out)).sort()).toEqual([
      "best.safetensors",
      "config.json",
      "last.safetensors",
      "metrics.csv",
      "metrics.jsonl",
      "predictions.json",
      "previous.safetensors",
      "provenance.safetensors",
      "report.html",
      "result.json",
      "split.json",
      "versions.json",
    ]);
    const config = await readJson(join(out, "config.json"));
    expect(config).toMatchObject({
      kind: "images",
      data,
      pixels: { width: 28, height: 28, channels: 1 },
      model: "lenet5",
      epochs: 2,
      batchSize: 30,
      seed: 0,
      patience: null,
    });
    const result = await readJson(join(out, "result.json"));
    expect(result).toMatchObject({ kind: "images", model: "lenet5", epochs: 2, stoppedEarly: false });
    expect(result.evaluations).toMatchObject([
      { name: "test", examples: 100 },
      { name: "validation", examples: 30 },
    ]);
    const versions = await readJson(join(out, "versions.json"));
    expect(versions).toMatchObject({ node: process.versions.node, threads: 1 });
    expect((await readFile(join(out, "metrics.csv"), "utf8")).trimEnd().split("\n")).toHaveLength(3);
  });

  it("--profile: writes a trace of the first epoch and shows the slowest kernels", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const { code, stdout, stderr } = await auricle(["train", data, "--out", out, "--profile", ...QUICK]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^The 10 slowest of \d+ kernels\nkernel +ms +share +speed +of peak$/m);
    expect(stdout).toMatch(/^.* in conv2d_2 +\d+\.\d{3} +\d+\.\d % +\d+\.\d GFLOP\/s +\d+ %$/m);
    for (const line of stdout.split("\n")) {
      if (!line.includes(out)) expect([...line].length, line).toBeLessThanOrEqual(80);
    }
    const { traceEvents } = JSON.parse(await readFile(join(out, "profile.json"), "utf8")) as Trace;
    // 270 examples in batches of 30 are nine steps; kernels are recorded from the fifth to the ninth.
    const phases = traceEvents.filter(({ cat }) => cat === "phase").map(({ name }) => name);
    expect(phases.filter((name) => name === "step")).toHaveLength(9);
    expect(phases.filter((name) => name === "epoch" || name === "validation")).toHaveLength(2);
    const losses = traceEvents.filter(({ cat, name }) => cat === "kernel" && name.includes("in conv2d_1"));
    expect(losses.length % 5).toBe(0);
    expect(losses.length).toBeGreaterThan(0);
    const quiet = await auricle(["train", data, "--out", `${out}-2`, "--profile", "--json", ...QUICK]);
    const events = jsonLines(quiet.stdout);
    expect(events.map(({ event }) => event)).toEqual(["start", "epoch", "profile", "epoch", "done"]);
    expect(events[2]).toMatchObject({ path: join(`${out}-2`, "profile.json"), lost: 0 });
  });

  it("writes events as JSON, one a line, and nothing else to stdout", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const { code, stdout } = await auricle(["train", data, "--out", out, "--json", ...QUICK]);
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    expect(events.map(({ event }) => event)).toEqual(["start", "epoch", "epoch", "done"]);
    expect(events[0]).toMatchObject({ run: out, epochsDone: 0, parameters: 61_706, config: { seed: 0 } });
    expect(events[2]).toMatchObject({ epoch: 2, learningRate: 0.001 });
    expect(events[3]).toEqual({ event: "done", run: out, ...(await readJson(join(out, "result.json"))) });
  });

  it("gives the same result for the same seed, and another for another", async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const results: string[] = [];
    for (const [i, seed] of ["7", "7", "8"].entries()) {
      const out = join(folder, String(i));
      await auricle(["train", data, "--out", out, "--seed", seed, ...QUICK]);
      results.push(await readFile(join(out, "result.json"), "utf8"));
    }
    expect(results[1]).toBe(results[0]);
    expect(results[2]).not.toBe(results[0]);
  });

  it("keeps the last epoch's weights where nothing is held out, on as many examples as asked", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const options = [
      "--validation",
      "0",
      "--train-size",
      "60",
      "--optimizer",
      "sgd",
      "--learning-rate",
      "0.01",
    ];
    const { stdout } = await auricle(["train", data, "--out", out, ...QUICK, ...options]);
    expect(stdout).toContain("60 training images\n");
    expect(stdout).toContain("sgd, learning rate 0.01");
    expect(existsSync(join(out, "best.safetensors"))).toBe(false);
    expect(await readJson(join(out, "result.json"))).toMatchObject({ bestEpoch: null });
  });

  it("stops when the validation result is no longer better, and tests the best weights", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    // So large a step that the loss soon rises.
    const options = ["--optimizer", "sgd", "--learning-rate", "3", "--patience", "2", "--epochs", "30"];
    const { stdout } = await auricle(["train", data, "--out", out, "--threads", "1", ...options]);
    const result = await readJson(join(out, "result.json"));
    const metrics = jsonLines(await readFile(join(out, "metrics.jsonl"), "utf8"));
    const scores = metrics.map(({ validationMacroF1 }) => validationMacroF1 as number);
    const losses = metrics.map(({ validationLoss }) => validationLoss as number);
    const first = Math.max(...scores);
    const least = Math.min(...losses.filter((_, i) => scores[i] === first));
    const best = scores.findIndex((score, i) => score === first && losses[i] === least) + 1;
    expect(result).toMatchObject({ stoppedEarly: true, bestEpoch: best, epochs: best + 2 });
    expect(stdout).toContain("Stopped early: the validation result no longer improves.");
    expect(stdout).toContain(`Kept the weights of the best epoch, ${best}.`);
  });
});

describe("train --resume", () => {
  it("goes on after Ctrl-C and ends with the bits of a run never interrupted", async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
    await auricle(["train", data, "--out", whole, ...QUICK]);
    const first = await auricle(["train", data, "--out", broken, ...QUICK], /1\/2/);
    expect(first.code).toBe(130);
    expect(first.stderr).toBe(
      "Stopping after this step. Press Ctrl-C again to stop at once.\n" +
        `Interrupted: 1 of 2 epochs are done and saved. To continue:\n  auricle train --resume ${broken}\n`,
    );
    expect(existsSync(join(broken, "result.json"))).toBe(false);
    const second = await auricle(["train", "--resume", broken, "--threads", "2"]);
    expect([second.code, second.stderr]).toEqual([0, ""]);
    for (const name of ["config.json", "split.json"]) {
      expect(await readFile(join(broken, name), "utf8")).toBe(await readFile(join(whole, name), "utf8"));
    }
    expect(await bitsOf(broken)).toEqual(await bitsOf(whole));
  });

  it("gives more epochs to a finished run, as if it had had them from the start", async () => {
    const data = await digitsFolder();
    const folder = await temporaryFolder();
    const [whole, longer] = [join(folder, "whole"), join(folder, "longer")];
    await auricle(["train", data, "--out", whole, ...QUICK, "--epochs", "3"]);
    await auricle(["train", data, "--out", longer, ...QUICK]);
    const again = await auricle(["train", "--resume", longer]);
    expect(again.stdout).toContain("This run is finished: 2 epochs.");
    const { code } = await auricle(["train", "--resume", longer, "--epochs", "3", "--threads", "1"]);
    expect(code).toBe(0);
    expect(await bitsOf(longer)).toEqual(await bitsOf(whole));
    expect(jsonLines(await readFile(join(longer, "metrics.jsonl"), "utf8"))).toHaveLength(3);
  });

  it("begins a run or goes on with it by the same line", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    const line = ["train", data, "--out", out, "--resume", ...QUICK];
    expect((await auricle(line)).code).toBe(0);
    const again = await auricle(line);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain("This run is finished");
  });

  it("refuses other options and other data than the run's", async () => {
    const data = await digitsFolder();
    const out = join(await temporaryFolder(), "run");
    await auricle(["train", data, "--out", out, ...QUICK]);
    const otherRate = await auricle(["train", "--resume", out, "--learning-rate", "0.1", "--epochs", "3"]);
    expect(otherRate).toMatchObject({
      code: 1,
      stderr: `error: ${out}: a resumed run keeps learning rate 0.001; got 0.1: omit the option or start a new run\n`,
    });
    const fewer = await auricle(["train", "--resume", out, "--epochs", "1"]);
    expect(fewer.stderr).toContain("a resumed run keeps epochs 2; got 1");
    const labels = join(data, "train-labels-idx1-ubyte");
    const bytes = await readFile(labels);
    await writeFile(labels, bytes.fill(1, 20, 21));
    const changed = await auricle(["train", "--resume", out, "--epochs", "3"]);
    expect(changed.stderr).toContain('"train-images-idx3-ubyte" has changed since the run began');
  });
});

describe("what train refuses", () => {
  it("a folder that holds a run", async () => {
    const out = await temporaryFolder();
    await writeFile(join(out, "config.json"), "{}");
    const folder = await digitsFolder();
    const { code, stderr } = await auricle(["train", folder, "--out", out, ...QUICK]);
    expect(code).toBe(1);
    expect(stderr).toContain(`error: ${out} already holds a run`);
    expect(await readdir(out)).toEqual(["config.json"]);
  });

  it("data that it does not know, with a suggestion and no stack", async () => {
    const { code, stderr } = await auricle(["train", "digist"]);
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean "digits"?');
    expect(stderr).not.toContain("    at ");
  });

  it("a model that does not fit the data, before it makes a folder", async () => {
    const out = join(await temporaryFolder(), "run");
    const folder = await digitsFolder();
    const { code, stderr } = await auricle(["train", folder, "--model", "wave1d", "--out", out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\[28,28,1\]/);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [["train"], "missing required argument 'data'"],
    [["train", "digits", "--epochs", "0"], "whole number, 1 or more"],
    [["train", "digits", "--model", "alexnet"], "must be one of lenet5, "],
    [["train", "digits", "--speed", "9"], "unknown option '--speed'"],
    [["train", "digits", "--resume", "a", "--out", "b"], "cannot be used together"],
    [["trian", "digits"], "Did you mean train?"],
    [["data", "--download"], "needs the name of a data set"],
    [["predict", "runs/a"], "name recordings or images, or images of the test part by --index"],
  ])("wrong usage with exit code 2: %j", async (argv, message) => {
    const { code, stdout, stderr } = await auricle(argv);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it("patience without a validation part", async () => {
    const data = await digitsFolder();
    const { code, stderr } = await auricle(["train", data, "--validation", "0", "--patience", "3"]);
    expect(code).toBe(1);
    expect(stderr).toContain("patience needs a validation part");
  });
});

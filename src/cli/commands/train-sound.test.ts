import { existsSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { bitsOf, QUICK, readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;

beforeAll(async () => {
  data = join(tests.folder, "tones");
  await writeToneFolder(data);
});

async function runFolder(): Promise<string> {
  return join(await temporaryFolder(), "run");
}

describe("train on a folder of recordings", () => {
  it("trains, tests, says where run and report are and leaves the run complete", async () => {
    const out = await runFolder();
    const { code, stdout, stderr } = await tests.train(data, out, "--split", "0.5/0.25/0.25");
    expect([code, stderr]).toEqual([0, ""]);
    // 16 clips, half of them to train on, each cut 20 times.
    expect(stdout).toContain("notebook on tones: 160 training windows, 4 validation clips");
    // 5·5·4 + 4 of the convolution; (18·65·4 + 1)·2 of the dense layer behind the pooling of 35 frames and 129 bins.
    expect(stdout).toContain("9,466 parameters, adamw, learning rate 0.003, batches of 32, seed 0");
    expect(stdout).toMatch(/^ +epoch +loss +accuracy +validation loss +accuracy +macro F1 +time$/m);
    expect(stdout).toMatch(/^ +1\/2 .*\n +2\/2 .*$/m);
    expect(stdout).toMatch(/^Time: preparing .*, waiting for data \d\.\d s \(\d+\.\d %\),\s+validating/m);
    expect(stdout).toMatch(
      /^Test: accuracy \d+\.\d % \(95 %: \d+\.\d to \d+\.\d\) {3}macro F1 .*\n4 clips; by window: accuracy/m,
    );
    expect(stdout).toContain("Confusion matrix");
    expect(stdout).toMatch(/^Validation: accuracy .*\n4 clips; by window/m);
    expect(stdout).toContain(`Run:    ${out}`);
    expect(stdout).toContain(`Report: ${join(out, "report.html")}`);
    expect(stdout).toContain(`Next: auricle predict ${out} <recording>`);
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
  });

  it("writes what it was, how it was split, what it came to and what was said of each clip", async () => {
    const out = await runFolder();
    await tests.train(data, out, "--split", "0.5/0.25/0.25", "--seed", "5");
    expect(await readRunJson(out, "config.json")).toMatchObject({
      kind: "sound",
      data,
      task: "classification",
      classNames: ["high", "low"],
      model: "notebook",
      frontEnd: { kind: "spectrogram", fftSize: 256 },
      split: { fractions: [0.5, 0.25, 0.25], official: true, fold: null, seed: 5, force: false },
      epochs: 2,
      seed: 5,
      transfer: null,
    });
    const { report, parts } = (await readRunJson(out, "split.json")) as {
      report: object;
      parts: Record<string, string[]>;
    };
    expect(report).toMatchObject({ origin: "random", leaks: [] });
    expect(Object.values(parts).map((ids) => ids.length)).toEqual([8, 4, 4]);
    expect(Object.values(parts).flat().sort()).toEqual(
      ["high", "low"].flatMap((name) =>
        Array.from({ length: 8 }, (_, clip) => `${name}/${name}-${clip}.wav`),
      ),
    );
    const result = await readRunJson(out, "result.json");
    expect(result).toMatchObject({ kind: "sound", model: "notebook", data: "tones", epochs: 2 });
    expect(result).toMatchObject({ split: { leaks: 0, forced: false } });
    expect(result.evaluations).toMatchObject([
      { name: "test", task: "classification", examples: 4 },
      { name: "validation", task: "classification", examples: 4 },
    ]);
    const predictions = await readRunJson(out, "predictions.json");
    expect(Object.keys(predictions)).toEqual(["test", "validation"]);
    const clips = predictions.test as { id: string; truth: number[]; outputs: number[]; seconds: number }[];
    expect(clips.map(({ id }) => id)).toEqual(parts.test);
    for (const { id, truth, outputs, seconds } of clips) {
      expect(truth).toEqual([id.startsWith("high/") ? 0 : 1]);
      expect(outputs[0] + outputs[1]).toBeCloseTo(1, 5);
      expect(seconds).toBe(0.5);
    }
    const html = await readFile(join(out, "report.html"), "utf8");
    expect(html).toContain("<!doctype html>");
    expect(html).toContain("auricle train");
    expect(html).toContain("data:audio/wav;base64,");
    const header = (await readFile(join(out, "metrics.csv"), "utf8")).split("\n")[0];
    expect(header).toContain("validationMacroF1");
  });

  it("writes events as JSON, one a line, and nothing else to stdout", async () => {
    const out = await runFolder();
    const { code, stdout } = await tests.train(data, out, "--json");
    expect(code).toBe(0);
    const events = jsonLines(stdout);
    expect(events.map(({ event }) => event)).toEqual(["start", "epoch", "epoch", "done"]);
    expect(events[0]).toMatchObject({
      run: out,
      epochsDone: 0,
      parameters: 9_466,
      // 85% of the 16 clips are 13 (of 13.6, so that the other parts have something), each cut 20 times.
      examples: { train: 260, validation: 2 },
      config: { kind: "sound", seed: 0 },
    });
    expect(events[1]).toMatchObject({ epoch: 1, isBest: true });
    expect(events[1]).toHaveProperty("validationMacroF1");
    expect(events[3]).toEqual({ event: "done", run: out, ...(await readRunJson(out, "result.json")) });
  });

  it("gives the same bits for the same seed, and others for another", async () => {
    const runs: Record<string, string>[] = [];
    for (const seed of ["7", "7", "8"]) {
      const out = await runFolder();
      await tests.train(data, out, "--seed", seed);
      runs.push(await bitsOf(out));
    }
    expect(runs[1]).toEqual(runs[0]);
    for (const [name, bits] of Object.entries(runs[2])) {
      if (name !== "result.json") expect(bits, name).not.toBe(runs[0][name]);
    }
  });

  it("trains on everything where nothing is held out, and keeps the last weights", async () => {
    const out = await runFolder();
    const { code, stdout } = await tests.train(data, out, "--split", "1/0/0");
    expect(code).toBe(0);
    expect(stdout).toContain("320 training windows\n");
    expect(stdout).toContain("No part of the data was held out: nothing was tested.");
    expect(existsSync(join(out, "best.safetensors"))).toBe(false);
    expect(await readRunJson(out, "result.json")).toMatchObject({ bestEpoch: null, evaluations: [] });
    const predicted = await auricle(["predict", out, join(data, "low", "low-0.wav"), "--threads", "1"]);
    expect(predicted.code).toBe(0);
  });

  it("stops when the validation gets no better, and tests the best weights", async () => {
    const out = await runFolder();
    // With all but no learning, the first epoch is hardly beaten in either macro-F1 or loss.
    const options = ["--optimizer", "sgd", "--learning-rate", "1e-30", "--epochs", "9", "--patience", "2"];
    const { stdout } = await tests.train(data, out, ...options, "--schedule", "constant");
    expect(await readRunJson(out, "result.json")).toMatchObject({
      stoppedEarly: true,
      bestEpoch: 1,
      epochs: 3,
    });
    expect(stdout).toContain("Stopped early: the validation result no longer improves.");
    expect(stdout).toContain("Kept the weights of the best epoch, 1.");
  });

  it.each([
    ["sgd", "cosine", "none"],
    ["rmsprop", "constant", "weights"],
    ["adam", "one-cycle", "sampling"],
  ])("takes the optimizer %s, the schedule %s and the balance %s", async (optimizer, schedule, balance) => {
    const out = await runFolder();
    const options = ["--optimizer", optimizer, "--schedule", schedule, "--balance", balance, "--no-augment"];
    expect(await tests.train(data, out, ...options)).toMatchObject({ code: 0, stderr: "" });
    expect(await readRunJson(out, "config.json")).toMatchObject({
      optimizer,
      schedule,
      balance,
      augmentation: "none",
    });
  });
});

describe("train --resume on sound", () => {
  it("goes on after Ctrl-C and ends with the bits of a run never interrupted", async () => {
    const [whole, broken] = [await runFolder(), await runFolder()];
    await tests.train(data, whole, "--epochs", "3");
    const first = await tests.run(["train", data, "--out", broken, ...QUICK, "--epochs", "3"], /\n +1\/3 /);
    expect(first.code).toBe(130);
    expect(first.stderr).toBe(
      "Stopping after this step. Press Ctrl-C again to stop at once.\n" +
        `Interrupted: 1 of 3 epochs are done and saved. To continue:\n  auricle train --resume ${broken}\n`,
    );
    for (const name of ["result.json", "report.html"]) expect(existsSync(join(broken, name))).toBe(false);
    // Recordings that came since do not belong to it.
    const added = join(data, "low", "added.wav");
    await appendFile(added, await readFile(join(data, "low", "low-0.wav")));
    const second = await tests.run(["train", "--resume", broken, "--threads", "2"]);
    await rm(added);
    expect([second.code, second.stderr]).toEqual([0, ""]);
    expect(second.stdout).toContain("Resuming after epoch 1 of 3");
    expect(await bitsOf(broken)).toEqual(await bitsOf(whole));
  });

  it("begins a run or goes on with it by the same line, and shows a finished one again", async () => {
    const out = await runFolder();
    const line = ["train", data, "--out", out, "--resume", ...QUICK, "--no-augment"];
    expect((await tests.run(line)).code).toBe(0);
    const bits = await bitsOf(out);
    const again = await tests.run(line);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toContain("This run is finished: 2 epochs.");
    expect(again.stdout).toContain("Test: accuracy");
    expect(await bitsOf(out)).toEqual(bits);
  });

  it.each([
    [["--learning-rate", "0.1"], "learning rate 0.003; got 0.1"],
    [["--epochs", "3"], "epochs 2; got 3"],
    [["--window", "0.3"], "window 35; got 104"],
    [["--no-augment"], "augment true; got false"],
    [["--fold", "1/5"], 'fold null; got "1/5"'],
    [["--model", "m5"], 'model "notebook"; got "m5"'],
  ])("refuses %j, with which the run did not begin", async (options, message) => {
    const out = join(tests.folder, "finished");
    if (!existsSync(out)) await tests.train(data, out);
    const { code, stderr } = await tests.run(["train", "--resume", out, ...options]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error: ${out}: a resumed run keeps ${message}: omit the option or start a new run\n`,
    );
  });

  it("refuses other data, and to go on without a recording that it began with", async () => {
    const own = join(await temporaryFolder(), "tones");
    await writeToneFolder(own, { clips: 4 });
    const out = await runFolder();
    const options = ["--split", "0.5/0.25/0.25"];
    await tests.run(["train", own, "--out", out, ...QUICK, ...options], /\n +1\/2 /);
    const other = await tests.run(["train", data, "--out", out, "--resume"]);
    expect(other).toMatchObject({ code: 1 });
    expect(other.stderr).toContain(`keeps data "${own}"; got "${data}"`);
    const [gone, spare] = [join(own, "low", "low-1.wav"), await readFile(join(own, "low", "low-2.wav"))];
    const before = await readFile(gone);
    await writeFile(gone, spare);
    const changed = await tests.run(["train", "--resume", out]);
    expect(changed).toMatchObject({
      code: 1,
      stderr:
        `error: ${own}: "low/low-1.wav" has changed since the run began; restore the original files or ` +
        "start a new run\n",
    });
    const evaluated = await tests.run(["eval", out]);
    expect(evaluated.stdout.replace(/\s+/g, " ")).toContain('"low/low-1.wav" has changed since');
    await writeFile(gone, before);
    expect((await tests.run(["eval", out])).stdout).not.toContain("changed since");
    await rm(gone);
    const { code, stderr } = await tests.run(["train", "--resume", out]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'the recording "low/low-1.wav" used by the run is missing or can no longer be read; restore it',
    );
  });
});

describe("what train on sound refuses", () => {
  it.each([
    [["--size", "64"], "--size is for images, and these data are sound"],
    [["--flip", "horizontal"], "--flip is for images, and these data are sound"],
    [["--validation", "0.2", "--split", "0.8/0.1/0.1"], "--split and --validation cannot be used together"],
    [["--model", "lenet5"], "lenet5 is for images; for sound there are mel-cnn, "],
    [["--freeze"], "--freeze needs --from <network>"],
    [["--from", "a", "--model", "m5"], "with --from, the model, its front end and its window are those of"],
    [["--split", "0.5/0.5"], "three shares with sum 1"],
    [["--split", "1//"], "three shares with sum 1"],
    [["--split", "0.5/0.3/0.3"], "three shares with sum 1"],
    [["--fold", "6/5"], 'a fold and their number, such as "1/5"'],
    [["--seeds", "1"], "whole number, 2 or more"],
    [["--front-end", "mel"], "It must be one of waveform"],
    [["--resume", "a", "--out", "b"], "cannot be used together"],
  ])("as wrong usage, with exit code 2: %j", async (options, message) => {
    const { code, stdout, stderr } = await tests.run(["train", data, ...options]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });

  it.each([
    ["--window", "1"],
    ["--front-end", "vggish"],
    ["--split-name", "official"],
  ])("%s for images", async (flag, value) => {
    const images = await temporaryFolder();
    await writeDigitsFolder(images, { train: 10, test: 10 });
    const { code, stderr } = await auricle(["train", images, flag, value]);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${flag} is for sound, and these data are images`);
  });

  it("a model of sound for images", async () => {
    const { code, stderr } = await auricle(["train", "digits", "--model", "mel-cnn"]);
    expect(code).toBe(2);
    expect(stderr).toContain("error: mel-cnn is for sound; for images there are lenet5, ");
  });

  it.each([
    [["--split-name", "random"], /a split's name is for data sets known by name, and tones is a folder or a/],
    [
      ["--task", "regression"],
      /the task regression is for lists with such labels; tones is for classification/,
    ],
    [
      ["--window", "0.00001"],
      /a window must be at least 0\.0\d+ s, one step of the front end; got 0\.00001 s/,
    ],
    [["--front-end", "waveform"], /^error: notebook: input must be \[time, frequency, channel\].*\[1600,1\]/],
    [["--patience", "3", "--split", "0.9/0/0.1"], /patience needs a validation part/],
    [["--from", "nowhere"], /nowhere is not the folder of a run/],
    [["--fold", "1/20"], /20 folds need at least as many groups of clips; its 16 clips make 16/],
  ])("what does not fit the data, before it makes a folder: %j", async (options, message) => {
    const out = await runFolder();
    const line = ["train", data, "--out", out, "--threads", "1"];
    const quick = options.includes("--from") ? [] : QUICK;
    const { code, stdout, stderr } = await tests.run([...line, ...quick, ...options]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  it("a folder with something else in it, which stays as it is", async () => {
    const out = await temporaryFolder();
    await mkdir(join(out, "mine"));
    const { code, stderr } = await tests.train(data, out);
    expect(code).toBe(1);
    expect(stderr).toContain("is not empty (it holds mine): a new run needs a folder of its own");
    expect(await readdir(out)).toEqual(["mine"]);
    // Before anything is decoded: the recordings of this folder are none.
    const broken = join(await temporaryFolder(), "broken");
    for (const name of ["a/1.wav", "b/1.wav"]) await writeRecording(join(broken, name), "no sound");
    expect((await tests.train(broken, out)).stderr).toBe(stderr);
  });

  it("a run that is not there, by its name alone", async () => {
    const { code, stderr } = await auricle(["train", "--resume", "nowhere", "--strict"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*nowhere is not the folder of a run/);
  });
});

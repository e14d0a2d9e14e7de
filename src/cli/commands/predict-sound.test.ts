/** @file `auricle eval`, `predict` and `summary` on one small run on sound. */

import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let data: string;
let run: string;

beforeAll(async () => {
  data = join(tests.folder, "tones");
  run = join(tests.folder, "run");
  await writeToneFolder(data);
  const { code } = await tests.train(data, run, "--split", "0.5/0.25/0.25");
  expect(code).toBe(0);
});

type Said = {
  readonly source: string;
  readonly seconds: number;
  readonly class: string;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly windows: readonly {
    readonly start: number;
    readonly end: number;
    readonly probabilities: Readonly<Record<string, number>>;
  }[];
};

function predict(...files: string[]) {
  return auricle(["predict", run, ...files, "--threads", "1"]);
}

async function predictJson(...files: string[]): Promise<Said[]> {
  const { code, stdout } = await predict(...files, "--json");
  expect(code).toBe(0);
  return jsonLines(stdout) as Said[];
}

describe("eval on sound", () => {
  it("gives the run's own figures again", async () => {
    const { code, stdout, stderr } = await tests.run(["eval", run, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const [event] = jsonLines(stdout);
    const { evaluations, split } = await readRunJson(run, "result.json");
    const predictions = await readRunJson(run, "predictions.json");
    expect(event).toEqual({
      event: "evaluated",
      run,
      data: "tones",
      split,
      evaluations: (evaluations as { name: string }[]).map((figures) => ({
        ...figures,
        clips: predictions[figures.name],
      })),
    });
  });

  it("shows them in 80 columns", async () => {
    const { stdout } = await tests.run(["eval", run, "--threads", "1"]);
    expect(stdout).toMatch(/^Test: accuracy .*\n4 clips/m);
    expect(stdout).toContain("Confusion matrix");
    expect(stdout).toMatch(/^Validation: accuracy .*\n4 clips/m);
    for (const line of stdout.split("\n").slice(1)) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("tests on other recordings of the same classes, by their names, whichever order they have", async () => {
    const other = await temporaryFolder();
    // "low" alone beside a class of no recordings would be refused; here the tones are in the wrong folders.
    for (let i = 0; i < 3; i++) {
      await writeRecording(join(other, "low", `${i}.wav`), toneFile({ frequencies: [2700], seed: 500 + i }));
      await writeRecording(join(other, "high", `${i}.wav`), toneFile({ frequencies: [300], seed: 500 + i }));
    }
    const { code, stdout } = await tests.run(["eval", run, other, "--json"]);
    expect(code).toBe(0);
    const { split, evaluations } = jsonLines(stdout)[0] as {
      split?: object;
      evaluations: { confusionMatrix: number[][] }[];
    };
    expect(split).toBeUndefined();
    expect(evaluations).toHaveLength(1);
    expect(evaluations[0].confusionMatrix).toEqual([
      [0, 3],
      [3, 0],
    ]);
  });

  it("takes a list with some of the classes, in the model's order", async () => {
    const other = await temporaryFolder();
    await writeToneFolder(other, { clips: 1, seed: 500 });
    await writeRecording(join(other, "list.csv"), "path,label\nlow/low-0.wav,low\nhigh/high-0.wav,high\n");
    const { stdout } = await tests.run(["eval", run, join(other, "list.csv"), "--json"]);
    expect(jsonLines(stdout)[0]).toMatchObject({
      data: "list.csv",
      evaluations: [{ examples: 2, classes: [{ name: "high" }, { name: "low" }] }],
    });
  });

  it("refuses recordings of other classes, and of another task", async () => {
    const other = await temporaryFolder();
    await writeToneFolder(other, { classes: ["low", "middle"], clips: 1 });
    const classes = await tests.run(["eval", run, other]);
    expect(classes.code).toBe(1);
    expect(classes.stderr).toContain('have the class "middle"; the model of');
    expect(classes.stderr).toContain("is for classification of high, low");
    const nothing = await tests.run(["eval", run, join(other, "nothing")]);
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.stderr).toMatch(/^error: no such folder or list: .*nothing\. /);
  });

  it("names what it cannot read, and with --strict refuses it", async () => {
    const other = await temporaryFolder();
    await writeToneFolder(other, { clips: 2, seed: 500 });
    await writeRecording(join(other, "low", "text.wav"), "no sound");
    const { code, stdout } = await tests.run(["eval", run, other]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Left out, as it cannot be used:\n {2}.*text\.wav: /);
    expect(stdout).toMatch(/^Test: accuracy .*\n4 clips/m);
    const strict = await tests.run(["eval", run, other, "--strict"]);
    expect(strict).toMatchObject({ code: 1, stdout: "" });
    expect(strict.stderr).toContain("text.wav: ");
  });

  it("tells that the run's own recordings are gone", async () => {
    const folder = await temporaryFolder();
    const own = join(folder, "tones");
    await writeToneFolder(own, { clips: 4 });
    const out = join(folder, "run");
    await tests.train(own, out, "--split", "0.5/0.25/0.25");
    await rm(join(own, "low"), { recursive: true });
    await mkdir(join(own, "low"));
    await writeRecording(join(own, "low", "new.wav"), toneFile({ frequencies: [300], seed: 1 }));
    const { code, stderr } = await tests.run(["eval", out]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/the recording "low\/low-\d\.wav" used by the run is missing/);
  });
});

describe("predict on sound", () => {
  it("says of a recording what the evaluation says of that clip, window by window", async () => {
    const { test } = (await readRunJson(run, "predictions.json")) as {
      test: {
        id: string;
        seconds: number;
        outputs: number[];
        windows: { start: number; end: number; outputs: number[] }[];
      }[];
    };
    const said = await predictJson(...test.map(({ id }) => join(data, id)));
    expect(said).toHaveLength(4);
    const named = ([high, low]: readonly number[]) => ({
      high: expect.closeTo(high, 5) as number,
      low: expect.closeTo(low, 5) as number,
    });
    said.forEach((one, i) => {
      const { id, seconds, outputs, windows } = test[i];
      expect(one).toEqual({
        event: "prediction",
        source: join(data, id),
        seconds: expect.closeTo(seconds, 9) as number,
        class: outputs[0] > outputs[1] ? "high" : "low",
        probabilities: named(outputs),
        windows: windows.map((window) => ({
          start: expect.closeTo(window.start, 9) as number,
          end: expect.closeTo(window.end, 9) as number,
          probabilities: named(window.outputs),
        })),
      });
      // 173 frames in windows of 35.
      expect(windows).toHaveLength(5);
    });
  });

  it("finds the recordings in folders, in the order of names, after those named before", async () => {
    const folder = await temporaryFolder();
    await writeToneFolder(folder, { clips: 2 });
    await writeRecording(join(folder, "notes.txt"), "x");
    const first = join(data, "low", "low-3.wav");
    const said = await predictJson(first, folder);
    expect(said.map(({ source }) => source)).toEqual([
      first,
      ...["high/high-0", "high/high-1", "low/low-0", "low/low-1"].map((name) => join(folder, `${name}.wav`)),
    ]);
    expect(said.map((one) => one.class)).toEqual(["low", "high", "high", "low", "low"]);
  });

  it("shows the most probable classes, and how they change in a long recording, in 80 columns", async () => {
    const path = join(await temporaryFolder(), "long.wav");
    await writeRecording(path, toneFile({ frequencies: [300], seed: 1, seconds: 20 }));
    const { code, stdout } = await predict(path, "--top", "1");
    expect(code).toBe(0);
    const [title, line, ...rest] = stdout.trimEnd().split("\n");
    expect(title).toBe(`${path} (20.0 s): low`);
    expect(line).toMatch(/^ {2}low +\d+\.\d % {2}[█▏▎▍▌▋▊▉ ]{12} {2}[▁▂▃▄▅▆▇█]+$/);
    expect([...line].length).toBeLessThanOrEqual(80);
    expect([...line].length).toBeGreaterThan(70);
    expect(rest).toEqual([]);
  });

  it("hears a recording that is shorter than a window, of another rate and with two channels", async () => {
    const path = join(await temporaryFolder(), "short.wav");
    const short = { frequencies: [300], seed: 1, seconds: 0.05, sampleRate: 44_100, channels: 2 };
    await writeRecording(path, toneFile(short));
    const [{ seconds, windows }] = await predictJson(path);
    expect(seconds).toBeCloseTo(0.05, 3);
    expect(windows).toHaveLength(1);
    expect(windows[0].end).toBeCloseTo(0.05, 3);
  });

  it("names a file that is no recording among good ones, goes on, and says so by its exit code", async () => {
    const folder = await temporaryFolder();
    const [bad, good] = [join(folder, "a.wav"), join(folder, "b.wav")];
    await writeRecording(bad, "this is no sound");
    await writeRecording(join(folder, "c.wav"), "");
    await writeRecording(good, toneFile({ frequencies: [300], seed: 1 }));
    for (const places of [[folder], [bad, join(folder, "c.wav"), good]]) {
      const { code, stdout, stderr } = await predict(...places, "--json");
      expect(code).toBe(1);
      expect(jsonLines(stdout).map(({ source }) => source)).toEqual([good]);
      const lines = stderr.trimEnd().split("\n").sort();
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain(`${bad}: `);
      expect(lines[1]).toMatch(/c\.wav: .*empty/);
    }
    const strict = await predict(bad, good, "--strict");
    expect(strict).toMatchObject({ code: 1, stdout: "" });
    expect(strict.stderr).toMatch(/^error: .*a\.wav: .*\n$/);
  });

  it("names a recording of samples that are no numbers, and says what is wrong with one that can be heard", async () => {
    const folder = await temporaryFolder();
    for (const value of [NaN, 1e38]) {
      const path = join(folder, "broken.wav");
      const samples = Float32Array.from({ length: 9000 }, (_, i) => (i === 5000 ? value : 0.1));
      const bytes = encodeWav({ sampleRate: 22_050, channels: [samples] }, { bitDepth: "32-float" });
      await writeRecording(path, bytes);
      const { code, stderr } = await predict(path);
      expect(code).toBe(1);
      expect(stderr).toBe(
        `error: ${path}: it holds samples that are NaN, infinite or far beyond full scale\n`,
      );
    }
    const cut = join(folder, "cut.wav");
    await writeRecording(cut, toneFile({ frequencies: [300], seed: 1 }).subarray(0, 10_000));
    const { code, stdout } = await predict(cut, "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toContainEqual({
      event: "warning",
      text: `${cut}: truncated: the header says 0.5 s, the file holds 0.2 s`,
    });
  });

  it("says once what is wrong where there is nothing else", async () => {
    const folder = await temporaryFolder();
    const nothing = await predict(folder);
    expect(nothing).toMatchObject({ code: 1, stdout: "" });
    expect(nothing.stderr).toBe(`error: ${folder}: no recordings found\n`);
    const missing = await predict(join(folder, "gone.wav"));
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^error: .*gone\.wav.*\n$/);
    for (const name of ["a", "b"]) await writeRecording(join(folder, `${name}.wav`), "no sound");
    const all = await predict(folder);
    expect(all.code).toBe(1);
    expect(all.stderr).toMatch(/a\.wav: .*\n.*b\.wav: .*\nerror: none of the 2 recordings could be read\n$/);
  });

  it("refuses examples of test data, which are of images, and a run without a model", async () => {
    const indexed = await predict("--index", "0");
    expect(indexed).toMatchObject({ code: 2, stdout: "" });
    expect(indexed.stderr).toContain("--index is for images, and this run is on sound");
    for (const option of ["--data-folder=x", "--no-download"]) {
      const { code, stderr } = await predict("x.wav", option);
      expect(code).toBe(2);
      expect(stderr).toContain(`${option.split("=")[0]} is for images, and this run is on sound`);
    }
    const empty = join(await temporaryFolder(), "run");
    await cp(run, empty, { recursive: true });
    for (const name of ["best", "last", "previous"]) await rm(join(empty, `${name}.safetensors`));
    const { code, stderr } = await auricle(["predict", empty, data]);
    expect(code).toBe(1);
    expect(stderr).toContain("this run has no model yet: no epoch is finished");
  });
});

describe("summary of a run on sound", () => {
  it("shows the layers of its model", async () => {
    const { code, stdout } = await auricle(["summary", run]);
    expect(code).toBe(0);
    expect(stdout).toContain("conv2d_1");
    expect(stdout).toContain("9,466");
  });
});

/** @file `auricle predict` on many recordings and images: their order, the summary, the table, and model files in place of runs. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { idxBytes, writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();
let run: string;
let album: string;
let images: string;
let imageRun: string;

beforeAll(async () => {
  const data = join(tests.folder, "tones");
  run = join(tests.folder, "run");
  await writeToneFolder(data);
  expect((await tests.train(data, run, "--split", "0.5/0.25/0.25")).code).toBe(0);
  album = join(tests.folder, "album, 1");
  for (const track of [1, 2, 4, 10, 11]) {
    const tone = toneFile({ frequencies: [track > 3 ? 2700 : 300], seed: 900 + track });
    await writeRecording(join(album, `track${track}.wav`), tone);
  }
  await writeRecording(join(album, "track3.wav"), "no sound");
  await writeRecording(join(album, "track20.wav"), toneFile({ frequencies: [], seed: 1, amplitude: 0 }));
  images = join(tests.folder, "images");
  imageRun = join(tests.folder, "digits");
  await mkdir(images);
  await writeDigitsFolder(images, { train: 200, test: 40 });
  const quick = ["--epochs", "1", "--batch-size", "50", "--threads", "1"];
  expect((await auricle(["train", images, "--out", imageRun, ...quick])).code).toBe(0);
});

function predict(model: string, ...argv: string[]) {
  return auricle(["predict", model, ...argv, "--threads", "1"]);
}

type Row = Readonly<Record<string, string>>;

function rowsOf(text: string): Row[] {
  return parse(text, { columns: true }) as Row[];
}

describe("on a folder of recordings", () => {
  it("takes them as people count, and sums them up", async () => {
    const { code, stdout, stderr } = await predict(run, album);
    expect(code).toBe(1);
    expect(stderr).toContain("track3.wav: ");
    const tracks = [...stdout.matchAll(/track(\d+)\.wav \(/g)].map(([, track]) => Number(track));
    expect(tracks).toEqual([1, 2, 4, 10, 11, 20]);
    const [, summary] = stdout.split("\n\n");
    expect(summary).toMatch(/^Summary: 6 of 7 recordings predicted\n {2}high +3 +50\.0 %\n {2}low +\d/);
    expect(summary).toMatch(/Could not be read: 1\.\n$/);
  });

  it("has no summary of a single one, nor with --json", async () => {
    expect((await predict(run, join(album, "track1.wav"))).stdout).not.toContain("Summary");
    const { stdout } = await predict(run, album, "--json");
    expect(jsonLines(stdout).every(({ event }) => event === "prediction")).toBe(true);
  });

  it("writes a table, with a row for what cannot be read", async () => {
    const file = join(await temporaryFolder(), "out.csv");
    const { stdout } = await predict(run, album, "--csv", file);
    expect(stdout).toContain("Summary: 6 of 7");
    const rows = rowsOf(await readFile(file, "utf8"));
    expect(rows).toHaveLength(7);
    expect(Object.keys(rows[0])).toEqual([
      ...["source", "seconds", "silent", "class", "heard in", "problem"],
      ...["probability of high", "probability of low"],
    ]);
    const json = jsonLines((await predict(run, album, "--json")).stdout);
    for (const { source, class: name, probabilities } of json) {
      const row = rows.find((one) => one.source === source);
      expect(row?.class).toBe(name ?? "");
      const { high, low } = probabilities as { high: number; low: number };
      expect(Number(row?.["probability of high"])).toBeCloseTo(high, 8);
      expect(Number(row?.["probability of low"])).toBeCloseTo(low, 8);
    }
    const bad = rows.find(({ source }) => source.endsWith("track3.wav"));
    expect(bad?.problem).not.toBe("");
    expect(bad?.class).toBe("");
  });

  it("writes nothing else to stdout with --csv -", async () => {
    const { stdout, stderr } = await predict(run, album, "--csv", "-");
    expect(rowsOf(stdout).map(({ source }) => source)).toHaveLength(7);
    expect(stderr).toContain("Summary: 6 of 7");
    const both = await predict(run, album, "--csv", "-", "--json");
    expect(both).toMatchObject({ code: 2, stdout: "" });
  });

  it("never writes over a recording, nor into a folder that is not there", async () => {
    const track = join(album, "track1.wav");
    const before = await readFile(track);
    const { code, stderr } = await predict(run, album, "--csv", track);
    expect(code).toBe(1);
    expect(stderr).toMatch(/track1\.wav already exists and its name does not end with \.csv/);
    expect(await readFile(track)).toEqual(before);
    const nowhere = await predict(run, album, "--csv", join(album, "none", "out.csv"));
    expect(nowhere.stderr).toMatch(/^error: --csv: cannot write .*: no such folder: /);
  });
});

describe("with a model file", () => {
  it("says what the run says, wherever the file is", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "my model.safetensors");
    await copyFile(join(run, "best.safetensors"), file);
    const [byRun, byFile] = [await predict(run, album, "--json"), await predict(file, album, "--json")];
    expect(byFile.stdout).toBe(byRun.stdout);
    expect(byRun.stdout).not.toBe("");
    const summary = await auricle(["summary", file]);
    expect(summary.stdout).toBe((await auricle(["summary", run])).stdout);
  });

  it("says what the run says of images, and finds the test data", async () => {
    const file = join(imageRun, "best.safetensors");
    for (const argv of [["--index", "0..3"], [join(images, "t10k-images-idx3-ubyte")]]) {
      const [byRun, byFile] = [await predict(imageRun, ...argv), await predict(file, ...argv)];
      expect(byFile).toEqual(byRun);
      expect(byRun.code).toBe(0);
    }
    expect((await predict(file, "x.png", "--strict")).stderr).toMatch(/^error: .*x\.png/);
  });

  it("refuses what is no model, by its name", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "text.safetensors");
    await writeFile(file, "no model");
    const { code, stderr } = await predict(file, album);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*text\.safetensors: /);
    await rm(folder, { recursive: true });
  });
});

describe("on many images", () => {
  it("sums up a file, and those by number where they are many", async () => {
    const file = await predict(imageRun, join(images, "t10k-images-idx3-ubyte"));
    expect(file.stdout).toContain("Summary: 40 of 40 images predicted");
    const many = await predict(imageRun, "--index", "0..19");
    expect(many.stdout).toMatch(
      /Summary: 20 of 20 images predicted[^]*\nClassified correctly: \d+ of 20\.\n$/,
    );
    expect((await predict(imageRun, "--index", "0..2")).stdout).not.toContain("Summary");
  });

  it("writes a table", async () => {
    const { stdout } = await predict(imageRun, "--index", "0..4", "--csv", "-");
    const rows = rowsOf(stdout);
    expect(rows.map(({ example }) => Number(example))).toEqual([0, 1, 2, 3, 4]);
    for (const row of rows) {
      const probabilities = Array.from({ length: 10 }, (_, c) => Number(row[`probability of ${c}`]));
      expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
      expect(Number(row.class)).toBe(probabilities.indexOf(Math.max(...probabilities)));
      expect(row["true class"]).toMatch(/^\d$/);
    }
  });

  it("takes several files of images", async () => {
    const folder = await temporaryFolder();
    const files = ["b-images", "a-images"].map((name) => join(folder, name));
    for (const file of files) await writeFile(file, idxBytes([2, 28, 28], new Uint8Array(2 * 784)));
    const { stdout } = await predict(imageRun, ...files, "--json");
    expect(jsonLines(stdout).map(({ source }) => source)).toEqual([files[0], files[0], files[1], files[1]]);
  });
});

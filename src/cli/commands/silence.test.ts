/** @file The commands' messages about silence: recordings with nothing in them, next to nothing, or a constant. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { Generator } from "../../random/generator.ts";
import { toneFile, writeRecording, writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

const RATE = 44_100;

const wav = (channels: readonly Float32Array[]) =>
  encodeWav({ sampleRate: RATE, channels }, { bitDepth: "32-float" });

const filled = (value: (i: number) => number, seconds = 0.5) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => value(i));

const random = new Generator(1);
const loud = filled(() => random.uniform() - 0.5);

/** Recordings that are silent, though not all are zeros; at another rate than the models hear. */
const SILENT: Readonly<Record<string, Uint8Array>> = {
  "zeros.wav": wav([filled(() => 0)]),
  // 70 dB below full scale.
  "noise.wav": wav([filled(() => 3e-4 * (random.uniform() - 0.5))]),
  "constant.wav": wav([filled(() => 0.25)]),
  "cancelling.wav": wav([loud, loud.map((sample) => -sample)]),
  "short.wav": wav([filled(() => 0, 0.02)]),
  "no-samples.wav": wav([filled(() => 0, 1)]),
};

/** Recordings that are not. */
const HEARD: Readonly<Record<string, Uint8Array>> = {
  "quiet.wav": toneFile({ frequencies: [440], seed: 1, amplitude: 0.01 }),
  "a-click.wav": wav([filled((i) => (i > 9000 && i < 9050 ? 0.5 : 0))]),
  "blip.wav": wav([filled((i) => 0.5 * Math.sin(i / 10), 0.015)]),
};

let run = "";
let folder = "";

beforeAll(async () => {
  run = join(tests.folder, "run");
  folder = join(tests.folder, "recordings");
  await writeToneFolder(join(tests.folder, "tones"), { clips: 4 });
  await tests.train(join(tests.folder, "tones"), run, "--split", "0.5/0.25/0.25");
  for (const [name, bytes] of Object.entries({ ...SILENT, ...HEARD }))
    await writeRecording(join(folder, name), bytes);
});

describe("auricle predict", () => {
  it("says of silence that it is silence", async () => {
    const places = Object.keys(SILENT).map((name) => join(folder, name));
    const { code, stdout } = await auricle(["predict", run, ...places]);
    expect(code).toBe(0);
    for (const name of Object.keys(SILENT)) expect(stdout).toMatch(new RegExp(`${name}.*: silence\n`));
    expect(stdout).toMatch(/Silent \(nothing above -60 dBFS\): the prediction, (low|high), is meaningless/);
    // Neither an answer nor the summary gives a class a share.
    expect(stdout).not.toMatch(/(low|high)\b.*\d %/);
    for (const line of jsonLines((await auricle(["predict", run, ...places, "--json"])).stdout)) {
      expect(line).toMatchObject({ event: "prediction", silent: true, class: null });
      expect(Object.keys(line.probabilities as object)).toEqual(["high", "low"]);
    }
  });

  it("answers for sound, however quiet or short", async () => {
    for (const name of Object.keys(HEARD)) {
      const { stdout } = await auricle(["predict", run, join(folder, name), "--json"]);
      const [line] = jsonLines(stdout);
      expect([name, line.silent, line.class]).toEqual([name, undefined, expect.stringMatching(/low|high/)]);
    }
  });
});

describe("silent clips in data", () => {
  it("are named by training and inspection, and counted where a model is tested", async () => {
    const data = join(tests.folder, "data");
    await writeToneFolder(data, { clips: 4 });
    const rows = ["low", "high"].flatMap((name) =>
      [0, 1, 2, 3].map((i) => [`${name}/${name}-${i}.wav`, name, i] as const),
    );
    for (const name of ["zeros.wav", "constant.wav"]) await writeRecording(join(data, name), SILENT[name]);
    const split = (i: number) => ["train", "train", "valid", "test"][i];
    const lines = rows.map(([path, label, i]) => `${path},${label},${split(i)}`);
    await writeRecording(
      join(data, "list.csv"),
      ["path,label,split", ...lines, "zeros.wav,low,train", "constant.wav,high,test"].join("\n"),
    );
    const out = join(tests.folder, "with-silence");
    const { code, stdout, stderr } = await tests.train(data, out);
    expect(code).toBe(0);
    const note = /2 clips are silent \(nothing above -60 dBFS\): "zeros.wav", "constant.wav"/;
    expect((stdout + stderr).replace(/\s+/g, " ")).toMatch(note);
    expect(stdout).toContain("3 clips, 1 of them silent");
    const result = await readRunJson(out, "result.json");
    expect(result.notes).toContainEqual(expect.stringMatching(note));
    expect(result.evaluations).toMatchObject([
      { name: "test", examples: 3, silent: 1 },
      { name: "validation" },
    ]);
    expect(await readFile(join(out, "report.html"), "utf8")).toContain("1 of them silent");

    const { stdout: json } = await tests.run(["eval", out, "--json"]);
    expect(jsonLines(json).at(-1)).toMatchObject({ evaluations: [{ silent: 1 }, { name: "validation" }] });
    // From the cache as from the recordings.
    expect((await tests.run(["eval", run, data])).stdout).toContain("4 clips, 2 of them silent");
    const [inspected] = jsonLines((await tests.run(["inspect", data, "--json"])).stdout);
    const silent = (inspected.problems as { kind: string; path: string }[]).filter(
      ({ kind }) => kind === "silent",
    );
    expect(silent.map(({ path }) => path)).toEqual([join(data, "zeros.wav"), join(data, "constant.wav")]);
  });
});

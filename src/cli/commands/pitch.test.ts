/** @file `auricle pitch` on a small model whose three outputs are pitches. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { smallTagger } from "../../pretrained/testing/small-package.ts";
import { writeRecording } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

/** A model that is sure of A4 where the mean of 10 samples is positive, and of A5, an octave above, where it is negative. */
async function octaves() {
  const folder = await temporaryFolder();
  const model = join(folder, "octaves.safetensors");
  const names = ["440.000 Hz", "622.254 Hz", "880.000 Hz"];
  await saveModel(smallTagger(Float32Array.of(40, 0, -40), names), model);
  const song = join(folder, "song.wav");
  // 100 samples with the mean 0.5, then 100 with -0.5, each with a ripple that makes them sound.
  const samples = Float32Array.from({ length: 200 }, (_, i) => (i < 100 ? 0.5 : -0.5) + 0.25 * (-1) ** i);
  await writeRecording(song, encodeWav({ sampleRate: 1000, channels: [samples] }));
  return { folder, model, song };
}

it("follows the pitch: range, share of the time, and the notes one after the other", async () => {
  const { model, song } = await octaves();
  const { code, stdout, stderr } = await auricle(["pitch", song, "--model", model, "--threads", "1"]);
  expect([code, stderr]).toEqual([0, ""]);
  const [title, ...lines] = stdout.trimEnd().split("\n");
  for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
  const [range, notes] = [lines.slice(0, -1).join(""), lines.at(-1)];
  expect(title).toBe(`${song} (0.2 s)`);
  // The output in the middle, of probability 0.5, pulls each estimate by a third of its distance of 600 cents.
  expect(range).toMatch(
    /^ {2}\d+\.\d Hz \(\w♯?\d\) in the middle, from 49\d\.\d Hz \(B4\) to 78\d\.\d Hz \(G5\);.* 100 % of/,
  );
  expect(notes).toBe("  B4 G5");
});

it("gives each estimate in tables and JSON, with the time of its window's middle", async () => {
  const { folder, model, song } = await octaves();
  const options = ["--model", model, "--hop", "0.05", "--threads", "1"];
  const table = join(folder, "pitch.csv");
  const { stdout } = await auricle(["pitch", song, ...options, "--csv", table, "--json"]);
  const [said] = jsonLines(stdout);
  expect(said).toMatchObject({ event: "pitch", source: song });
  const pitches = said.pitches as { time: number; frequency: number; confidence: number }[];
  expect(pitches.map(({ time }) => Math.round(1000 * time))).toEqual([5, 55, 105, 155]);
  // log2 of the weighted mean: (1 · 0 + 0.5 · 0.5) / 1.5 octaves above 440 Hz, and the same below 880 Hz.
  expect(pitches[0].frequency).toBeCloseTo(440 * 2 ** (0.25 / 1.5), 2);
  expect(pitches[3].frequency).toBeCloseTo(880 * 2 ** (-0.25 / 1.5), 2);
  const rows = (await readFile(table, "utf8")).trimEnd().split("\r\n");
  expect(rows[0]).toBe("source,time,frequency,confidence");
  expect(rows).toHaveLength(5);
  expect(rows[1].startsWith(`${song},0.005,493.8`)).toBe(true);
});

it("says where no estimate is sure, and refuses a model of other outputs", async () => {
  const { folder, song } = await octaves();
  const doubtful = join(folder, "doubtful.safetensors");
  await saveModel(smallTagger(Float32Array.of(1, 0, -1), ["440 Hz", "622 Hz", "880 Hz"]), doubtful);
  // The logistic function of 0.5 is 0.62.
  const unsure = await auricle(["pitch", song, "--model", doubtful, "--least", "0.7"]);
  expect(unsure.stdout).toContain("No pitch: no estimate is as sure as --least asks.");
  const other = join(folder, "tags.safetensors");
  await saveModel(smallTagger(Float32Array.of(1, 2, 3)), other);
  const { code, stderr } = await auricle(["pitch", song, "--model", other]);
  expect([code, stderr]).toEqual([
    1,
    `error: pitch: the outputs of ${other} must be named by their pitch, as "440.000 Hz"; got "loud": use predict\n`,
  ]);
});

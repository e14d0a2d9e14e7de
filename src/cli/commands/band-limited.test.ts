/** @file Recordings without sound above some frequency: what is learnt of them, and what is said of others. */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeWav, resample } from "../../audio/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { Generator } from "../../random/generator.ts";
import { writeRecording } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { readRunJson, soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

interface Sound {
  readonly seed: number;
  /** The sample rate at which the sound is made, in Hz: the file holds nothing above half of it. */
  readonly limit: number;
  /** The sample rate of the file, in Hz. */
  readonly sampleRate: number;
}

/** A rising or falling chirp in noise, low-pass filtered; some are short, some padded with silence, all have a DC offset. */
async function chirp(rises: boolean, { seed, limit, sampleRate }: Sound): Promise<Uint8Array> {
  const random = new Generator(seed);
  const seconds = seed % 3 === 0 ? 0.25 : 0.6;
  const silence = seed % 3 === 1 ? 0.3 : 0;
  const length = Math.round((seconds + silence) * limit);
  let phase = 2 * Math.PI * random.uniform();
  const samples = Float32Array.from({ length }, (_, i) => {
    const part = (i / limit - silence / 2) / seconds;
    if (part < 0 || part > 1) return 0;
    const frequency = limit * (0.05 + 0.3 * (rises ? part : 1 - part));
    phase += (2 * Math.PI * frequency) / limit;
    return 0.3 * Math.sin(phase) + 0.01 * random.normal();
  });
  const filtered = await resample({ samples, sampleRate: limit }, sampleRate);
  const shifted = filtered.samples.map((value) => value + 0.05);
  // One of two channels is nothing but a constant.
  return encodeWav({ sampleRate, channels: [shifted, new Float32Array(shifted.length).fill(0.1)] });
}

async function writeChirps(
  folder: string,
  count: number,
  sound: Omit<Sound, "seed">,
  first = 0,
): Promise<void> {
  for (const name of ["fall", "rise"]) {
    for (let i = 0; i < count; i++) {
      const bytes = await chirp(name === "rise", {
        ...sound,
        seed: first + 2 * i + (name === "rise" ? 1 : 0),
      });
      await writeRecording(join(folder, name, `${name}-${i}.wav`), bytes);
    }
  }
}

const MEL = [
  "--model",
  "mel-cnn",
  "--window",
  "0.5",
  "--split",
  "0.5/0.25/0.25",
  "--no-duplicates",
  "--threads",
  "1",
];

/** The test's accuracy of a run. */
async function accuracyOf(run: string): Promise<number> {
  const { evaluations } = (await readRunJson(run, "result.json")) as { evaluations: { accuracy: number }[] };
  return evaluations[0].accuracy;
}

describe.each([
  [8000, 8000],
  [4000, 22_050],
  [2000, 16_000],
])("recordings without sound above half of %i Hz, at %i Hz", (limit, sampleRate) => {
  let [data, run] = ["", ""];

  beforeAll(async () => {
    data = join(tests.folder, `chirps-${limit}`);
    run = join(tests.folder, `run-${limit}`);
    await writeChirps(data, 24, { limit, sampleRate });
    const { code, stdout, stderr } = await tests.run(["train", data, "--out", run, ...MEL, "--epochs", "5"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("No recording has sound above");
  }, 120_000);

  it("are learnt with all defaults", async () => {
    expect(await accuracyOf(run)).toBeGreaterThanOrEqual(0.9);
  });

  it("are listened to as far as they go, which is stored and told", async () => {
    const { frontEnd, heard } = (await readRunJson(run, "config.json")) as {
      frontEnd: { maxFrequency: number; melBands: number };
      heard: { bandwidth: [number, number] };
    };
    // The slope of the filter is part of it.
    expect(heard.bandwidth[1]).toBeLessThan(1.25 * (limit / 2));
    expect(frontEnd.maxFrequency).toBeLessThan(1.35 * (limit / 2));
    expect(frontEnd.melBands).toBeLessThan(128);
    const { notes } = (await readRunJson(run, "result.json")) as { notes: string[] };
    expect(notes.join("\n")).toContain("the front end of mel-cnn covers up to");
  });

  it("answer for a recording that reaches higher, and say what is left out", async () => {
    for (const rises of [true, false]) {
      const wide = join(await temporaryFolder(), "wide.wav");
      const bytes = await chirp(rises, { seed: 4, limit, sampleRate: 44_100 });
      // The same with noise in all of the band of the file, 30 dB below.
      const random = new Generator(9);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 44; at + 4 <= bytes.length; at += 4) {
        const value = view.getInt16(at, true) + Math.round(200 * random.normal());
        view.setInt16(at, Math.max(-32768, Math.min(32767, value)), true);
      }
      await writeRecording(wide, bytes);
      const { code, stdout } = await auricle(["predict", run, wide, "--json", "--threads", "1"]);
      expect(code).toBe(0);
      const [prediction] = jsonLines(stdout);
      expect(prediction).toMatchObject({
        class: rises ? "rise" : "fall",
        outside: [{ quantity: "bandwidth", found: 22_050, leftOut: true }],
      });
    }
  });
});

/** @file Archives of examples of other programs through the commands: inspected, trained on, tested, and predicted from. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeWav } from "../../audio/write/encode-wav.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeNpz } from "../../formats/npy/index.ts";
import { writeZip } from "../../formats/zip/write-zip.ts";
import { ownCache } from "../../pretrained/testing/small-package.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { soundTests } from "../testing/sound-runs.ts";

const tests = soundTests();

const RATE = 8000;
const SAMPLES = 2400;

/** Tones of two pitches in turn, with a phase of their own. */
const tone = (i: number) =>
  Float32Array.from(
    { length: SAMPLES },
    (_, n) => 0.3 * Math.sin((2 * Math.PI * (300 + 2400 * (i % 2)) * n) / RATE + i),
  );

const NAMES = ["low", "high"];
const COUNT = 16;

function arrays(): Uint8Array {
  const x = Float32Array.from(
    { length: COUNT * SAMPLES },
    (_, at) => tone(Math.floor(at / SAMPLES))[at % SAMPLES],
  );
  return writeNpz([
    ["x", { shape: [COUNT, SAMPLES], data: x }],
    ["y", { shape: [COUNT], data: Array.from({ length: COUNT }, (_, i) => NAMES[i % 2]) }],
    ["rate", { shape: [], data: Int32Array.of(RATE) }],
  ]);
}

/** One recording of each class, cut into eight samples. */
function project(): Uint8Array {
  const classes = NAMES.map((name, label): [string, Uint8Array] => {
    const tones = Array.from({ length: COUNT / 2 }, (_, i) => tone(2 * i + label));
    const samples = Float32Array.from(tones.flatMap((one) => Array.from(one)));
    const times = tones.map((_, i) => ({
      startTime: (i * SAMPLES) / RATE,
      endTime: ((i + 1) * SAMPLES) / RATE,
      blobFilePath: "sample-1.wav",
    }));
    const content = writeZip([
      ["samples.json", new TextEncoder().encode(JSON.stringify(times))],
      ["sample-1.wav", encodeWav({ sampleRate: RATE, channels: [samples] })],
    ]);
    return [`${name}-!-0.zip`, content];
  });
  return writeZip([
    ...classes,
    ["manifest.json", new TextEncoder().encode('{"type":"audio","version":"2.4.10"}')],
  ]);
}

it.each<[string, string, () => Uint8Array]>([
  ["NumPy's arrays", "sounds.npz", arrays],
  ["a project of Teachable Machine", "project.tm", project],
])("take %s", async (_, name, content) => {
  await ownCache();
  const folder = await temporaryFolder();
  const [data, run, recording] = [name, "run", "one.wav"].map((one) => join(folder, one));
  await writeFile(data, content());
  await writeFile(recording, encodeWav({ sampleRate: RATE, channels: [tone(1)] }));

  const inspected = await tests.run(["inspect", data, "--no-duplicates", "--json"]);
  expect(inspected.code, inspected.stderr).toBe(0);
  expect(JSON.stringify(jsonLines(inspected.stdout))).toContain('"high"');
  const trained = await tests.train(data, run, "--split", "0.5/0.25/0.25", "--no-duplicates");
  expect(trained, trained.stderr).toMatchObject({ code: 0 });
  const tested = await tests.run(["eval", run, "--json"]);
  expect(tested.code, tested.stderr).toBe(0);
  const predicted = await auricle(["predict", run, recording, "--json"]);
  expect(predicted.code, predicted.stderr).toBe(0);
  expect(Object.keys(jsonLines(predicted.stdout)[0].probabilities as object)).toEqual(["high", "low"]);
});

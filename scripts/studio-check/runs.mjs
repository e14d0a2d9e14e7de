/** @file Small runs for the inspector's checks: of classes, tags and numbers, on pictures, on spectrograms and on waveforms. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { auricle, runNode } from "../setup.mjs";

const RATE = 8000;
const SECONDS = 0.4;

/** A wav file of tones in a little noise, the same for the same seed. */
async function tones(frequencies, amplitude, seed) {
  const { encodeWav } = await import("../../dist/audio/index.js");
  const { Generator } = await import("../../dist/random/generator.js");
  const random = new Generator(seed);
  const phase = 6 * random.uniform();
  const samples = Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
    const sum = frequencies.reduce(
      (all, hertz) => all + Math.sin((2 * Math.PI * hertz * i) / RATE + phase),
      0,
    );
    return amplitude * sum + 0.01 * (random.uniform() - 0.5);
  });
  return new Uint8Array(encodeWav({ sampleRate: RATE, channels: [samples] }));
}

/** Writes recordings with a list of their labels. @returns the list's path */
async function writeList(folder, rows) {
  mkdirSync(folder, { recursive: true });
  const lines = ["path,label"];
  for (const [i, { label, frequencies, amplitude = 0.2 }] of rows.entries()) {
    writeFileSync(join(folder, `${i}.wav`), await tones(frequencies, amplitude, i));
    lines.push(`${i}.wav,${label}`);
  }
  const list = join(folder, "list.csv");
  writeFileSync(list, `${lines.join("\n")}\n`);
  return list;
}

/** Recordings of two pitches in folders of their names. @returns the folder, and the files by their paths below it */
export async function writeTones(folder, count) {
  const files = [];
  for (const [name, hertz] of [
    ["high", 2700],
    ["low", 300],
  ]) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const path = join(name, `${name}-${i}.wav`);
      writeFileSync(join(folder, path), await tones([hertz * (1 + 0.02 * i)], 0.2, i));
      files.push(path);
    }
  }
  return { folder, files };
}

/** Trains the runs `digits`, `waves`, `tags` and `levels` in `runs`. @returns the names of those whose training failed */
export async function makeRuns(runs, data) {
  const kinds = [
    { label: "low", frequencies: [300] },
    { label: "high", frequencies: [2700] },
    { label: "low|high", frequencies: [300, 2700] },
    { label: "", frequencies: [] },
  ];
  const tags = await writeList(
    join(data, "tags"),
    Array.from({ length: 24 }, (_, i) => kinds[i % 4]),
  );
  const decibels = Array.from({ length: 24 }, (_, i) => -40 + 1.5 * ((i * 7) % 24));
  const levels = await writeList(
    join(data, "levels"),
    decibels.map((label) => ({ label, frequencies: [1000], amplitude: 10 ** (label / 20) })),
  );
  const { folder } = await writeTones(join(data, "waves"), 12);
  const split = ["--split", "0.5/0.2/0.3", "--feature-folder", join(data, "features")];
  const hearing = ["--model", "mel-cnn", "--front-end", "vggish", "--window", "0.1", "--no-augment"];
  const trainings = {
    digits: ["digits", "--epochs", "1", "--train-size", "500"],
    waves: [folder, "--model", "m3", "--window", "0.3", "--epochs", "1", ...split],
    tags: [tags, "--model", "notebook", "--window", "0.1", "--epochs", "2", ...split],
    levels: [levels, ...hearing, "--epochs", "3", ...split],
  };
  return Object.entries(trainings).flatMap(([name, options]) => {
    const code = runNode(auricle, ["train", ...options, "--out", join(runs, name), "--json"], {
      stdio: "ignore",
    });
    return code === 0 ? [] : [name];
  });
}

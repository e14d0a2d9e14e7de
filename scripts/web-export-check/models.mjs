/** @file The models of the check: trained shortly by the command on sounds and pictures that code makes, and exported by it. */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeRgbPng } from "../../dist/report/png.js";
import { tones, wavOf } from "../studio-check/sounds.mjs";
import { auricle, root } from "../setup.mjs";

/** Numbers come from plain WebAssembly, as in a page. */
const env = { ...process.env, AURICLE_TARGET: "wasm" };
const RATE = 16_000;
const CLASSES = { low: [300], middle: [900], high: [2700] };
const CLIPS = 6;
const SIDE = 32;

/** Runs the command. @returns what it wrote to stdout */
export function command(...words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [auricle, ...words], { env, cwd: root });
    const [out, err] = [[], []];
    child.stdout.on("data", (data) => out.push(data));
    child.stderr.on("data", (data) => err.push(data));
    child.on("close", (code) => {
      const text = Buffer.concat(out).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`auricle ${words.join(" ")}: ${Buffer.concat(err)}${text}`));
    });
  });
}

/** A clip of some tones in noise, which differs by its number. */
function clip(hertz, number) {
  const samples = tones(
    RATE,
    2,
    hertz.map((each) => each * (1 + number / 100)),
  );
  let state = number + 1;
  return samples.map((value) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return 0.4 * value + 0.02 * (state / 2 ** 31 - 0.5);
  });
}

function writeClip(path, hertz, number) {
  writeFileSync(path, wavOf(clip(hertz, number), RATE));
}

function writeClasses(folder) {
  for (const [name, hertz] of Object.entries(CLASSES)) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < CLIPS; i++) writeClip(join(folder, name, `${i}.wav`), hertz, i);
  }
}

/** A list of clips with labels: `labelOf` gives those of tones. */
function writeList(folder, labelOf) {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(CLASSES);
  const rows = Array.from({ length: CLIPS * names.length }, (_, i) => {
    const chosen = names.filter((_, k) => (i + 1) & (1 << k));
    const sounding = chosen.length > 0 ? chosen : [names[i % names.length]];
    const path = `${i}.wav`;
    writeClip(
      join(folder, path),
      sounding.flatMap((name) => CLASSES[name]),
      i,
    );
    return `${path},${labelOf(sounding, i)}`;
  });
  writeFileSync(join(folder, "list.csv"), ["path,label", ...rows].join("\n"));
}

/** Pictures of stripes, upright or lying. */
function writePictures(folder) {
  for (const [label, name] of ["upright", "lying"].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < 3 * CLIPS; i++) writeFileSync(join(folder, name, `${i}.png`), stripes(label, i));
  }
}

function stripes(label, number) {
  const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const place = label === 0 ? pixel % SIDE : Math.floor(pixel / SIDE);
    return 127 + 100 * Math.sin((place + number) / (1 + (number % 3))) + (at % 3) * 9;
  });
  return encodeRgbPng(pixels, SIDE, SIDE);
}

/** The models by name: their data, options of training, and the recording or picture that is asked about. */
const MODELS = {
  sound: { data: writeClasses, options: ["--model", "mel-cnn", "--epochs", "3"] },
  waveform: { data: writeClasses, options: ["--model", "m5", "--epochs", "2"] },
  tags: {
    data: (folder) => writeList(folder, (names) => names.join("|")),
    options: ["--model", "mel-cnn", "--epochs", "2"],
  },
  numbers: {
    data: (folder) => writeList(folder, (names) => 100 * names.length + 0.5),
    options: ["--model", "mel-cnn", "--epochs", "2"],
  },
  pictures: { data: writePictures, options: ["--epochs", "2"] },
};

/** Trains and exports the models into a folder, several at once. @returns their runs by name */
export async function makeModels(folder) {
  const runs = await Promise.all(
    Object.entries(MODELS).map(async ([name, { data, options }]) => {
      const [from, run] = [join(folder, `${name}-data`), join(folder, name)];
      data(from);
      await command("train", from, "--out", run, "--threads", "1", "--json", ...options);
      await command("export", run, "--web", join(folder, `${name}-web`));
      return [name, run];
    }),
  );
  return Object.fromEntries(runs);
}

/** A long recording of three parts, of a rate that has to be converted. */
export function longRecording() {
  const rate = 44_100;
  const parts = Object.values(CLASSES).map((hertz) => tones(rate, 7, hertz).map((value) => 0.4 * value));
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
  return wavOf(samples, rate);
}

/** A sound that goes on for a microphone. */
export function soundForMicrophone() {
  return wavOf(tones(48_000, 4, CLASSES.middle), 48_000);
}

export const picture = () => stripes(0, 5);

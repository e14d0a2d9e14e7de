/**
 * @file The default recipe on recordings of telephones, which have no sound above 4 kHz: five voices, each in a language of its
 * own, and five pieces of music, cut up; then the pitch of plucked strings, learnt at 8 kHz and asked of one at 44.1 kHz.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { auricle, runNode } from "../setup.mjs";
import { installPackages } from "./debian.mjs";

const LANGUAGES = ["en", "es", "fr", "it", "ru"];
const VOICES = "/usr/share/asterisk/sounds";
const MUSIC_PACKAGE = "asterisk-moh-opsound-wav";
const MUSIC = "/usr/share/asterisk/moh";

/** All voices are 16-bit wav files at 8 kHz; some have no samples at all. */
const HEADER_BYTES = 44;
const BYTES_PER_SECOND = 16_000;

/** The most recordings of a voice, the first by name. */
const MOST_OF_A_VOICE = 80;

const LEAST_SPEECH = 0.98;
const LEAST_MUSIC = 0.95;

const SPLIT = ["--split", "0.6/0.2/0.2"];

/** A semitone. */
const LARGEST_INTERVAL = 1;

export async function verifyBandLimited(checks, folder, root) {
  mkdirSync(folder, { recursive: true });
  const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);
  const audio = { ...(await load("audio/index.js")), ...(await load("audio/node.js")) };
  verifySpeech(checks, folder);
  await verifyMusic(checks, folder, audio);
  await verifyPlucks(checks, folder, audio, await load("random/generator.js"));
}

/** Trains with the defaults but for `options`. Returns the figures of the test, or undefined where it failed. */
function train(checks, what, data, run, options = []) {
  const parameters = ["train", data, "--feature-folder", `${run}-features`, "--out", run, ...options];
  const code = runNode(auricle, parameters);
  checks.check(`${what}: the training ends well`, code === 0, `exit code ${code}`);
  if (code !== 0) return undefined;
  const { frontEnd } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  checks.check(
    `${what}: the model listens to 4 kHz and no further`,
    frontEnd.maxFrequency <= 4000,
    `${frontEnd.melBands} bands up to ${frontEnd.maxFrequency} Hz`,
  );
  return JSON.parse(readFileSync(join(run, "result.json"), "utf8")).evaluations[0];
}

function checkAccuracy(checks, what, test, least) {
  const details = `accuracy ${test.accuracy.toFixed(4)} on ${test.examples} clips`;
  checks.check(`${what} are told apart`, test.accuracy >= least, details);
}

/** Packages that cannot be had are told as skipped. */
function install(checks, what, packages) {
  const reason = installPackages(packages);
  if (reason !== undefined) checks.skip(what, reason);
  return reason === undefined;
}

function verifySpeech(checks, folder) {
  const what = "voices on the telephone";
  const packages = LANGUAGES.map((language) => `asterisk-core-sounds-${language}-wav`);
  if (!install(checks, what, packages)) return;
  const data = join(folder, "speech");
  for (const voice of readdirSync(VOICES).filter((name) => /^[a-z]{2}_[A-Z]{2}_/.test(name))) {
    mkdirSync(join(data, voice), { recursive: true });
    let clips = 0;
    for (const name of readdirSync(join(VOICES, voice), { recursive: true }).sort()) {
      // Of nothing, nobody can tell whose it is.
      if (!name.endsWith(".wav") || name.startsWith("silence")) continue;
      const seconds = (statSync(join(VOICES, voice, name)).size - HEADER_BYTES) / BYTES_PER_SECOND;
      if (seconds < 1 || seconds > 10) continue;
      copyFileSync(join(VOICES, voice, name), join(data, voice, name.replaceAll("/", "-")));
      if (++clips === MOST_OF_A_VOICE) break;
    }
  }
  const test = train(checks, what, data, join(folder, "speech-run"), [...SPLIT, "--epochs", "12"]);
  if (test) checkAccuracy(checks, what, test, LEAST_SPEECH);
}

const CLIP_SECONDS = 5;
/** The most of each piece that is cut into clips, in seconds. */
const MUSIC_SECONDS = 240;
/** The length of a group of successive clips, which stay in one part of the split so that neighbours never straddle two. */
const STRETCH_SECONDS = 30;

async function verifyMusic(checks, folder, audio) {
  const what = "pieces of music on the telephone";
  if (!install(checks, what, [MUSIC_PACKAGE])) return;
  const data = join(folder, "music");
  mkdirSync(data, { recursive: true });
  const rows = ["path,label,group"];
  for (const name of readdirSync(MUSIC).filter((file) => file.endsWith(".wav"))) {
    const { samples, sampleRate } = await audio.readAudioFile(join(MUSIC, name));
    const length = CLIP_SECONDS * sampleRate;
    const end = Math.min(MUSIC_SECONDS * sampleRate, samples.length) - length;
    for (let start = 0; start < end; start += length) {
      const path = `${start / sampleRate}-${name}`;
      const clip = { sampleRate, channels: [samples.subarray(start, start + length)] };
      writeFileSync(join(data, path), audio.encodeWav(clip));
      const stretch = Math.floor(start / sampleRate / STRETCH_SECONDS);
      rows.push([path, name.replace(".wav", ""), `${name} ${stretch}`].join(","));
    }
  }
  const list = join(data, "list.csv");
  writeFileSync(list, `${rows.join("\n")}\n`);
  const options = [...SPLIT, "--no-duplicates", "--epochs", "10"];
  const test = train(checks, what, list, join(folder, "music-run"), options);
  if (test) checkAccuracy(checks, what, test, LEAST_MUSIC);
}

const PLUCKS = 150;

async function verifyPlucks(checks, folder, audio, { Generator }) {
  const random = new Generator(1);
  const data = join(folder, "plucks");
  mkdirSync(data, { recursive: true });
  const write = (path, sound) =>
    writeFileSync(path, audio.encodeWav({ sampleRate: sound.sampleRate, channels: [sound.samples] }));
  const rows = ["path,pitch"];
  for (let i = 0; i < PLUCKS; i++) {
    const frequency = 110 * 2 ** (3 * random.uniform());
    const sound = pluck(frequency, 0.6 + 0.6 * random.uniform(), random);
    write(join(data, `${i}.wav`), await audio.resample(sound, 8000));
    rows.push(`${i}.wav,${frequency.toFixed(2)}`);
  }
  writeFileSync(join(data, "list.csv"), `${rows.join("\n")}\n`);
  const run = join(folder, "plucks-run");
  if (!train(checks, "plucks at 8 kHz", join(data, "list.csv"), run)) return;
  const wide = join(folder, "pluck-440.wav");
  write(wide, pluck(440, 1, random));
  const { stdout } = spawnSync(process.execPath, [auricle, "predict", run, wide, "--json"], {
    encoding: "utf8",
  });
  const [pitch] = Object.values(JSON.parse(stdout).values);
  const interval = 12 * Math.log2(pitch / 440);
  checks.check(
    "a pluck of 440 Hz at 44.1 kHz is heard within a semitone",
    Math.abs(interval) <= LARGEST_INTERVAL,
    `${pitch.toFixed(1)} Hz, ${interval.toFixed(2)} semitones off`,
  );
}

/** Karplus and Strong's string at 44.1 kHz (Computer Music Journal 1983), tuned by an all-pass. */
function pluck(frequency, seconds, random) {
  const sampleRate = 44_100;
  // The loop's delay is the line, half a sample of the mean, and the all-pass, which does 0.3 to 1.3 samples.
  const period = sampleRate / frequency;
  const length = Math.floor(period - 0.8);
  const fraction = period - 0.5 - length;
  const factor = (1 - fraction) / (1 + fraction);
  const line = Float64Array.from({ length }, () => 2 * random.uniform() - 1);
  let [previous, input, output] = [0, 0, 0];
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const value = line[i % length];
    const mean = 0.498 * (value + previous);
    previous = value;
    output = factor * (mean - output) + input;
    input = mean;
    line[i % length] = output;
    return 0.4 * value;
  });
  return { sampleRate, samples };
}

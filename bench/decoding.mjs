/**
 * @file Where time goes from a file to a network's input, on one thread, in turn with the libraries that Python's programs take: 30 s of
 * stereo sound at 44,100 Hz decoded (libsndfile), made mono at 22,050 Hz and turned into features (librosa); jpegs decoded and resized
 * to 96 × 96 (Pillow), which Auricle also hashes and fingerprints.
 *
 *     npm run bench -- decoding --turns 5 --seconds 0.2 --busy --json
 *
 * `--busy`: whoever's turn it is runs before all other processes of the machine. Times are the least of all.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { decodeAudio, FeatureExtractor, frontEnd, resample, toMono } from "../dist/audio/index.js";
import { measurePicture } from "../dist/data/images/pixels/measurement.js";
import { decodeImage, readImageHeader, resizeImage } from "../dist/image/index.js";
import { sha256 } from "../dist/io/sha256-node.js";
import { machineLine } from "./machine.mjs";
import { PEER_FOLDER, PEERS } from "./peer-list.mjs";
import { measureInTurn, runFirst, Side } from "./turns.mjs";

const { values: flags } = parseArgs({
  options: {
    turns: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.2" },
    busy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [python] = PEERS.pytorch.command;
if (!PEERS.pytorch.installed()) throw new Error(`${python} is missing: npm run peers installs it`);
const settings = JSON.parse(readFileSync(new URL("peers/features.json", import.meta.url), "utf8"));
const { sampleRate, fftSize, hopLength, melBands, offset } = settings;
const SIDE = 96;

const MEL = { sampleRate, fftSize, hopLength, melBands };
const FEATURES = {
  "log-mel": { kind: "melSpectrogram", ...MEL, scale: { kind: "naturalLog", offset } },
  mfcc: { kind: "mfcc", ...MEL },
  "constant-Q": { kind: "constantQ", sampleRate, hopLength },
};

/** The stages of a sound and who else has each. @param {Uint8Array} bytes */
async function soundStages(bytes) {
  const audio = await decodeAudio(bytes);
  const mono = () => resample(toMono(audio), sampleRate);
  const { samples } = await mono();
  const features = Object.entries(FEATURES).map(([name, config]) => {
    const extractor = new FeatureExtractor(frontEnd(config), { threads: 1 });
    return { stage: name, peer: "librosa", run: () => extractor.extract(samples) };
  });
  return [
    { stage: "decode", peer: "libsndfile", run: () => decodeAudio(bytes) },
    { stage: "mono", peer: "librosa", run: mono },
    ...features,
  ];
}

/** @param {Uint8Array} bytes */
async function pictureStages(bytes) {
  const image = await decodeImage(bytes);
  const header = readImageHeader(bytes);
  return [
    { stage: "decode", peer: "Pillow", run: () => decodeImage(bytes) },
    {
      stage: "resize",
      peer: "Pillow",
      run: () => resizeImage(image, { width: SIDE, height: SIDE, channels: 3 }),
    },
    { stage: "hash of the file", run: () => sha256().update(bytes).digest() },
    { stage: "hash and fingerprint", run: () => measurePicture(image, header) },
  ];
}

/** @param {() => unknown} step @param {number} seconds */
async function timesOf(step, seconds) {
  await step();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const begin = performance.now();
    await step();
    times.push(performance.now() - begin);
  }
  return times;
}

/** Features do not depend on the format: those of wav alone. */
const isWanted = (file, stage) => stage === "decode" || !file.startsWith("clip") || file.endsWith(".wav");

/** @param {string} file @param {{ stage: string, peer?: string, run: () => unknown }} own @param {Side} side */
async function measureStage(file, { stage, peer, run }, side) {
  const ours = { runFirst, ask: async ({ seconds }) => ({ times: await timesOf(run, seconds) }) };
  const theirs = {
    runFirst: (/** @type {boolean} */ first) => side.runFirst(first),
    ask: (/** @type {{ seconds: number }} */ { seconds }) => side.ask({ file, stage, seconds }),
  };
  const contenders = [{ side: ours, ways: ["auricle"] }, ...(peer ? [{ side: theirs, ways: [peer] }] : [])];
  const { turns, seconds, busy } = flags;
  const results = await measureInTurn(contenders, { turns: Number(turns), seconds: Number(seconds), busy });
  const [mine, other] = results;
  const ratio = other && other.best / mine.best;
  return { kind: "decoding", file, stage, ms: mine.best, peer, peerMs: other?.best, ratio };
}

const shown = (value) => (value === undefined ? "-" : value.toPrecision(3));

function print({ file, stage, ms, peer, peerMs, ratio }) {
  const cells = [
    file,
    stage,
    shown(ms),
    peer ?? "-",
    shown(peerMs),
    ratio === undefined ? "-" : `${ratio.toFixed(2)}x`,
  ];
  const widths = [12, 22, 10, 12, 10];
  console.log(cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" "));
}

const FILES = ["wav", "flac", "ogg", "mp3"].map((name) => `clip.${name}`).concat("small.jpg", "large.jpg");
const folder = mkdtempSync(join(tmpdir(), "auricle-decoding-"));
const script = `${PEER_FOLDER}decoding.py`;
const made = spawnSync(python, [script, "make", "--folder", folder], { encoding: "utf8" });
if (made.status !== 0) throw new Error(made.stderr);
const side = new Side([python, script, "measure", "--folder", folder]);
try {
  const { versions } = await side.read();
  if (flags.json) console.log(JSON.stringify({ ...machineLine(), versions }));
  else print({ file: "file", stage: "stage, one thread", ms: undefined, peer: "peer" });
  for (const file of FILES) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const stages = await (file.endsWith(".jpg") ? pictureStages(bytes) : soundStages(bytes));
    for (const own of stages.filter(({ stage }) => isWanted(file, stage))) {
      const row = await measureStage(file, own, side);
      if (flags.json) console.log(JSON.stringify(row));
      else print(row);
    }
  }
} finally {
  side.end();
  rmSync(folder, { recursive: true });
}
process.exit();

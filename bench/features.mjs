/**
 * @file Log-mel features side by side with the peers: one clip of 30 s at 22,050 Hz, frames of 2,048 every 512 samples,
 * 128 bands, float32. One process after the other, ours before and after the peers so that a change of the machine's
 * speed shows.
 *
 *     npm run bench -- features --threads 1,2 --target wasm --seconds 5 --no-peers --json
 *
 * Peers that are not installed are left out; `node scripts/peers.mjs` installs them.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Generator } from "../dist/random/generator.js";
import { measure } from "./process.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));
/** How far the mean of a peer's features may be from ours; Meyda's are others by definition. */
const SAME_MEAN = 1e-3;

/** @type {Record<string, { command: string[], installed: () => boolean, threads: boolean }>} */
const PEERS = {
  torchaudio: pythonPeer("torchaudio"),
  "pytorch-stft": pythonPeer("pytorch stft"),
  librosa: pythonPeer("librosa"),
  meyda: {
    command: [process.execPath, "meyda.mjs"],
    installed: () => existsSync(`${here}peers/node_modules/meyda`),
    threads: false,
  },
};

/** @param {string} library */
function pythonPeer(library) {
  const command = [python, "features.py", "--library", library];
  return { command, installed: () => existsSync(python), threads: true };
}

const { values: flags } = parseArgs({
  options: {
    threads: { type: "string", default: "1,2" },
    target: { type: "string", default: "" },
    seconds: { type: "string", default: "5" },
    peers: { type: "string", default: Object.keys(PEERS).join(",") },
    "no-peers": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

/**
 * Writes the clip, tones that come and go over noise, as float32 without a header.
 * @param {string} path
 */
function writeClip(path) {
  const settings = JSON.parse(readFileSync(new URL("peers/features.json", import.meta.url), "utf8"));
  const { seconds, sampleRate } = settings;
  const generator = new Generator(1);
  const clip = Float32Array.from({ length: seconds * sampleRate }, (_, i) => {
    const time = i / sampleRate;
    const tone = Math.sin(2 * Math.PI * 440 * time) * Math.sin(Math.PI * time) ** 2;
    return 0.4 * tone + 0.2 * Math.sin(2 * Math.PI * 1870 * time) + 0.02 * generator.normal();
  });
  writeFileSync(path, clip);
}

/**
 * @param {string} clip
 * @param {string} threads
 */
function measureRows(clip, threads) {
  const args = ["--clip", clip, "--threads", threads, "--seconds", flags.seconds];
  const own = flags.target ? [...args, "--target", flags.target] : args;
  const ours = () => measure([process.execPath, "auricle-features.mjs"], own, here);
  const before = ours();
  const names = flags["no-peers"] ? [] : flags.peers.split(",");
  const peers = names.flatMap((name) => {
    const peer = PEERS[name];
    if (!peer) throw new Error(`--peers: no peer "${name}"; there are ${Object.keys(PEERS).join(", ")}`);
    if (!peer.installed() || (!peer.threads && threads !== "1")) return [];
    return [{ ...measure(peer.command, args, `${here}peers/`), peer: name }];
  });
  const after = names.length === 0 ? before : ours();
  const best = before.best <= after.best ? before : after;
  for (const peer of peers) {
    if (!peer.best) continue;
    peer.ratio = Number((peer.best / best.best).toFixed(1));
    if (peer.mean !== undefined && Math.abs(peer.mean - best.mean) > SAME_MEAN) {
      peer.error = `other features: mean ${peer.mean}, ours ${best.mean}`;
    }
  }
  return [best, ...peers];
}

/** @param {readonly (string | number)[]} cells */
function print(cells) {
  const widths = [28, 9, 12, 12, 8];
  console.log(cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join(""));
}

/** @param {number | undefined} ms */
const milliseconds = (ms) => ms?.toFixed(2) ?? "-";

const folder = mkdtempSync(join(tmpdir(), "auricle-features-"));
try {
  const clip = join(folder, "clip.f32");
  writeClip(clip);
  if (!flags.json) {
    console.log("Log-mel of a clip of 30 s, in milliseconds. Ratio: the peer's least time over ours.");
    print(["library", "threads", "least", "median", "ratio"]);
  }
  for (const threads of flags.threads.split(",")) {
    for (const row of measureRows(clip, threads)) {
      if (flags.json) console.log(JSON.stringify(row));
      else {
        const name = `${row.peer} ${row.version ?? ""} ${row.target ?? ""}`;
        const ratio = row.ratio === undefined ? "" : `${row.ratio}x`;
        print([name, threads, milliseconds(row.best), milliseconds(row.ms), ratio, row.error ?? ""]);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

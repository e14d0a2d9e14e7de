/**
 * @file Side by side with the peers: the same four workloads, one process after the other, ours before and after
 * the peers so that a change of the machine's speed shows.
 *
 *     npm run bench -- --workload lenet5,vgg4 --phase train --threads 1,2 --target wasm --no-peers --json
 *
 * Peers that are not installed are left out; `node scripts/peers.mjs` installs them.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measure } from "./process.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));
const WORKLOADS = ["lenet5", "notebook", "vgg4", "wave1d"];

/**
 * @typedef {{ command: string[], phases: string[], installed: () => boolean }} Peer
 * @typedef {{ version?: string, ms?: number, error?: string, peakBytes?: number, runs?: number, ratio?: number }} PeerTime
 * @typedef {ReturnType<typeof measureRow>} Row
 */

/** @type {Record<string, Peer>} */
const PEERS = {
  pytorch: {
    command: [python, "pytorch.py"],
    phases: ["train", "infer"],
    installed: () => existsSync(python),
  },
  onnxruntime: {
    command: [python, "onnx_runtime.py"],
    phases: ["infer"],
    installed: () => existsSync(python),
  },
  "tfjs-cpu": nodePeer(["tfjs.mjs", "--backend", "cpu"]),
  "tfjs-wasm": nodePeer(["tfjs.mjs", "--backend", "wasm"]),
  "jax-js-wasm": nodePeer(["jaxjs.mjs"]),
};

/** @param {string[]} args @returns {Peer} */
function nodePeer(args) {
  return {
    command: [process.execPath, ...args],
    phases: ["train", "infer"],
    installed: () => existsSync(`${here}peers/node_modules`),
  };
}

const { values: flags } = parseArgs({
  options: {
    workload: { type: "string", default: WORKLOADS.join(",") },
    phase: { type: "string", default: "train,infer" },
    threads: { type: "string", default: "2" },
    target: { type: "string", default: "" },
    seconds: { type: "string", default: "5" },
    limit: { type: "string", default: "60" },
    peers: { type: "string", default: Object.keys(PEERS).join(",") },
    "no-peers": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

/**
 * @param {string} workload
 * @param {string} phase
 * @param {string} threads
 * @param {string} target
 */
function measureRow(workload, phase, threads, target) {
  const args = ["--workload", workload, "--phase", phase, "--threads", threads, "--seconds", flags.seconds];
  const ours = () =>
    measure([process.execPath, "auricle.mjs"], target ? [...args, "--target", target] : args, here);
  const before = ours();
  /** @type {Record<string, PeerTime>} */
  const peers = {};
  for (const name of flags["no-peers"] ? [] : flags.peers.split(",")) {
    const peer = PEERS[name];
    if (!peer) throw new Error(`--peers: no peer "${name}"; there are ${Object.keys(PEERS).join(", ")}`);
    if (!peer.phases.includes(phase) || !peer.installed()) continue;
    const limit = peer.command[0] === process.execPath ? ["--limit", flags.limit] : [];
    const { version, ms, error, peakBytes, runs } = measure(
      peer.command,
      [...args, ...limit],
      `${here}peers/`,
    );
    peers[name] = { version, ms, error, peakBytes, runs };
  }
  const after = flags["no-peers"] ? before : ours();
  const best = before.ms <= after.ms ? before : after;
  for (const peer of Object.values(peers)) if (peer.ms) peer.ratio = Number((peer.ms / best.ms).toFixed(2));
  const { ms, peak, peakBytes, firstStepMs, scratchBytes, grownBytes, error, version } = best;
  const used = best.target ?? target;
  const memory = { peakBytes, scratchBytes, grownBytes };
  return {
    workload,
    phase,
    target: used,
    threads: Number(threads),
    version,
    ms,
    peak,
    firstStepMs,
    ...memory,
    error,
    peers,
  };
}

/** @param {number | undefined} bytes */
const megabytes = (bytes) => (bytes === undefined ? "-" : `${Math.round(bytes / 1e6)}`);
/** @type {[string, number][]} */
const COLUMNS = [
  ["workload", 9],
  ["phase", 6],
  ["library", 25],
  ["threads", 8],
  ["ms", 10],
  ["ratio", 8],
  ["% peak", 7],
  ["MB", 6],
];

/** @param {readonly (string | number)[]} cells */
function print(cells) {
  console.log(cells.map((cell, i) => String(cell).padEnd(COLUMNS[i][1])).join(""));
}

/** @param {Row} row */
function printRow(row) {
  const share = row.peak === undefined ? "-" : `${Math.round(row.peak * 100)}`;
  const own = `auricle ${row.version} ${row.target}`;
  const ms = row.ms?.toFixed(3) ?? row.error;
  print([row.workload, row.phase, own, row.threads, ms, "", share, megabytes(row.peakBytes)]);
  for (const [name, peer] of Object.entries(row.peers)) {
    const time = peer.ms ? peer.ms.toFixed(3) : (peer.error ?? "-");
    const ratio = peer.ratio === undefined ? "" : `${peer.ratio}x`;
    print(["", "", `${name} ${peer.version ?? ""}`, "", time, ratio, "", megabytes(peer.peakBytes)]);
  }
  console.log(
    `         first step ${row.firstStepMs} ms; scratch ${megabytes(row.scratchBytes)} MB; growth over the run ${row.grownBytes} bytes`,
  );
}

if (!flags.json) {
  console.log(
    "Milliseconds a step: median of many. Ratio: the peer's time over ours. MB: largest resident memory.",
  );
  print(COLUMNS.map(([name]) => name));
}
for (const workload of flags.workload.split(",")) {
  for (const phase of flags.phase.split(",")) {
    for (const threads of flags.threads.split(",")) {
      for (const target of flags.target.split(",")) {
        const row = measureRow(workload, phase, threads, target);
        if (flags.json) console.log(JSON.stringify(row));
        else printRow(row);
      }
    }
  }
}

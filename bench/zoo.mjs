/**
 * @file Many networks beside the better of PyTorch's four ways (eager or compiled, contiguous or channels last) and ONNX Runtime,
 * measured in turn. Each network is made by Auricle and written as a PyTorch program with its weights, so that all compute the same;
 * that outputs agree to 1e-4 is checked before anything is measured.
 *
 *     npm run bench -- zoo --networks resnet18,tall --phase infer --threads 1,2 --turns 5 --seconds 0.4
 *     npm run bench -- zoo --sides eager --profile 5 --batch 1 --json
 *
 * `--sides`: of eager, compiled and onnxruntime; `--batch` in place of each network's own; `--profile` lists that many of Auricle's
 * slowest kernels; seconds are those of one turn; `--busy`: whoever's turn it is runs before all other processes of the machine. With --json each line is one result.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { multiplyAddPeak } from "../dist/runtime/peak.js";
import { memoryBandwidth } from "./bandwidth.mjs";
import { machineLine } from "./machine.mjs";
import { PEER_FOLDER, PEERS } from "./peer-list.mjs";
import { fastestTarget, threadCounts } from "./targets.mjs";
import { measureInTurn, runFirst, Side } from "./turns.mjs";
import { ZOO } from "./zoo/networks.mjs";

const SIDES = ["eager", "compiled", "onnxruntime"];

const { values: flags } = parseArgs({
  options: {
    networks: { type: "string", default: Object.keys(ZOO).join(",") },
    phase: { type: "string", default: "train,infer" },
    threads: { type: "string", default: "2" },
    target: { type: "string" },
    sides: { type: "string", default: SIDES.join(",") },
    turns: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.4" },
    batch: { type: "string" },
    profile: { type: "string" },
    busy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const networks = chosen("networks", flags.networks, Object.keys(ZOO));
const sides = chosen("sides", flags.sides, SIDES);
const target = flags.target ?? (await fastestTarget());
const [python] = PEERS.pytorch.command;
if (!PEERS.pytorch.installed()) throw new Error(`${python} is missing: npm run peers installs it`);
const here = fileURLToPath(new URL("zoo/", import.meta.url));

/** @param {string} flag @param {string} names comma-separated @param {readonly string[]} known */
function chosen(flag, names, known) {
  const list = names.split(",");
  const wrong = list.find((name) => !known.includes(name));
  if (wrong === undefined) return list;
  throw new Error(`--${flag}: there is no "${wrong}"; there are ${known.join(", ")}`);
}

/** The machine's limits by the number of threads. @type {Map<number, { gigaflops: number, gigabytes: number }>} */
const limits = new Map();

/** @param {number} threads */
function limitsOf(threads) {
  const known = limits.get(threads);
  if (known) return known;
  if (flags.busy) runFirst(true);
  const found = {
    gigaflops: multiplyAddPeak(target, threads)(),
    gigabytes: memoryBandwidth(target, threads),
  };
  if (flags.busy) runFirst(false);
  limits.set(threads, found);
  return found;
}

/** The peers of a phase. @param {string} phase @returns {{ library: string, ways: string }[]} */
function peersOf(phase) {
  const ways = sides.filter((side) => side !== "onnxruntime").join(",");
  return [
    ...(ways === "" ? [] : [{ library: "pytorch", ways }]),
    ...(sides.includes("onnxruntime") && phase === "infer" ? [{ library: "onnxruntime", ways: "" }] : []),
  ];
}

/** @param {string} network @param {string} phase @param {number} threads @param {string} folder */
async function measureNetwork(network, phase, threads, folder) {
  const given = ["--phase", phase, "--threads", `${threads}`];
  const batch = flags.batch ? ["--batch", flags.batch] : [];
  const command = ["auricle-side.mjs", "--network", network, "--target", target, "--out", folder];
  const own = new Side([process.execPath, here + command[0], ...command.slice(1), ...given, ...batch]);
  const started = [own];
  try {
    const facts = await own.read();
    const peers = [];
    for (const { library, ways } of peersOf(phase)) {
      const args = ["--library", library, "--network", join(folder, "network"), "--ways", ways, ...given];
      const side = new Side([python, `${PEER_FOLDER}zoo.py`, ...args]);
      started.push(side);
      try {
        peers.push({ side, peer: library, ...(await side.read()) });
      } catch (error) {
        peers.push({ side, peer: library, ways: [], error: error.message });
      }
    }
    const able = peers.filter(({ ways }) => ways.length > 0);
    const contenders = [{ side: own, ways: ["auricle"] }, ...able];
    const [ours, ...theirs] = await measureInTurn(contenders, {
      turns: Number(flags.turns),
      seconds: Number(flags.seconds),
      busy: flags.busy,
    });
    const kernels = flags.profile ? await profileOf(own) : undefined;
    const results = peers.map(({ peer, version, difference, ways, errors, error }) => {
      const result = theirs[able.findIndex((one) => one.peer === peer)];
      return {
        peer,
        version,
        difference,
        ways,
        errors,
        error,
        ...result,
        ratio: result && result.ms / ours.ms,
      };
    });
    return rowOf({ network, phase, threads, facts, ours, results, kernels });
  } finally {
    for (const side of started) side.end();
  }
}

/** The slowest kernels. @param {Side} side */
async function profileOf(side) {
  if (flags.busy) side.runFirst(true);
  const { kernels } = await side.ask({ profile: Number(flags.profile) });
  return kernels;
}

function rowOf({ network, phase, threads, facts, ours, results, kernels }) {
  const { gigaflops, gigabytes } = limitsOf(threads);
  const { multiplyAdds, bytes, firstStepMs, secondStepMs, ...rest } = facts;
  return {
    kind: "zoo",
    network,
    phase,
    threads,
    busy: flags.busy,
    ...rest,
    ms: ours.ms,
    best: ours.best,
    runs: ours.runs,
    peakShare: (2 * multiplyAdds) / ours.ms / 1e6 / gigaflops,
    bandwidthShare: bytes / ours.ms / 1e6 / gigabytes,
    firstStepMs: firstStepMs - secondStepMs,
    peers: results,
    kernels,
  };
}

/** @param {readonly (string | number)[]} cells */
function print(cells) {
  const widths = [16, 7, 9, 10, 26, 10, 8, 12, 8, 8, 10, 8];
  console.log(
    cells
      .map((cell, i) => String(cell).padEnd(widths[i] ?? 0))
      .join(" ")
      .trimEnd(),
  );
}

const ms = (value) => (value === undefined ? "-" : value.toPrecision(3));
const percent = (share) => `${Math.round(100 * share)} %`;

function printRow({ network, phase, threads, peers, kernels, ...row }) {
  const [torch, onnx] = ["pytorch", "onnxruntime"].map((name) => peers.find(({ peer }) => peer === name));
  const cells = [torch, onnx].map((peer) => [
    ms(peer?.ms),
    peer?.ratio === undefined ? "-" : peer.ratio.toFixed(2),
  ]);
  const limits = [percent(row.peakShare), percent(row.bandwidthShare), Math.round(row.firstStepMs)];
  print([network, phase, threads, ms(row.ms), torch?.way ?? "-", ...cells.flat(), ...limits]);
  for (const { peer, error, errors } of peers) {
    if (error) console.log(`    ${peer}: ${error}`);
    for (const [way, reason] of Object.entries(errors ?? {})) console.log(`    ${peer}, ${way}: ${reason}`);
  }
  for (const kernel of kernels ?? []) {
    const { label, milliseconds, multiplyAdds, gigaflops, gigabytes, peakShare } = kernel;
    const speed =
      multiplyAdds > 0
        ? `${gigaflops.toFixed(1)} GFLOP/s (${percent(peakShare)})`
        : `${gigabytes.toFixed(1)} GB/s`;
    console.log(`    ${milliseconds.toFixed(2)} ms of a thread, ${speed}: ${label}`);
  }
}

if (flags.json) console.log(JSON.stringify(machineLine()));
else {
  console.log(
    `Milliseconds a step with ${target}. Ratio: the peer's time over Auricle's. First: the first step beyond the second.`,
  );
  print([
    "network",
    "phase",
    "threads",
    "Auricle",
    "PyTorch's best",
    "ms",
    "ratio",
    "ONNX Runtime",
    "ratio",
    "% peak",
    "% memory",
    "first",
  ]);
}
for (const threads of threadCounts(flags.threads)) {
  for (const network of networks) {
    for (const phase of flags.phase.split(",")) {
      const folder = mkdtempSync(join(tmpdir(), "auricle-zoo-"));
      try {
        const row = await measureNetwork(network, phase, threads, folder);
        if (flags.json) console.log(JSON.stringify(row));
        else printRow(row);
        if (row.peers.some(({ error }) => error)) process.exitCode = 1;
      } catch (error) {
        console.error(`${network}, ${phase}: ${error.message}`);
        process.exitCode = 1;
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  }
}
process.exit();

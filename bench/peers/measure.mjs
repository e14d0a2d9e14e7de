/**
 * @file Code that the JavaScript peers share: flags, loading an installed peer, the timing loop with a time limit,
 * and the one JSON line that they print.
 */
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

/**
 * @typedef {{ layer: string, filters?: number, kernelSize?: number[], strides?: number[], padding?: string,
 *   poolSize?: number[], rate?: number, units?: number }} Layer
 * @typedef {{ batch: number, input: number[], classes: number, parameters: number, layers: Layer[] }}
 *   Workload
 * @typedef {{ workload: string, phase: string, threads: number, seconds: number, limit: number,
 *   backend: string | undefined }} Flags
 */

/** @type {Record<string, Workload>} */
export const WORKLOADS = JSON.parse(readFileSync(new URL("workloads.json", import.meta.url), "utf8"));

/**
 * Reads `--workload --phase --threads --seconds --limit --backend`. `seconds` is how long to measure;
 * `limit`, in seconds too, is when the process gives up, whatever it is doing.
 * @returns {Flags}
 */
export function readFlags() {
  const { values } = parseArgs({
    options: {
      workload: { type: "string" },
      phase: { type: "string" },
      threads: { type: "string", default: "1" },
      seconds: { type: "string", default: "5" },
      limit: { type: "string", default: "300" },
      backend: { type: "string" },
    },
  });
  const { workload = "", phase = "", backend } = values;
  if (!(workload in WORKLOADS)) {
    throw new Error(`--workload must be one of ${Object.keys(WORKLOADS).join(", ")}; got "${workload}"`);
  }
  if (phase !== "train" && phase !== "infer") {
    throw new Error(`--phase must be train or infer; got "${phase}"`);
  }
  const [threads, seconds, limit] = [values.threads, values.seconds, values.limit].map(Number);
  return { workload, phase, threads, seconds, limit, backend };
}

/**
 * Imports a package of bench/peers/node_modules and reads its version. By a name that is not known
 * beforehand, so that the project type-checks without the peers.
 * @param {string} name
 */
export async function loadPeer(name) {
  const require = createRequire(import.meta.url);
  let entry;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(`${name} is not installed: run "node scripts/peers.mjs" first`);
  }
  const root = entry.slice(0, entry.lastIndexOf(name) + name.length);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return { module: await import(name), version: String(version), folder: dirname(entry) };
}

/**
 * Times `step` after one step of warming up (which compiles, with some peers), until `seconds` have passed,
 * at least once. Where a second step might not end before the limit, the first is the measurement.
 * @param {() => unknown} step may return a promise
 * @param {Flags} flags
 * @returns {Promise<number[]>} milliseconds
 */
async function measure(step, { seconds, limit }) {
  const timeOnce = async () => {
    const before = performance.now();
    await step();
    return performance.now() - before;
  };
  const first = await timeOnce();
  if (first > (limit / 3) * 1000) return [first];
  const times = [];
  const start = performance.now();
  while (times.length === 0 || performance.now() - start < seconds * 1000) times.push(await timeOnce());
  return times;
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Runs one measurement and prints its line, then leaves the process.
 * @param {{ peer: string, version: string }} peer
 * @param {Flags} flags
 * @param {() => Promise<() => unknown>} prepare builds the model and gives the step to time; it may throw to
 *   say that the peer cannot do this
 */
export async function run(peer, flags, prepare) {
  const { workload, phase, threads } = flags;
  const identity = { ...peer, workload, phase, threads };
  const watchdog = startWatchdog(flags.limit, identity);
  let result;
  try {
    const times = await measure(await prepare(), flags);
    result = {
      ms: Number(median(times).toFixed(4)),
      best: Number(Math.min(...times).toFixed(4)),
      runs: times.length,
    };
  } catch (error) {
    result = { error: error instanceof Error ? error.message : String(error) };
  }
  await watchdog.terminate();
  writeLine({ ...identity, ...result });
  process.exit(0);
}

/** Adds the largest resident memory, which Node.js gives in kibibytes. @param {object} line */
function writeLine(line) {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  writeSync(1, `${JSON.stringify({ ...line, peakBytes })}\n`);
}

/**
 * A thread that ends this process when the limit is over: a step that never returns cannot be stopped from
 * its own thread. It prints the line itself, with the reason.
 * @param {number} limit seconds
 * @param {object} identity
 */
function startWatchdog(limit, identity) {
  const line = { ...identity, error: `not one step finished within ${limit} s` };
  const code = `
    const { workerData } = require("node:worker_threads");
    setTimeout(() => {
      const peakBytes = process.resourceUsage().maxRSS * 1024;
      require("node:fs").writeSync(1, JSON.stringify({ ...workerData.line, peakBytes }) + "\\n");
      process.kill(process.pid, "SIGKILL");
    }, workerData.limit * 1000);
  `;
  return new Worker(code, { eval: true, workerData: { line, limit } });
}

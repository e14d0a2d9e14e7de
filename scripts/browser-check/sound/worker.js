/** @file Runs the workload in a worker of the page: on one thread, and where memory can be shared on two. */
import { usableThreads } from "auricle";
import { read } from "./report.js";
import { runSound } from "./workload.js";

/** Errors of the engine's threads, which it otherwise does without. */
const failures = [];
globalThis.console.warn = (message) => failures.push(message);

async function run() {
  const results = [];
  for (const threads of usableThreads() > 1 ? [1, 2] : [1]) {
    results.push({ where: `worker, ${threads} threads`, ...(await runSound(read, threads)) });
  }
  if (failures.length > 0) throw new Error(failures.join("; "));
  return results;
}

run().then(postMessage, (error) => postMessage({ error: error.stack }));

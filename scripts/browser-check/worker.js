/** @file Runs the workload in a browser: on one thread, and where memory can be shared on two. */
import { compile, usableThreads } from "auricle";
import { add } from "auricle/ops";
import { CONTROL } from "../../dist/runtime/thread.js";
import { runWorkload } from "./workload.js";

/** How long a thread may take to begin. */
const PATIENCE = 20_000;

/** The control words that started threads were given. */
const controls = [];
globalThis.Worker = class extends Worker {
  postMessage(message) {
    if (message.kind === "start") controls.push(message.control);
    super.postMessage(message);
  }
};

/** Starts the second thread and returns when it waits for work; until then the first would do all of it. */
async function startSecondThread() {
  compile((x) => add(x, 1), [[1]], { threads: 2 });
  const end = performance.now() + PATIENCE;
  while (Atomics.load(controls[0], CONTROL.sleepers) === 0) {
    if (performance.now() > end) throw new Error("the second thread does not begin");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function run() {
  const results = [await runWorkload(1)];
  if (usableThreads() > 1) {
    await startSecondThread();
    results.push(await runWorkload(2));
  }
  return { isolated: crossOriginIsolated, results };
}

run().then(postMessage, (error) => postMessage({ error: error.stack }));

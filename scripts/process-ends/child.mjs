/** @file A process that computes something with several threads and ends at once: (engine's folder, way, number). */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Many more than processors, so that some of them are always about to load something. */
const THREADS = 6;

const [engine, way, number] = isMainThread ? process.argv.slice(2) : workerData;

/** The moments at which children end are spread over the time that threads take to start. */
const delay = (Number(number) * 7) % 30;

async function compute() {
  const load = (path) => import(pathToFileURL(join(engine, path)).href);
  const [{ compile }, { add }] = await Promise.all([load("graph/compile.js"), load("ops/index.js")]);
  const program = compile((x) => add(x, 1), [[1000]], { threads: THREADS });
  const { data } = program({ shape: [1000], data: new Float32Array(1000) });
  if (data[999] !== 1) throw new Error(`1 expected; got ${data[999]}`);
}

/** Keeps this thread busy. */
function waitBusily(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

const ENDS = {
  "by itself": () => undefined,
  "process.exit": () => process.exit(7),
  exception: () => {
    throw new Error("thrown to end the process");
  },
  SIGINT: () => process.kill(process.pid, "SIGINT"),
  SIGTERM: () => process.kill(process.pid, "SIGTERM"),
  SIGHUP: () => process.kill(process.pid, "SIGHUP"),
};

/** Stops a thread that computes: before it has begun, in the midst of it, or afterwards. */
async function stopThread() {
  const thread = new Worker(new URL(import.meta.url), { workerData: [engine, way, number] });
  if (number % 2 === 0) await new Promise((done) => thread.once("message", done));
  await new Promise((done) => setTimeout(done, delay * (number % 2 === 0 ? 1 : 10)));
  await thread.terminate();
}

if (!isMainThread) {
  parentPort.postMessage("begins");
  await compute();
  setInterval(() => undefined, 1000);
} else if (way === "thread stopped") {
  await stopThread();
} else {
  await compute();
  waitBusily(delay);
  ENDS[way]();
  // A signal comes when it comes.
  if (way.startsWith("SIG")) setInterval(() => undefined, 1000);
}

/**
 * @file Starts and ends many short processes on a busy machine, in every way in which a process can end, while their worker
 * threads still start. Each must end as it was told to; an abort, a fault or a hang is a failure.
 *
 *     node scripts/process-ends.mjs [--count 40] [--parallel 8] [--engine dist]
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const CHILD = fileURLToPath(new URL("process-ends/child.mjs", import.meta.url));

/** Far more than a child takes on any machine: it hangs. */
const TIMEOUT_MILLISECONDS = 120_000;

/** How a child ends, and what is to be seen of it from here. */
const WAYS = {
  "by itself": "0",
  "process.exit": "7",
  exception: "1",
  "thread stopped": "0",
  SIGINT: "SIGINT",
  SIGTERM: "SIGTERM",
  SIGHUP: "SIGHUP",
};

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "40" },
    parallel: { type: "string", default: "8" },
    engine: { type: "string", default: fileURLToPath(new URL("../dist", import.meta.url)) },
  },
});
const engine = resolve(values.engine);
if (!existsSync(join(engine, "graph/compile.js"))) {
  console.error(`${engine}: there is no engine here; run npm run build first`);
  process.exit(2);
}

/** Runs one child. Returns how it ended, and what it wrote to stderr. */
function run(way, number) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CHILD, engine, way, String(number)], {
      stdio: ["ignore", "ignore", "pipe"],
      timeout: TIMEOUT_MILLISECONDS,
      killSignal: "SIGKILL",
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    child.on("close", (code, signal) => done({ ended: signal ?? String(code), text }));
  });
}

const ways = Object.keys(WAYS);
const count = Number(values.count);
let started = 0;
let failures = 0;

async function work() {
  while (started < count) {
    const number = started++;
    const way = ways[number % ways.length];
    const { ended, text } = await run(way, number);
    if (ended === WAYS[way]) continue;
    failures++;
    console.log(`${number} (${way}) ended with ${ended} and not ${WAYS[way]}:\n${text.slice(0, 3000)}`);
  }
}

await Promise.all(Array.from({ length: Number(values.parallel) }, work));
console.log(`${count} processes, ${failures} failures`);
process.exitCode = failures > 0 || started === 0 ? 1 : 0;

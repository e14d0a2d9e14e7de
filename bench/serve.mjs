/**
 * @file `auricle serve` beside ONNX Runtime behind FastAPI: the same network, exported by Auricle, answers the same files of one window, each server in its turn.
 *
 *     npm run bench -- serve --clients 1,8 --seconds 5 --rounds 3 --json
 *
 * Needs the peers (npm run peers). PYTHON names another Python that has their packages.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadModel } from "../dist/nn/checkpoint/model-file.js";
import { exportOnnx } from "../dist/onnx/index.js";
import { auricle } from "../scripts/setup.mjs";
import { makeModel, makeWindows } from "../scripts/serve-check/inputs.mjs";
import { PEER_FOLDER, PEERS } from "./peer-list.mjs";

const { values: flags } = parseArgs({
  options: {
    clients: { type: "string", default: "1,8" },
    seconds: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});

const [python] = process.env.PYTHON ? [process.env.PYTHON] : PEERS.onnxruntime.command;
const threads = String(availableParallelism());
const folder = mkdtempSync(join(tmpdir(), "auricle-bench-serve-"));

/** The largest difference between answers of both servers that is rounding. */
const MOST_DIFFERENCE = 1e-4;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a server and waits until it answers. */
async function start(command, given, port, body) {
  const child = spawn(command, given, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const ask = async (bytes) => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/predict?windows=false`, {
      method: "POST",
      body: bytes,
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    const { probabilities } = await response.json();
    return Array.isArray(probabilities) ? probabilities : Object.values(probabilities);
  };
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${errors}`);
    const isUp = await ask(body).then(
      () => true,
      (error) => error.cause === undefined && Promise.reject(error),
    );
    if (isUp) return { ask, stop: () => child.kill(), ended: once(child, "exit") };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The times of all answers, in ms. */
async function measure({ ask }, windows, clients, seconds) {
  const times = [];
  const begin = performance.now();
  const end = begin + 1000 * seconds;
  const client = async (number) => {
    for (let i = number; performance.now() < end; i++) {
      const sent = performance.now();
      await ask(windows[i % windows.length]);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return { times, seconds: (performance.now() - begin) / 1000 };
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

try {
  const model = await makeModel(folder);
  const windows = makeWindows(16);
  const onnx = join(folder, "model.onnx");
  writeFileSync(onnx, exportOnnx(await loadModel(model)).bytes);
  const ports = [await freePort(), await freePort()];
  const peer = [
    PEER_FOLDER + "onnx_server.py",
    "--model",
    onnx,
    "--port",
    String(ports[1]),
    "--threads",
    threads,
  ];
  const servers = {
    auricle: await start(
      process.execPath,
      [auricle, "serve", model, "--port", String(ports[0]), "--json"],
      ports[0],
      windows[0],
    ),
    fastapi: await start(python, peer, ports[1], windows[0]),
  };
  let difference = 0;
  for (const window of windows) {
    const [ours, theirs] = await Promise.all([servers.auricle.ask(window), servers.fastapi.ask(window)]);
    difference = Math.max(difference, ...ours.map((value, i) => Math.abs(value - theirs[i])));
  }
  if (!(difference < MOST_DIFFERENCE)) throw new Error(`the answers differ by ${difference}`);
  if (!flags.json) console.log("clients  server    answers/s  p50 ms  p95 ms  p99 ms");
  for (const clients of flags.clients.split(",").map(Number)) {
    const all = { auricle: { times: [], seconds: 0 }, fastapi: { times: [], seconds: 0 } };
    // The first round warms both up.
    for (let round = -1; round < Number(flags.rounds); round++) {
      for (const [name, server] of Object.entries(servers)) {
        const { times, seconds } = await measure(
          server,
          windows,
          clients,
          round < 0 ? 1 : Number(flags.seconds),
        );
        if (round < 0) continue;
        all[name].times.push(...times);
        all[name].seconds += seconds;
      }
    }
    for (const [server, { times, seconds }] of Object.entries(all)) {
      times.sort((a, b) => a - b);
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(times, share));
      const rate = times.length / seconds;
      if (flags.json) console.log(JSON.stringify({ clients, server, rate, p50, p95, p99 }));
      else {
        const cells = [rate, p50, p95, p99].map((value) => value.toFixed(1).padStart(8));
        console.log(`${String(clients).padEnd(9)}${server.padEnd(8)}${cells.join("")}`);
      }
    }
  }
  for (const server of Object.values(servers)) {
    server.stop();
    await server.ended;
  }
} finally {
  rmSync(folder, { recursive: true });
}

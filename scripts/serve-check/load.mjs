/** @file Good and bad requests of many clients at once, while the server is killed, started again, and stopped. */

import { badRequests, goodRequest } from "./requests.mjs";
import { seeded } from "./inputs.mjs";
import { memoryOf, startServer } from "./server.mjs";

const MAX_BYTES = 1_000_000;
const FLAGS = ["--max-bytes", String(MAX_BYTES), "--receive-timeout", "8", "--queue", "32"];

/** Growth of the server's memory between a quarter of the time and its end, in MiB, that is no leak. */
const MOST_GROWTH = 96;

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/**
 * Runs the load, and states times and memory.
 * @param files recordings, each with the answer of `auricle predict` as `wanted` @param seconds without those in which the server is started
 * @param fail is told of each failure
 */
export async function checkLoad({ model, files, clients, seconds, fail }) {
  let server = await startServer([model, "--port", "0", ...FLAGS]);
  try {
    const { address } = server;
    const { port } = new URL(address);
    /** Set when the server answers again after it was killed: most of the time is left then. */
    let isOver = false;
    const times = [];
    const counts = { right: 0, "told to come again": 0, "sent while the server was down": 0 };
    const bad = {};
    let isDown = false;

    /** Statuses of a server that is busy. */
    const BUSY = [429, 503];

    async function client(number) {
      const random = seeded(number + 1);
      const kinds = Object.entries(badRequests({ address, files, maxBytes: MAX_BYTES, random }));
      while (!isOver) {
        const wasDown = isDown;
        try {
          if (random() < 0.6) {
            const sent = performance.now();
            const { status, isRight } = await goodRequest(
              address,
              files[Math.floor(random() * files.length)],
              random() < 0.2,
            );
            if (BUSY.includes(status)) {
              counts["told to come again"]++;
              await new Promise((resolve) => setTimeout(resolve, 200));
            } else if (status !== 200) fail(`a good request got ${status}`);
            else if (!isRight) fail("an answer is not that of predict");
            else {
              counts.right++;
              times.push(performance.now() - sent);
            }
          } else {
            const [name, [send, allowed]] = kinds[Math.floor(random() * kinds.length)];
            const status = await send();
            const isAllowed =
              allowed.includes(status) ||
              BUSY.includes(status) ||
              (status === "closed" && (wasDown || isDown));
            if (!isAllowed) fail(`${name}: got ${status}; wanted ${allowed.join(", ")}`);
            bad[name] = (bad[name] ?? 0) + 1;
          }
        } catch (error) {
          if (wasDown || isDown) {
            counts["sent while the server was down"]++;
            await new Promise((resolve) => setTimeout(resolve, 100));
          } else fail(`${error.message} ${error.cause?.message ?? ""}`);
        }
      }
    }

    const pause = (share) => new Promise((resolve) => setTimeout(resolve, 1000 * share * seconds));
    let early = NaN;
    let late = NaN;
    async function killAndRestart() {
      await pause(0.25);
      isDown = true;
      server.child.kill("SIGKILL");
      await server.ended;
      server = await startServer([model, "--port", port, ...FLAGS]);
      // Connections of before are found dead for a moment longer.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      isDown = false;
      await pause(0.25);
      early = await memoryOf(address);
      await pause(0.5);
      late = await memoryOf(address);
      isOver = true;
    }

    await Promise.all([...Array.from({ length: clients }, (_, i) => client(i)), killAndRestart()]);

    // Stopped under load: what was sent is answered.
    const last = Array.from({ length: 16 }, (_, i) => goodRequest(address, files[i % files.length], false));
    await Promise.any(last);
    server.child.kill("SIGTERM");
    for (const { status, reason, value } of await Promise.allSettled(last)) {
      if (status === "rejected") fail(`an answer was lost when the server stopped: ${reason.message}`);
      else if (value.status === 200 && !value.isRight) fail("an answer is not that of predict");
      else if (value.status !== 200 && !BUSY.includes(value.status)) fail(`stopping: ${value.status}`);
    }
    const { code } = await server.ended;
    if (code !== 0) fail(`the stopped server ended with code ${code}`);
    if (/internal|uncaught|Error/i.test(server.errors()))
      fail(`the server said: ${server.errors().slice(0, 2000)}`);
    if (counts.right === 0) fail("no good request was answered");
    if (late - early > MOST_GROWTH) fail(`memory grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);

    times.sort((a, b) => a - b);
    const shown = [0.5, 0.95, 0.99]
      .map((share) => `p${share * 100} ${percentile(times, share)?.toFixed(0)} ms`)
      .join(", ");
    console.log(`${clients} clients, ${seconds} s: ${JSON.stringify(counts)}`);
    console.log(`bad requests: ${JSON.stringify(bad)}`);
    console.log(`good answers: ${(counts.right / seconds).toFixed(1)} a second, ${shown}`);
    console.log(`memory of the server: ${early.toFixed(0)} MiB, at the end ${late.toFixed(0)} MiB`);
  } finally {
    server.child.kill("SIGKILL");
  }
}

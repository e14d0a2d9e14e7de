import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

const PLACE = JSON.stringify(new URL("collect-garbage.js", import.meta.url).href);

/** Waits until all threads have come, so that they ask for the collection at the same moment. */
const SCRIPT = `
  const { parentPort, workerData } = require("node:worker_threads");
  const arrived = new Int32Array(workerData.memory);
  import(${PLACE}).then(({ collectGarbage }) => {
    Atomics.add(arrived, 0, 1);
    while (Atomics.load(arrived, 0) < workerData.threads);
    try {
      collectGarbage();
      parentPort.postMessage("collected");
    } catch (error) {
      parentPort.postMessage(String(error));
    }
  });`;

it("collects in several threads at once, although the engine's flags are those of the whole process", async () => {
  const threads = 4;
  for (let round = 0; round < 15; round++) {
    const workerData = { memory: new SharedArrayBuffer(4), threads };
    const answers = await Promise.all(
      Array.from({ length: threads }, async () => {
        const worker = new Worker(SCRIPT, { eval: true, workerData });
        const answer = await new Promise((resolve, reject) =>
          worker.on("message", resolve).on("error", reject),
        );
        await worker.terminate();
        return answer;
      }),
    );
    expect(answers).toEqual(new Array(threads).fill("collected"));
  }
});

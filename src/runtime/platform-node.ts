/** @file What the runtime needs from Node.js. `platform-browser.ts` is the same for browsers. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Platform } from "./platform.ts";

export const platform: Platform = {
  hardwareThreads: () => availableParallelism(),
  canBlock: () => true,
  startWorker() {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    // A process that has nothing else to do ends, whatever its workers wait for.
    worker.unref();
    return { post: (message) => worker.postMessage(message) };
  },
};

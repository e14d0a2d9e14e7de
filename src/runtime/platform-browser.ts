/** @file What the runtime needs from a browser. `platform-node.ts` is the same for Node.js. */
import type { Platform } from "./platform.ts";
import { wasmRunner } from "./thread.js";

export const platform: Platform = {
  hardwareThreads: () => navigator.hardwareConcurrency,
  // A page's main thread may not wait for another thread; inside a worker there is no document.
  canBlock: () => typeof document === "undefined",
  startWorker() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("error", ({ message }) => {
      // Without a message it is an error of loading. The other threads do the work then; nobody would notice.
      if (!message) console.warn("Auricle: a thread is missing, as its script worker.js could not be loaded");
    });
    return { post: (message) => worker.postMessage(message) };
  },
  runnerOf(code, memory) {
    if (code.kind !== "wasm") throw new TypeError(`no machine code of kind ${code.kind} in a browser`);
    return wasmRunner(code, memory);
  },
  native: undefined,
  environment: () => undefined,
  algorithmChoices: new Map<string, string>(),
  debug: () => undefined,
};

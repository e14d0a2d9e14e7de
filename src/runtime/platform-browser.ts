/** @file What the runtime needs from a browser. `platform-node.ts` is the same for Node.js. */
import type { Platform } from "./platform.ts";
import { wasmRunner } from "./thread.js";

export const platform: Platform = {
  hardwareThreads: () => navigator.hardwareConcurrency,
  // A page's main thread may not wait for another thread; inside a worker there is no document.
  canBlock: () => typeof document === "undefined",
  startWorker(onFailure) {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("error", ({ message }) => {
      // Without a message it is an error of loading.
      onFailure(message || "its script worker.js could not be loaded");
    });
    return { post: (message) => worker.postMessage(message) };
  },
  runnerOf(code, memory) {
    if (code.kind !== "wasm") throw new TypeError(`no machine code of kind ${code.kind} in a browser`);
    return wasmRunner(code, memory);
  },
  handleOf: (_code, memory) => memory,
  // Workers of a browser load nothing that minds being stopped.
  beforeEnd: () => undefined,
  // A page has no way to ask for it.
  collectGarbage: () => undefined,
  warn: (line) => console.warn(`Auricle: ${line}`),
  native: undefined,
  environment: () => undefined,
  algorithmChoices: new Map<string, string>(),
  debug: () => undefined,
};

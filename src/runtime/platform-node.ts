/** @file What the runtime needs from Node.js. `platform-browser.ts` is the same for browsers. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { StoredChoices } from "./stored-choices.ts";
import { nativeMachine } from "./native/native-machine.ts";
import { nativeRunner } from "./native/runner.js";
import type { Platform } from "./platform.ts";
import { wasmRunner } from "./thread.js";

export const platform: Platform = {
  hardwareThreads: () => availableParallelism(),
  canBlock: () => true,
  startWorker() {
    const worker = new Worker(new URL("./worker-node.js", import.meta.url));
    // A process that has nothing else to do ends, whatever its workers wait for.
    worker.unref();
    return { post: (message) => worker.postMessage(message) };
  },
  runnerOf: (code, memory) =>
    code.kind === "native" ? nativeRunner(code, memory) : wasmRunner(code, memory),
  native: nativeMachine,
  environment: (name) => process.env[name],
  algorithmChoices: new StoredChoices(),
  debug(line) {
    if (process.env.AURICLE_DEBUG) process.stderr.write(`auricle: ${line}\n`);
  },
};

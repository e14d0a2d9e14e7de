/** @file The services that the runtime needs from Node.js. `platform-browser.ts` is the same for browsers. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { collectGarbage } from "./collect-garbage.js";
import { StoredChoices } from "./stored-choices.ts";
import { nativeMachine } from "./native/native-machine.ts";
import { addressOfMemory, nativeRunner } from "./native/runner.js";
import type { Platform } from "./platform.ts";
import { wasmRunner } from "./thread.js";

export const platform: Platform = {
  hardwareThreads: () => availableParallelism(),
  canBlock: () => true,
  firstSharedPages: () => 65_536,
  startWorker(onFailure) {
    const worker = new Worker(new URL("./worker-node.js", import.meta.url));
    // A process that has nothing else to do ends, whatever its workers wait for.
    worker.unref();
    worker.on("error", (error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
    return { post: (message) => worker.postMessage(message) };
  },
  runnerOf: (code, memory) =>
    code.kind === "native" ? nativeRunner(code, addressOfMemory(memory)) : wasmRunner(code, memory),
  // Memory that threads share never moves.
  handleOf: (code, memory) => (code.kind === "native" ? addressOfMemory(memory)() : memory),
  beforeEnd(end) {
    process.on("exit", end);
  },
  collectGarbage,
  moreAddresses: "raise the limit (ulimit -v unlimited), or start Node.js with --disable-wasm-trap-handler",
  warn(line) {
    process.emitWarning(line, "AuricleWarning");
  },
  native: nativeMachine,
  environment: (name) => process.env[name],
  algorithmChoices: new StoredChoices(),
  debug(line) {
    if (process.env.AURICLE_DEBUG) process.stderr.write(`auricle: ${line}\n`);
  },
};

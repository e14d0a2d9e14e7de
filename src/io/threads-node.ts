/** @file Worker threads that run a script. Node only; `threads-browser.ts` is the same for browsers. */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { ScriptThread } from "./task-threads.ts";

/** A worker loads JavaScript. Where this file runs as TypeScript, a test runner compiles it as it goes. */
const canStartWorkers = import.meta.url.endsWith(".js");

/** Processors that threads can be started on; 0 where none can be started. */
export function usableProcessors(): number {
  return canStartWorkers ? availableParallelism() : 0;
}

export function startThread(script: URL, workerData: unknown): ScriptThread {
  const worker = new Worker(script, { workerData });
  return {
    id: worker.threadId,
    post: (task) => worker.postMessage(task),
    listen({ message, error, exit }) {
      worker.on("message", message).on("error", error).on("exit", exit);
    },
    async end() {
      await worker.terminate();
    },
  };
}

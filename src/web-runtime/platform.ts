/**
 * @file The services that the runtime needs, in the worker of an exported model: it takes the place of `runtime/platform-browser.ts` there.
 * Threads are workers with the same script, so that a strict content security policy, which knows the site's own scripts alone, has them.
 */
import type { Platform } from "../runtime/platform.ts";
import { wasmRunner } from "../runtime/thread.js";

/** The name of a worker that is a thread of another one. */
export const THREAD_NAME = "auricle-thread";

/** The plan says how much memory there is, and it is all made at once. */
const NO_PAGES = 0;

export const platform: Platform = {
  hardwareThreads: () => navigator.hardwareConcurrency,
  canBlock: () => true,
  firstSharedPages: () => NO_PAGES,
  startWorker(onFailure) {
    const worker = new Worker(self.location.href, { type: "module", name: THREAD_NAME });
    worker.addEventListener("error", ({ message }) => onFailure(message || "its script could not be loaded"));
    return { post: (message) => worker.postMessage(message) };
  },
  runnerOf(code, memory) {
    if (code.kind !== "wasm") throw new TypeError(`no machine code of kind ${code.kind} in a browser`);
    return wasmRunner(code, memory);
  },
  handleOf: (_code, memory) => memory,
  beforeEnd: () => undefined,
  collectGarbage: () => undefined,
  moreAddresses: "close other pages",
  warn: (line) => console.warn(`Auricle: ${line}`),
  native: undefined,
  environment: () => undefined,
  algorithmChoices: new Map<string, string>(),
  debug: () => undefined,
};

/** @file The services that the runtime needs from a browser. `platform-node.ts` is the same for Node.js. */
import type { Platform } from "./platform.ts";
import { provokeCollection } from "./provoke-collection.js";
import { wasmRunner } from "./thread.js";
import { workerSource } from "./worker-source.js";

/** All that 32-bit addresses reach, and what leaves a phone addresses for many models and the rest of the page: 64 MiB. */
const COMPUTER_PAGES = 65_536;
const PHONE_PAGES = 1024;

/** Whether this is a phone or a tablet. An iPad says that it is a Mac, which has no touch screen. */
function isPhone(): boolean {
  const { userAgent, maxTouchPoints } = navigator;
  return (
    /Android|iPhone|iPad|Mobile/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1)
  );
}

/**
 * The address of the worker threads' script. It is part of this one: bundlers do not agree on where a script's file lies in a
 * built application, and a page may not start a worker from another origin's file.
 */
let workerAddress: string | undefined;

export const platform: Platform = {
  hardwareThreads: () => navigator.hardwareConcurrency,
  // A page's main thread may not wait for another thread; inside a worker there is no document.
  canBlock: () => typeof document === "undefined",
  firstSharedPages: () => (isPhone() ? PHONE_PAGES : COMPUTER_PAGES),
  startWorker(onFailure) {
    workerAddress ??= URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" }));
    const worker = new Worker(workerAddress);
    worker.addEventListener("error", ({ message }) => {
      // Without a message it is an error of loading.
      onFailure(
        message || "its script could not be loaded: a content security policy must allow worker-src blob:",
      );
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
  collectGarbage: provokeCollection,
  moreAddresses:
    "a page has addresses for some dozens of models: keep models instead of reading them again, and drop those no longer needed",
  warn: (line) => console.warn(`Auricle: ${line}`),
  native: undefined,
  environment: () => undefined,
  algorithmChoices: new Map<string, string>(),
  debug: () => undefined,
};

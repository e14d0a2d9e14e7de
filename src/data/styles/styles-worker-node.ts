/** @file The worker thread: renders the tracks that it is given, one after the other. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { AuricleError } from "../../errors.ts";
import { writeTrack } from "./styles-file.ts";
import type { StyleTrack } from "./styles-plan.ts";

const folder = workerData as string;

parentPort?.on("message", (track: StyleTrack) => {
  writeTrack(folder, track).then(
    () => parentPort?.postMessage(undefined),
    (error: unknown) => {
      // A message between threads keeps no error class. What is no AuricleError ends this thread.
      if (!(error instanceof AuricleError)) throw error;
      parentPort?.postMessage({ code: error.code, message: error.message });
    },
  );
});

/** @file The worker thread: renders the tracks that it is given, one after the other. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { AuricleError } from "../../../errors.ts";
import { writeTrack, type RenderedTrack } from "./styles-file.ts";
import type { StyleTrack } from "./styles-plan.ts";

const folder = workerData as string;

parentPort?.on("message", (track: StyleTrack) => {
  const answer = (rendered: RenderedTrack) => parentPort?.postMessage(rendered);
  writeTrack(folder, track).then(
    () => answer({}),
    (error: unknown) => {
      // An error that is not one of the folder ends this thread, and the main thread hears of it.
      if (!(error instanceof AuricleError)) throw error;
      answer({ failure: { code: error.code, message: error.message } });
    },
  );
});

/** @file The worker thread: prepares the pictures that it is given, one after the other. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import type { PictureTask, ProcessorSettings } from "./messages.ts";
import { processPicture } from "./picture-processor.ts";

parentPort?.on("message", (task: PictureTask) => {
  // An error that is not one of the file ends this thread, and the main thread hears of it.
  void processPicture(task, workerData as ProcessorSettings).then((message) => {
    const pixels = message.kind === "picture" ? message.pixels : undefined;
    parentPort?.postMessage(message, pixels ? [pixels.buffer as ArrayBuffer] : []);
  });
});

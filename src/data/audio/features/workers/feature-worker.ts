/** @file The worker thread: prepares the files that it is given, one after the other. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { FileProcessor } from "./file-processor.ts";
import type { FileTask, ProcessorMessage, ProcessorSettings } from "./messages.ts";

const processor = new FileProcessor(workerData as ProcessorSettings);

function post(message: ProcessorMessage): void {
  const features = message.kind === "clip" ? message.features.features : undefined;
  parentPort?.postMessage(message, features ? [features.buffer as ArrayBuffer] : []);
}

parentPort?.on("message", (task: FileTask) => {
  // An error that is not one of the file ends this thread, and the main thread hears of it.
  void processor.process(task, post, undefined);
});

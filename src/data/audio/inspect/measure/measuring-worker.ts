/** @file The worker thread: measures the files that it is given, one after the other. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { FileMeter } from "./file-meter.ts";
import type { MeasuringTask } from "./messages.ts";

const meter = new FileMeter(workerData as string);

parentPort?.on("message", (task: MeasuringTask) => {
  void meter.measure(task, (message) => parentPort?.postMessage(message));
});

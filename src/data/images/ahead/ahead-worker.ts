/** @file The worker thread: reads the batches of each epoch that it is told of, ahead of the training. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { readPixels } from "#here/data/images/pixels/pixel-file";
import { AheadReader } from "./ahead-reader.ts";
import type { EpochMessage, ReaderData } from "./ring.ts";

const reader = new AheadReader(workerData as ReaderData, (path, size) => readPixels(path, size)?.pixels);

// An error ends this thread; the training then reads by itself, and fails where it should.
parentPort?.on("message", (message: EpochMessage) => reader.readEpoch(message));

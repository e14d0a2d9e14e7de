/** @file Hands files to worker threads as they come free, or does them here. Node only. */

import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { AuricleError } from "../../../../errors.ts";
import { runInThreads } from "../../../../io/task-threads.ts";
import { TEMPORARY_SUFFIX, temporaryMark } from "../cache/feature-file.ts";
import { FileProcessor } from "./file-processor.ts";
import type { FileTask, ProcessorMessage, ProcessorSettings } from "./messages.ts";

/** A worker loads JavaScript. Where this file runs as TypeScript, a test runner compiles it as it goes. */
const canStartWorkers = import.meta.url.endsWith(".js");

/** Each takes 100 MB; more of them would wait for the disk. */
const MOST_WORKERS = 8;

/** One for each processor: the main thread only waits. None where workers cannot be started. */
export function defaultWorkers(): number {
  return canStartWorkers ? Math.min(MOST_WORKERS, availableParallelism()) : 0;
}

/** For a number of threads that a user gave: with one, the calling thread works itself. */
export function workersFor(threads = Infinity): number {
  return threads === 1 ? 0 : Math.min(threads, defaultWorkers());
}

/**
 * @throws AuricleError "argument" unless it is a whole number from 0; "unsupported" where there can be none.
 */
export function checkWorkers(workers: number): void {
  if (!Number.isInteger(workers) || workers < 0) {
    throw new AuricleError("argument", `features: workers must be a whole number from 0; got ${workers}`);
  }
  if (workers > 0 && !canStartWorkers) {
    throw new AuricleError(
      "unsupported",
      `features: workers need the built package, and this is its TypeScript source; use workers: 0; got ${workers}`,
    );
  }
}

export interface RunOptions {
  /** Threads; 0 works in the calling one. */
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
  readonly onMessage: (message: ProcessorMessage) => void;
}

/**
 * Processes all files, in the order given as far as it goes. Its results for a file do not depend on the
 * number of workers; the order in which they come does.
 * @throws the signal's reason when aborted; any error that is not a problem of a single file.
 */
export async function runTasks(
  tasks: readonly FileTask[],
  settings: ProcessorSettings,
  options: RunOptions,
): Promise<void> {
  const { signal, onMessage } = options;
  signal?.throwIfAborted();
  if (tasks.length === 0) return;
  if (options.workers === 0) {
    const processor = new FileProcessor(settings);
    for (const task of tasks) await processor.process(task, onMessage, signal);
    return;
  }
  await runInThreads<FileTask, ProcessorMessage>({
    script: new URL("./feature-worker.js", import.meta.url),
    workerData: settings,
    tasks,
    threads: options.workers,
    signal,
    onMessage,
    isEnd: ({ kind }) => kind === "end",
    what: "features",
    onStopped: (threads) => removeUnfinished(settings.cacheFolder, threads),
  });
}

/** Workers that were stopped leave behind what they were writing. */
async function removeUnfinished(folder: string, threads: readonly number[]): Promise<void> {
  const marks = threads.map(temporaryMark);
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => {
    return name.endsWith(TEMPORARY_SUFFIX) && marks.some((mark) => name.startsWith(mark));
  });
  await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
}

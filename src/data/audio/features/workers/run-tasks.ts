/** @file Hands files to worker threads as they come free, or does them here. Browser-safe. */

import { featureFiles } from "#here/data/audio/features/cache/feature-files";
import { usableProcessors } from "#here/io/threads";
import { AuricleError } from "../../../../errors.ts";
import { runInThreads } from "../../../../io/task-threads.ts";
import { FileProcessor } from "./file-processor.ts";
import type { FileTask, ProcessorMessage, ProcessorSettings } from "./messages.ts";
import { shownValue } from "../../../../shown-value.ts";

/**
 * @throws AuricleError "argument" unless it is a whole number from 0; "unsupported" where there can be none.
 */
export function checkWorkers(workers: number): void {
  if (!Number.isInteger(workers) || workers < 0) {
    throw new AuricleError(
      "argument",
      `features: workers must be a whole number from 0; got ${shownValue(workers)}`,
    );
  }
  if (workers > 0 && usableProcessors() === 0) {
    throw new AuricleError(
      "unsupported",
      `features: workers need the built package, and this is its TypeScript source; use workers: 0; got ${shownValue(workers)}`,
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
    onStopped: (threads) => featureFiles.removeUnfinished(settings.cacheFolder, threads),
  });
}

/** @file Hands tasks to worker threads as they come free. Node only. */

import { Worker } from "node:worker_threads";
import { AuricleError } from "../../../../errors.ts";

export interface WorkerOptions<Message> {
  /** The built file that a worker runs: it takes tasks as messages, and answers each with messages. */
  readonly script: URL;
  readonly workerData: unknown;
  /** Threads, at least 1. */
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
  readonly onMessage: (message: Message) => void;
  /** Whether a message is the last one about a task. */
  readonly isLast: (message: Message) => boolean;
}

/**
 * Gives each worker one task after the other until none is left.
 * @throws the signal's reason when aborted; AuricleError "unsupported" when a worker fails; what `onMessage` throws.
 */
export async function runInWorkers<Task, Message>(
  tasks: readonly Task[],
  options: WorkerOptions<Message>,
): Promise<void> {
  const { script, workerData, signal } = options;
  signal?.throwIfAborted();
  const queue = [...tasks];
  const workers = Array.from(
    { length: Math.min(options.workers, queue.length) },
    () => new Worker(script, { workerData }),
  );
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    signal?.addEventListener("abort", stop);
  });
  try {
    await Promise.race([Promise.all(workers.map((worker) => feed(worker, queue, options))), aborted]);
  } finally {
    if (stop) signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function feed<Task, Message>(
  worker: Worker,
  queue: Task[],
  { onMessage, isLast }: WorkerOptions<Message>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const task = queue.shift();
      if (task === undefined) resolve();
      else worker.postMessage(task);
    };
    worker.on("message", (message: Message) => {
      try {
        onMessage(message);
        if (isLast(message)) next();
      } catch (error) {
        reject(error);
      }
    });
    worker.on("error", (cause) => reject(workerFailed(cause)));
    worker.on("exit", (code) => reject(workerFailed(new Error(`it ended with code ${code}`))));
    next();
  });
}

function workerFailed(cause: unknown): AuricleError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AuricleError("unsupported", `inspection: a worker thread failed: ${reason}`, { cause });
}

/** @file Hands tasks to worker threads as they come free. Node only. */

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AuricleError } from "../errors.ts";

/** A worker loads JavaScript. Where this file runs as TypeScript, a test runner compiles it as it goes. */
const canStartWorkers = import.meta.url.endsWith(".js");

/** Each takes memory of its own; more of them would wait for the disk. */
const MOST_WORKERS = 8;

/** One for each processor: the main thread only waits. None where workers cannot be started. */
export function threadsFor(threads = Infinity): number {
  if (!canStartWorkers || threads === 1) return 0;
  return Math.min(threads, MOST_WORKERS, availableParallelism());
}

export interface ThreadedTasks<Task, Message> {
  /** The worker's script; it answers each task with messages, of which the last is an end. */
  readonly script: URL;
  readonly workerData: unknown;
  readonly tasks: readonly Task[];
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly isEnd: (message: Message) => boolean;
  readonly onMessage: (message: Message) => void;
  /** Called when all workers have stopped, wherever they were, with their thread ids. */
  readonly onStopped?: (threads: readonly number[]) => Promise<void>;
  /** The name of the work, in messages. */
  readonly what: string;
}

/**
 * Gives each worker one task after the other until none is left.
 * @throws the signal's reason when aborted; AuricleError "unsupported" where a worker fails; what `onMessage` throws.
 */
export async function runInThreads<Task, Message>(work: ThreadedTasks<Task, Message>): Promise<void> {
  const { script, workerData, tasks, threads, signal } = work;
  signal?.throwIfAborted();
  const queue = [...tasks];
  const workers = Array.from(
    { length: Math.min(threads, queue.length) },
    () => new Worker(script, { workerData }),
  );
  const ids = workers.map(({ threadId }) => threadId);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    signal?.addEventListener("abort", stop);
  });
  try {
    await Promise.race([Promise.all(workers.map((worker) => feed(worker, queue, work))), aborted]);
  } finally {
    if (stop) signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
    await work.onStopped?.(ids);
  }
}

function feed<Task, Message>(
  worker: Worker,
  queue: Task[],
  { isEnd, onMessage, what }: ThreadedTasks<Task, Message>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      reject(new AuricleError("unsupported", `${what}: a worker thread failed: ${reason}`, { cause }));
    };
    const next = () => {
      const task = queue.shift();
      if (task !== undefined) worker.postMessage(task);
      else resolve();
    };
    worker.on("message", (message: Message) => {
      try {
        onMessage(message);
        if (isEnd(message)) next();
      } catch (error) {
        reject(error);
      }
    });
    worker.on("error", failed);
    worker.on("exit", (code) => failed(new Error(`it ended with code ${code}`)));
    next();
  });
}

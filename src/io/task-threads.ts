/** @file Hands tasks to worker threads as they come free. Browser-safe. */

import { startThread, usableProcessors } from "#here/io/threads";
import { AuricleError } from "../errors.ts";

/** Each takes memory of its own; more of them would wait for the disk. */
const MOST_WORKERS = 8;

/** One for each processor: the main thread only waits. None where workers cannot be started. */
export function threadsFor(threads = Infinity): number {
  return threads === 1 ? 0 : Math.min(threads, MOST_WORKERS, usableProcessors());
}

/** A thread that runs a script. */
export interface ScriptThread {
  readonly id: number;
  post(task: unknown): void;
  /** Tells what it posts, what it fails with, and the code with which it ends. */
  listen(listeners: {
    message(message: unknown): void;
    error(cause: unknown): void;
    exit(code: number): void;
  }): void;
  /** Ends it wherever it is. */
  end(): Promise<void>;
}

export interface ThreadedTasks<Task, Message> {
  /** The worker's script; it answers each task with messages, of which the last is an end. */
  readonly script: URL;
  readonly workerData: unknown;
  readonly tasks: readonly Task[];
  readonly threads: number;
  /** Tasks that a worker holds at a time: with 2 the next one is there when one ends. Default 1. */
  readonly tasksPerWorker?: number;
  readonly signal?: AbortSignal | undefined;
  readonly isEnd: (message: Message) => boolean;
  readonly onMessage: (message: Message) => void;
  /** Called when all workers have stopped, wherever they were, with their thread ids. */
  readonly onStopped?: (threads: readonly number[]) => Promise<void>;
  /** The name of the work, in messages. */
  readonly what: string;
}

/**
 * Gives each worker one task after the other, or a few at a time, until none is left.
 * @throws the signal's reason when aborted; AuricleError "unsupported" where a worker fails; what `onMessage` throws.
 */
export async function runInThreads<Task, Message>(work: ThreadedTasks<Task, Message>): Promise<void> {
  const { script, workerData, tasks, threads, signal } = work;
  signal?.throwIfAborted();
  const queue = [...tasks];
  const workers = Array.from({ length: Math.min(threads, queue.length) }, () =>
    startThread(script, workerData),
  );
  const ids = workers.map(({ id }) => id);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    signal?.addEventListener("abort", stop);
  });
  try {
    await Promise.race([Promise.all(workers.map((worker) => feed(worker, queue, work))), aborted]);
  } finally {
    if (stop) signal?.removeEventListener("abort", stop);
    await Promise.all(workers.map((worker) => worker.end()));
    await work.onStopped?.(ids);
  }
}

function feed<Task, Message>(
  worker: ScriptThread,
  queue: Task[],
  { isEnd, onMessage, what, tasksPerWorker = 1 }: ThreadedTasks<Task, Message>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let held = 0;
    const failed = (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      reject(new AuricleError("unsupported", `${what}: a worker thread failed: ${reason}`, { cause }));
    };
    const next = () => {
      const task = queue.shift();
      if (task !== undefined) {
        held++;
        worker.post(task);
      } else if (held === 0) resolve();
    };
    worker.listen({
      message(posted) {
        const message = posted as Message;
        try {
          onMessage(message);
          if (!isEnd(message)) return;
          held--;
          next();
        } catch (error) {
          reject(error);
        }
      },
      error: failed,
      exit: (code) => failed(new Error(`it ended with code ${code}`)),
    });
    for (let i = 0; i < tasksPerWorker; i++) next();
  });
}

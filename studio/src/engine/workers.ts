/** @file Workers of views: they compute on the engine, and end with the view. */
import { wrap, type Remote } from "comlink";
import { onDestroy } from "svelte";

/**
 * Functions that a worker exposes, for as long as the component lives that asks for them.
 *
 * @example
 * const lab = workerOf<Lab>(new Worker(new URL("./lab.worker.ts", import.meta.url), { type: "module" }));
 */
export function workerOf<T>(worker: Worker): Remote<T> {
  onDestroy(() => worker.terminate());
  return wrap<T>(worker);
}

/**
 * Runs the newest of requests that come faster than they are answered: those in between are left out, so that a slider never
 * works off a queue. Each answer is shown, an error only when nothing newer waits.
 * @returns a function that takes the next request
 */
export function newestOf<A extends readonly unknown[], R>(
  compute: (...args: A) => Promise<R>,
  show: (result: R) => void,
  fail: (error: unknown) => void,
): (...args: A) => void {
  let waiting: A | undefined;
  let isRunning = false;
  async function run(): Promise<void> {
    isRunning = true;
    while (waiting) {
      const args = waiting;
      waiting = undefined;
      try {
        const result = await compute(...args);
        // Also when the next one waits: a stream of requests that are faster than their answers must not hide all of them.
        show(result);
      } catch (error) {
        if (!waiting) fail(error);
      }
    }
    isRunning = false;
  }
  return (...args) => {
    waiting = args;
    if (!isRunning) void run();
  };
}

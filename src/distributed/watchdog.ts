/**
 * @file Node.js only: a time-out for calls that block this thread until other ranks answer, when no timer of its own would fire.
 */
import { Worker } from "node:worker_threads";

/** A timer has 31 bits of milliseconds. */
const LONGEST = 2 ** 31 - 1;

const THREAD = `
const { writeSync } = require("node:fs");
const { workerData } = require("node:worker_threads");
setTimeout(() => {
  writeSync(2, workerData.message);
  process.kill(process.pid, "SIGKILL");
}, workerData.milliseconds);
`;

/**
 * Makes a call, and ends this process where it does not return: what has started the ranks then ends the others.
 * @param message shown before the end
 */
export function withWatchdog<Result>(seconds: number, message: string, call: () => Result): Result {
  const workerData = { message, milliseconds: Math.min(1000 * seconds, LONGEST) };
  const watchdog = new Worker(THREAD, { eval: true, execArgv: [], workerData });
  watchdog.unref();
  try {
    return call();
  } finally {
    void watchdog.terminate();
  }
}

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
  setTimeout(() => process.kill(process.pid, "SIGKILL"), workerData.forward);
}, workerData.milliseconds);
`;

/** When a process is ended. */
export interface Limit {
  readonly seconds: number;
  /** Shown before the end. */
  readonly message: string;
  /** Milliseconds that the message has to reach the screen. */
  readonly forward: number;
}

/** Makes a call, and ends this process where it does not return: what has started the ranks then ends the others. */
export function withWatchdog<Result>({ seconds, ...limit }: Limit, call: () => Result): Result {
  const workerData = { ...limit, milliseconds: Math.min(1000 * seconds, LONGEST) };
  const watchdog = new Worker(THREAD, { eval: true, execArgv: [], workerData });
  watchdog.unref();
  try {
    return call();
  } finally {
    void watchdog.terminate();
  }
}

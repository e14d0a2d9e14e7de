/** @file The process of the command `auricle`: its arguments, its streams, Ctrl-C and its exit code. */

import process from "node:process";
import { errorCode } from "../io/atomic-file.ts";
import { INTERRUPTED } from "./context.ts";
import { SHOW_CURSOR } from "./live-line.ts";
import { runCommandLine } from "./program.ts";

/** Ctrl-C, what asks a process to end, and a terminal or connection that was closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const interruption = new AbortController();
let canInterrupt = false;
let sayInterrupted = (): void => undefined;

/** The first signal asks to end in good order where that can be; otherwise, and the second time, the process ends at once. */
function interrupt(): void {
  if (canInterrupt && !interruption.signal.aborted) {
    interruption.abort();
    return;
  }
  if (process.stderr.isTTY) process.stderr.write(`${SHOW_CURSOR}\n`);
  // Each file is written beside its place and renamed: what is half written is no file yet, and is cleared away later.
  if (!canInterrupt) sayInterrupted();
  process.exit(INTERRUPTED);
}

function interruptible(): AbortSignal {
  canInterrupt = true;
  return interruption.signal;
}

for (const signal of SIGNALS) process.on(signal, interrupt);

/**
 * Handles an output that can no longer be written: a pipe was closed, as by `head`, or the disk is full. Training saves
 * its state first.
 */
function outputFailed(error: unknown): void {
  const isClosed = errorCode(error) === "EPIPE";
  if (!isClosed) {
    process.exitCode = 1;
    if (!interruption.signal.aborted)
      process.stderr.write(`error: cannot write the output: ${String(error)}\n`);
  }
  if (canInterrupt) interruption.abort();
  else process.exit(isClosed ? 0 : 1);
}

process.stdout.on("error", outputFailed);
// Where messages cannot be written, there is nobody to tell.
process.stderr.on("error", () => undefined);

const exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  stdout: process.stdout,
  stderr: process.stderr,
  interruptible,
  onInterrupt(say) {
    sayInterrupted = say;
  },
});
process.exitCode ??= exitCode;

/** @file The context that a command receives besides its options. */

import type { Terminal } from "./terminal.ts";

export interface CommandContext {
  /** The arguments after the command's name. */
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  /**
   * Called by a command that can be interrupted in good order: from then on Ctrl-C no longer ends the process, but
   * aborts this signal.
   */
  interruptible(): AbortSignal;
  /**
   * Sets the message for when Ctrl-C ends the process at once, as it does until `interruptible` is called. Gives the terminal
   * back first.
   */
  onInterrupt(say: () => void): void;
  /** Sets the exit code of the process; a command that fails throws instead. */
  setExitCode(code: number): void;
}

/** A training that ended as planned, with a model that is no better than guessing. */
export const NOT_LEARNED = 3;

/** A process that was interrupted: 128 + SIGINT, by the shells' convention. */
export const INTERRUPTED = 130;

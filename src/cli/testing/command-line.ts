/** @file The command in this process, its output kept. For tests. */

import { runCommandLine } from "../program.ts";
import { FakeStream } from "./fake-stream.ts";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `auricle` with these arguments; Ctrl-C comes as soon as stdout matches `interruptAt`. */
export async function auricle(argv: readonly string[], interruptAt?: RegExp): Promise<CommandResult> {
  const interruption = new AbortController();
  const stdout = new FakeStream((text) => {
    if (interruptAt?.test(text)) interruption.abort();
  });
  const stderr = new FakeStream();
  const code = await runCommandLine({ argv, stdout, stderr, interruptible: () => interruption.signal });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** The lines of a stream of JSON objects. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

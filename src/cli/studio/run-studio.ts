/** @file The studio from start to stop: what is needed, the server, the browser, Ctrl-C. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { AuricleError } from "../../errors.ts";
import { RUNS_FOLDER } from "../../runs/index.ts";
import { openSession } from "../../session/index.ts";
import { requireFolder } from "../commands/require-folder.ts";
import type { CommandContext } from "../context.ts";
import { printable } from "../text.ts";
import { START_PAGE } from "./app-files.ts";
import type { Listening } from "./listen.ts";
import { openBrowser } from "./open-browser.ts";
import { serveStudio } from "./server.ts";

export interface RunStudioOptions {
  /** The folder that the app's build leaves. */
  readonly app: string;
  readonly port?: number;
  /** Whether the browser is opened. */
  readonly open: boolean;
  /** The folder of the runs. Default: `runs`, which need not be there yet. */
  readonly runs?: string;
  readonly json?: boolean;
}

/**
 * Serves the studio until it is interrupted, which is its usual end.
 * @throws AuricleError "file" where the app was not built or there is no such folder, "argument" for a port that is taken.
 */
export async function runStudio(context: CommandContext, options: RunStudioOptions): Promise<void> {
  const { app, open, json = false, port, runs = RUNS_FOLDER } = options;
  const { terminal } = context;
  requireApp(app);
  requireFolder(options.runs, "--runs");
  const signal = context.interruptible();
  const server = await serveStudio({
    app,
    runs,
    port,
    session: openSession(),
    onError: (error) => terminal.note(`Warning: ${error instanceof Error ? error.message : String(error)}`),
  });
  const { address } = server;
  const folder = resolve(runs);
  try {
    if (json) terminal.printJson({ event: "studio", address, runs: folder });
    else terminal.print(`The studio is at ${address}\nIt shows the runs in ${printable(folder)}`);
    terminal.note("Ctrl-C stops it.");
    if (open && !signal.aborted) {
      // Not waited for: on some systems it takes until the browser is closed.
      void openBrowser(address).then((isOpen) => {
        if (!isOpen && !signal.aborted) terminal.note(adviceFor(server));
      });
    }
    await interrupted(signal);
  } finally {
    await server.close();
  }
}

function requireApp(folder: string): void {
  if (existsSync(join(folder, START_PAGE))) return;
  throw new AuricleError(
    "file",
    `studio: ${folder} has no ${START_PAGE}: the studio is not built. In a clone, npm run studio builds and starts it`,
  );
}

function adviceFor({ address, port }: Listening): string {
  return (
    `No browser was opened: open ${address} in one. From another computer, first run there\n` +
    `  ssh -L ${port}:127.0.0.1:${port} <this computer>`
  );
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

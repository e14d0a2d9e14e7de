/** @file `auricle studio`: serves the studio on this machine, and opens the browser. */

import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { portNumber } from "../option-values.ts";
import { USUAL_PORT } from "../studio/listen.ts";
import { runStudio } from "../studio/run-studio.ts";

/** The app's build, in the package and in a clone: dist/studio beside dist/cli. */
const APP_FOLDER = fileURLToPath(new URL("../../studio", import.meta.url));

const EXAMPLES = `
Examples:
  $ auricle studio                      with the runs in runs/
  $ auricle studio --runs ./experiments
  $ auricle studio --port 8080 --no-open

Ctrl-C stops it.`;

export function addStudioCommand(program: Command, context: CommandContext): void {
  program
    .command("studio")
    .description("see and hear in the browser what networks do")
    .option("--port <n>", `port (default: ${USUAL_PORT}, or the next free one)`, portNumber)
    .option("--no-open", "do not open the browser")
    .option("--runs <folder>", "the folder of the runs that it shows (default: runs)")
    .option("--json", "write the address as a JSON object")
    .addHelpText("after", EXAMPLES)
    .action((options: StudioCommandOptions) => runStudio(context, { ...options, app: APP_FOLDER }));
}

interface StudioCommandOptions {
  readonly port?: number;
  readonly open: boolean;
  readonly runs?: string;
  readonly json?: boolean;
}

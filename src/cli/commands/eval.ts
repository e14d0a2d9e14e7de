/** @file `auricle eval`: tests the model of a run. */

import type { Command } from "commander";
import { evaluateRun } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { wholeNumber } from "../option-values.ts";
import { formatTestReport } from "../test-report.ts";

interface EvalOptions {
  readonly threads?: number;
  readonly json?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle eval runs/digits        on the test part of its own data
  $ auricle eval runs/digits mnist  on that of other data of the same form`;

export function addEvalCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("eval")
    .description("test the model of a run")
    .argument("<run>", "the folder of a run")
    .argument("[data]", "a data set or a folder of IDX files (default: the run's own)")
    .option("--threads <n>", "threads to compute with (default: all processors)", wholeNumber(1))
    .option("--data-folder <folder>", "a folder of your own copies of data sets, searched first")
    .option("--no-download", "do not download what is not on this machine")
    .option("--json", "write one JSON object instead of tables")
    .addHelpText("after", EXAMPLES)
    .action(async (run: string, data: string | undefined, options: EvalOptions) => {
      const { path, dataName, test } = await evaluateRun(run, {
        ...options,
        data,
        onProgress: downloadNotes(terminal),
      });
      if (options.json) {
        const { accuracy, macroF1, loss, examples } = test;
        terminal.printJson({
          event: "evaluated",
          run: path,
          data: dataName,
          test: { accuracy, macroF1, loss, examples },
        });
        return;
      }
      terminal.print(`${path} on ${dataName}\n`);
      terminal.print(formatTestReport(test, terminal.out));
    });
}

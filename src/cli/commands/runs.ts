/** @file `auricle runs`: the runs in a folder, the best first, the options in which they differ, and their curves. */

import { Option, type Command } from "commander";
import { wordsOf, type ListedRun, type OptionName } from "../../runs/index.ts";
import { openSession } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { plainRun } from "../plain-run.ts";
import { colorsOf, widthOf, type TextStream } from "../terminal.ts";
import { formatRunCurves, RUN_METRICS, type RunMetric } from "../terminal-charts-runs.ts";
import { formatCount, printable, wrapText } from "../text.ts";

const EXAMPLES = `
Examples:
  $ auricle runs                    all runs in runs/
  $ auricle runs ./experiments      in another folder
  $ auricle runs --metric validationAccuracy
  $ auricle runs --json             one JSON object for each`;

export function addRunsCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("runs")
    .description("list and compare runs")
    .argument("[folder]", "the folder that holds them (default: runs)")
    .addOption(
      new Option(
        "--metric <name>",
        "figure whose curves are drawn (default: validationLoss, or loss where nothing is held out)",
      ).choices(RUN_METRICS),
    )
    .option("--json", "write one JSON object for each run")
    .addHelpText("after", EXAMPLES)
    .action(async (folder: string | undefined, options: RunsOptions) => {
      const { folder: place, runs, problems } = await openSession().runs(folder);
      for (const { problem } of problems) terminal.note(`Warning: ${problem}`);
      if (options.json) {
        for (const run of runs) terminal.printJson({ event: "run", ...plainRun(run) });
        return;
      }
      if (runs.length === 0) terminal.print(`No runs in ${printable(place)}.`);
      for (const run of runs) for (const line of formatRun(run, terminal.out)) terminal.print(line);
      const { metric } = options;
      const curves = formatRunCurves(runs, metric, terminal.out);
      if (curves.length > 0) terminal.print("");
      for (const line of curves) terminal.print(line);
      if (curves.length === 0 && metric !== undefined && runs.length > 0) {
        terminal.note(`No run has two epochs with ${metric}: nothing is drawn.`);
      }
    });
}

interface RunsOptions {
  readonly json?: boolean;
  readonly metric?: RunMetric;
}

function formatRun(run: ListedRun, stream: TextStream): string[] {
  const { name, data, model, isFinished, epochs, figures, differing } = run;
  const { bold } = colorsOf(stream);
  const shown = [...figures].map(([figure, value]) => `${printable(figure)} ${value.toFixed(4)}`);
  const count = `${formatCount(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`;
  const facts = [model, printable(data), isFinished ? count : `${count}, not finished`].join("   ");
  const options = Object.entries(differing).flatMap(([option, value]) =>
    wordsOf(option as OptionName, value),
  );
  const indented = [facts, shown.join("   "), options.map(printable).join(" ")].filter((line) => line !== "");
  const width = widthOf(stream) - 2;
  return [
    bold(printable(name)),
    ...indented.flatMap((line) => wrapText(line, width).map((part) => `  ${part}`)),
  ];
}

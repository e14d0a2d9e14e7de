/** @file `auricle inspect`: the contents of a collection of recordings or pictures, its problems and its duplicates. */

import type { Command } from "commander";
import type { SplitFractions } from "../../data/collection/index.ts";
import { openSession, type Inspection, type PictureInspection } from "../../session/index.ts";
import { INTERRUPTED, type CommandContext } from "../context.ts";
import { addFeatureOptions, withFeatureFolder } from "../feature-folder.ts";
import { isFlawless } from "../inspection-parts.ts";
import { formatInspection } from "../inspection-report.ts";
import { splitFractions, wholeNumber } from "../option-values.ts";
import { progressBeside } from "../progress.ts";
import { formatPictureInspection } from "../picture-inspection-report.ts";
import { requireDataFolder } from "./require-folder.ts";

interface InspectCommandOptions {
  readonly duplicates: boolean;
  readonly split?: SplitFractions;
  readonly seed?: number;
  readonly officialSplit: boolean;
  readonly strict?: boolean;
  readonly threads?: number;
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle inspect ./genres               a folder for each class
  $ auricle inspect ./photos               pictures likewise
  $ auricle inspect gtzan --strict         exit code 1 if any problem is found
  $ auricle inspect clips.csv --json > inspection.json

Measurements are cached with the features, so the next inspection is fast.`;

export function addInspectCommand(program: Command, context: CommandContext): void {
  const inspecting = program
    .command("inspect")
    .description("check recordings or pictures for unreadable files, duplicates and leaks between parts")
    .argument("<data>", "a data set, a folder or a list of recordings or pictures")
    .option("--no-duplicates", "do not search for duplicates")
    .option(
      "--split <a/b/c>",
      "shares of training, validation and test (default: 0.85/0.10/0.05)",
      splitFractions,
    )
    .option("--seed <n>", "seed of the split (default: 0)", wholeNumber(0))
    .option("--no-official-split", "ignore the split that the data's authors published")
    .option("--strict", "exit with code 1 if any problem is found")
    .option("--threads <n>", "number of decoding threads (default: all processors)", wholeNumber(1));
  addFeatureOptions(inspecting)
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write all findings as one JSON object instead of tables")
    .addHelpText("after", EXAMPLES)
    .action(async (data: string, options: InspectCommandOptions, command: Command) => {
      const inspection = await withFeatureFolder(options, command, (featureFolder) =>
        inspect(data, { ...options, featureFolder }, context),
      );
      if (!inspection) return;
      const { terminal, setExitCode } = context;
      if (options.json) terminal.printJson({ event: "inspected", ...inspection });
      else terminal.print(format(inspection, { data, stream: terminal.out }));
      if (options.strict && !isFlawless(inspection)) setExitCode(1);
    });
}

function format(
  inspection: Inspection | PictureInspection,
  options: Parameters<typeof formatInspection>[1],
): string {
  return "medium" in inspection
    ? formatPictureInspection(inspection, options)
    : formatInspection(inspection, options);
}

/** @returns undefined when interrupted. */
async function inspect(
  data: string,
  options: InspectCommandOptions,
  { terminal, interruptible, setExitCode }: CommandContext,
): Promise<Inspection | PictureInspection | undefined> {
  requireDataFolder(options);
  const progress = progressBeside(terminal);
  const inspection = openSession().inspectData(data, options);
  const signal = interruptible();
  if (signal.aborted) inspection.stop();
  else signal.addEventListener("abort", () => inspection.stop());
  try {
    return await inspection.listen((event) => progress.show(event));
  } catch (error) {
    if (!signal.aborted) throw error;
    progress.end();
    terminal.note("Interrupted. Measurements are kept: the same command continues from here.");
    setExitCode(INTERRUPTED);
    return undefined;
  } finally {
    progress.end();
  }
}

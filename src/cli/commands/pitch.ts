/** @file `auricle pitch`: the pitch of a voice or an instrument over time, as a published network hears it. */

import type { Command } from "commander";
import { DEFAULT_PITCH } from "../../pretrained/catalogue.ts";
import type { CommandContext } from "../context.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { fraction, positiveNumber, wholeNumber } from "../option-values.ts";
import { pitchOutput, type PitchOptions } from "./pitch-output.ts";
import { runPrediction } from "./run-prediction.ts";

const EXAMPLES = `
Examples:
  $ auricle pitch voice.wav                    its range, and its notes in order
  $ auricle pitch voice.wav --csv voice.csv    time, frequency and confidence
  $ auricle pitch ./scales --hop 0.05 --json

For one voice or instrument at a time. The models: auricle pretrained`;

interface Options extends PitchOptions {
  readonly model: string;
  readonly hop: number;
  readonly threads?: number;
  readonly strict?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
}

export function addPitchCommand(program: Command, context: CommandContext): void {
  program
    .command("pitch")
    .description("follow the pitch of a voice or an instrument")
    .argument("<files...>", "recordings; folders are searched")
    .option(
      "--model <model>",
      "crepe-tiny, crepe-full, or a model file whose tags are pitches",
      DEFAULT_PITCH,
    )
    .option("--hop <seconds>", "time from one estimate to the next", positiveNumber, 0.01)
    .option("--least <probability>", "leave out estimates that are less sure than this", fraction, 0.5)
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1))
    .option("--strict", "stop at the first file that cannot be read")
    .option("--csv <file>", 'write a table with one row for each estimate; "-" writes it to stdout')
    .option("--data-folder <folder>", "a folder with the model's package, searched first")
    .option("--no-download", "do not download the model")
    .option("--json", "write one JSON object for each recording")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: Options, command: Command) => {
      if (options.json && options.csv === CSV_STDOUT) {
        command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
      }
      await runPrediction(
        options.model,
        files,
        options,
        (model) => pitchOutput(model, options, context),
        context,
      );
    });
}

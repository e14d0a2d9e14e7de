/** @file `auricle tag`: the tags that a published network gives to recordings. */

import type { Command } from "commander";
import { AuricleError } from "../../errors.ts";
import { DEFAULT_TAGGER } from "../../pretrained/catalogue.ts";
import type { ModelFacts } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { wholeNumber } from "../option-values.ts";
import { highestTags } from "../recording-answer.ts";
import { withPredictionOptions, type PredictOptions } from "./predict-options.ts";
import { recordingOutput } from "./predict-sound.ts";
import { runPrediction } from "./run-prediction.ts";

interface TagOptions extends Omit<PredictOptions, "index"> {
  readonly model: string;
}

/** As many tags stand for a recording: musicnn's own command prints three. */
const NAMED = 3;

const EXAMPLES = `
Examples:
  $ auricle tag song.mp3                       its tags, the most probable first
  $ auricle tag ./album --csv album.csv        all recordings in a folder
  $ auricle tag song.mp3 --model musicnn-msd   genres, decades and moods

The models: auricle pretrained`;

export function addTagCommand(program: Command, context: CommandContext): void {
  withPredictionOptions(
    program
      .command("tag")
      .description("tag music by a pretrained model")
      .argument("<files...>", "recordings; folders are searched")
      .option(
        "--model <model>",
        "a pretrained model, or a run's folder or a model file that tags",
        DEFAULT_TAGGER,
      )
      .option("--top <n>", "number of tags to show for each", wholeNumber(1), 10),
  )
    .option("--data-folder <folder>", "a folder with the model's package, searched first")
    .option("--no-download", "do not download the model")
    .option("--json", "write one JSON object for each, with all tags")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], options: TagOptions, command: Command) => {
      if (options.json && options.csv === CSV_STDOUT) {
        command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
      }
      const { model: place, top } = options;
      const outputOf = (model: ModelFacts) => {
        requireTags(model, place);
        // JSON and tables have as many as are asked for; people read a few, and then the bars.
        const isForPeople = !options.json && options.csv === undefined;
        return recordingOutput(
          model,
          options,
          context,
          highestTags(isForPeople ? Math.min(NAMED, top) : top),
        );
      };
      await runPrediction(place, files, options, outputOf, context);
    });
}

/** @throws AuricleError "argument" for a model that does not tag recordings */
function requireTags({ kind, task }: ModelFacts, place: string): void {
  if (kind === "sound" && task === "tagging") return;
  const what = kind === "images" ? "is of images" : `is for ${task}`;
  throw new AuricleError("argument", `tag: the model ${place} ${what}: use predict`);
}

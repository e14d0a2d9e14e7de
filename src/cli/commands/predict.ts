/** @file `auricle predict`: what a trained model says about recordings or images. */

import type { Command } from "commander";
import { isPretrainedName } from "../../pretrained/catalogue.ts";
import type { ModelFacts } from "../../session/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import { AnswersNpz } from "../answers-npz.ts";
import type { CommandContext } from "../context.ts";
import { exampleNumbers, wholeNumber } from "../option-values.ts";
import { withPredictionOptions, type PredictOptions } from "./predict-options.ts";
import { pictureOutput } from "./predict-pictures.ts";
import { withArrays } from "./prediction-output.ts";
import { recordingOutput } from "./predict-sound.ts";
import { refuseOptions } from "./refuse-options.ts";
import { runPrediction } from "./run-prediction.ts";

/** Recordings are named; images may be those of the run's own test part, which may have to be found first. */
const FOR_IMAGES = ["index"] as const;
const FOR_SOUND = ["hop"] as const;
const FOR_FOUND_FILES = [...FOR_IMAGES, "dataFolder", "download"] as const;

const EXAMPLES = `
Examples:
  $ auricle predict runs/genres song.mp3          a recording, of any length
  $ auricle predict runs/genres ./album           all recordings in a folder
  $ auricle predict runs/genres ./album --csv album.csv
  $ auricle predict runs/genres/best.safetensors song.mp3
  $ auricle predict musicnn-msd song.mp3          a pretrained model
  $ auricle predict runs/photos cat.jpg ./more    images, and all in a folder
  $ auricle predict runs/digits --index 0..4      five images of its test part
  $ auricle predict runs/digits my-idx3-ubyte.gz  all images of an IDX file`;

export function addPredictCommand(program: Command, context: CommandContext): void {
  withPredictionOptions(
    program
      .command("predict")
      .description("apply a trained model to recordings or images")
      .argument("<model>", "a run's folder, a model file (.safetensors) or a pretrained model")
      .argument("[files...]", "recordings or images; folders are searched")
      .option("--index <numbers>", 'images of the test part, such as "7" or "0..9,17"', exampleNumbers)
      .option("--top <n>", "number of classes to show for each", wholeNumber(1), 3),
  )
    .option("--npz <file>", "write the outputs as arrays for NumPy")
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write one JSON object for each, with all classes")
    .addHelpText("after", EXAMPLES)
    .action(async (place: string, files: string[], options: PredictOptions, command: Command) => {
      if (files.length === 0 && !options.index) {
        command.error("error: name recordings or images, or images of the test part by --index");
      }
      if (options.json && options.csv === CSV_STDOUT) {
        command.error("error: --json and --csv - cannot both write to stdout: name a file for the table");
      }
      await predict(place, files, options, command, context);
    });
}

async function predict(
  place: string,
  files: readonly string[],
  options: PredictOptions,
  command: Command,
  context: CommandContext,
): Promise<void> {
  const ownOutput = (model: ModelFacts) => {
    if (model.kind === "images") {
      refuseOptions(command, FOR_SOUND, "is for sound, and this model is of images");
      return pictureOutput(model, files, options, context);
    }
    const unused = isPretrainedName(place) ? FOR_IMAGES : FOR_FOUND_FILES;
    refuseOptions(command, unused, "is for images, and this run is on sound");
    return recordingOutput(model, options, context);
  };
  const { npz } = options;
  const outputOf = (model: ModelFacts) =>
    npz === undefined ? ownOutput(model) : withArrays(new AnswersNpz(npz, model), ownOutput(model));
  await runPrediction(place, files, options, outputOf, context);
}

/** @file `auricle features`: what a network makes of recordings, as arrays for NumPy. */

import type { Command } from "commander";
import { openSession, type DataFeatures } from "../../session/index.ts";
import { checkNpzPlace } from "../answers-npz.ts";
import type { CommandContext } from "../context.ts";
import { addFeatureOptions, withFeatureFolder } from "../feature-folder.ts";
import { saveFeatures } from "../features-npz.ts";
import { wholeNumber } from "../option-values.ts";
import { progressOn } from "../progress.ts";
import { formatCount, printable } from "../text.ts";
import { requireDataFolder } from "./require-folder.ts";

interface FeaturesOptions {
  readonly from: string;
  readonly npz: string;
  readonly layer?: string;
  readonly windows?: boolean;
  readonly threads?: number;
  readonly strict?: boolean;
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle features ./genres --from musicnn --npz genres.npz
  $ auricle features list.csv --from musicnn --npz list.npz
  $ auricle features song.mp3 ./album --from musicnn-msd --npz album.npz
  $ auricle features ./genres --from runs/genres --windows --npz windows.npz

The labels of folders and lists are in the file too.

In Python, after f = numpy.load("genres.npz"), f["features"] has a row for each
of f["source"].`;

export function addFeaturesCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("features")
    .description("compute what a network makes of recordings or images, as arrays for NumPy")
    .argument(
      "<data...>",
      "a data set, a folder or a list, with its labels; or recordings and folders of them",
    )
    .requiredOption("--from <network>", "a run's folder, a model file or a pretrained model")
    .requiredOption("--npz <file>", "the file to write")
    .option("--layer <name>", "the layer, as auricle summary names it (default: what the last layer takes)")
    .option("--windows", "also write the rows of all windows, with their times")
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1))
    .option("--strict", "exit with an error if any file cannot be used");
  addFeatureOptions(command)
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write one JSON object instead of text")
    .addHelpText("after", EXAMPLES)
    .action(async (places: string[], options: FeaturesOptions) => {
      requireDataFolder(options);
      checkNpzPlace(options.npz);
      await withFeatureFolder(options, command, (featureFolder) =>
        write(places, { ...options, featureFolder }, context),
      );
    });
}

async function write(
  places: readonly string[],
  {
    npz,
    windows = false,
    json = false,
    from,
    layer,
    threads,
    strict,
    featureFolder,
    dataFolder,
    download,
  }: FeaturesOptions,
  { terminal, onInterrupt, setExitCode }: CommandContext,
): Promise<void> {
  const progress = progressOn(terminal, json);
  onInterrupt(() => {
    progress.end();
    terminal.note(
      "Interrupted: nothing was written. Features that were computed are cached: the same command continues.",
    );
  });
  let features: DataFeatures;
  try {
    features = await openSession()
      .features(places, { from, layer, threads, strict, featureFolder, dataFolder, download })
      .listen((event) => progress.show(event));
  } finally {
    progress.end();
  }
  const shapes = saveFeatures(npz, features, windows);
  if (features.unread > 0) setExitCode(1);
  if (json) {
    terminal.printJson({
      event: "features",
      file: npz,
      layer: features.layer,
      unread: features.unread,
      arrays: shapes,
    });
    return;
  }
  const { examples, width, classNames } = features;
  const labels = classNames.length > 0 ? "with labels" : "without labels";
  terminal.print(
    `${printable(npz)}: ${formatCount(examples.length)} × ${formatCount(width)} numbers, ${labels}, of ${printable(features.layer)}`,
  );
  terminal.print(`Arrays: ${Object.keys(shapes).join(", ")}`);
}

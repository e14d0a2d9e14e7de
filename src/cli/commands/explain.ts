/** @file `auricle explain`: what a model's answer rests on. */

import { InvalidArgumentError, Option, type Command } from "commander";
import {
  explainFiles,
  explainMap,
  METHODS_BY_KEY,
  openTrainedModel,
  type WrittenExplanation,
} from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { addFeatureOptions, withFeatureFolder } from "../feature-folder.ts";
import { JsonProgress } from "../json-progress.ts";
import { wholeNumber } from "../option-values.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { formatPercent, printable, wrapText } from "../text.ts";
import { TrainingProgress } from "../training-progress.ts";
import { warner } from "../warner.ts";
import { refuseOptions } from "./refuse-options.ts";
import { requireDataFolder } from "./require-folder.ts";
import { shortPath } from "./run-path.ts";

interface ExplainCommandOptions {
  readonly class?: string;
  readonly method?: readonly string[];
  readonly layer?: string;
  readonly start?: number;
  readonly out?: string;
  readonly map?: boolean;
  readonly seed?: number;
  readonly threads?: number;
  readonly featureFolder?: string;
  /** false after --no-cache. */
  readonly cache?: boolean;
  readonly dataFolder?: string;
  readonly download: boolean;
  readonly json?: boolean;
}

/** Options that have no use for a map, and those that have one for a map alone. */
const FOR_FILES = ["class", "method", "start"];
const FOR_MAPS = ["seed", "featureFolder", "cache", "dataFolder", "download"];

const EXAMPLES = `
Examples:
  $ auricle explain runs/genres song.mp3               why the model says so
  $ auricle explain runs/genres song.mp3 --class jazz  what speaks for jazz
  $ auricle explain runs/genres song.mp3 --method occlusion grad-cam
  $ auricle explain runs/genres/best.safetensors song.mp3 --out why
  $ auricle explain runs/genres --map                the test examples on a map`;

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("explain")
    .description("show what a model's answer rests on: pictures, sounds and a page")
    .argument("<model>", "the folder of a run, or a model file (.safetensors)")
    .argument("[files...]", "recordings or images")
    .option("--class <name>", "the class, tag or number to explain (default: the most probable)")
    .addOption(
      new Option("--method <names...>", "methods (default: all)").choices([...METHODS_BY_KEY.keys()]),
    )
    .option("--layer <name>", "the layer that Grad-CAM, feature maps or the map are of")
    .option("--start <seconds>", "where in a long recording the explained part begins", secondsFromZero)
    .option("--out <folder>", "a new folder to write into (default: explanations/ in the run)")
    .option("--map", "draw the examples of the run's test part as the model sees them")
    .option("--seed <n>", "with --map: the seed of UMAP (default: 0)", wholeNumber(0))
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1));
  addFeatureOptions(command)
    .option("--data-folder <folder>", "a folder with your own copies of data sets, searched first")
    .option("--no-download", "do not download missing files")
    .option("--json", "write one JSON object for each file, or for the map")
    .addHelpText("after", EXAMPLES)
    .action(async (place: string, files: string[], options: ExplainCommandOptions, command: Command) => {
      if (options.map) {
        refuseOptions(command, FOR_FILES, "explains an answer, and --map draws all examples");
        if (files.length > 0) command.error("error: --map takes no files: it draws the run's test examples");
        requireDataFolder(options);
        await withFeatureFolder(options, command, (featureFolder) =>
          drawMap(place, { ...options, featureFolder }, context),
        );
        return;
      }
      refuseOptions(command, FOR_MAPS, "is for --map");
      if (files.length === 0) command.error("error: name files, or --map for the run's test examples");
      await explainEach(place, files, options, context);
    });
}

async function explainEach(
  place: string,
  files: readonly string[],
  { class: wanted, method, layer, start, out, threads, json = false }: ExplainCommandOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const trained = await openTrainedModel(place, { threads }, warner(terminal, json));
  const options = {
    ...(wanted !== undefined && { class: wanted }),
    ...(method && { methods: method.flatMap((key) => METHODS_BY_KEY.get(key) ?? []) }),
    ...(layer !== undefined && { layer }),
    ...(start !== undefined && { start }),
    ...(out !== undefined && { out }),
  };
  await explainFiles(trained, files, options, (written) => show(terminal, written, json));
}

async function drawMap(
  place: string,
  { json = false, ...options }: ExplainCommandOptions,
  { terminal, onInterrupt }: CommandContext,
): Promise<void> {
  const observer = json ? new JsonProgress(terminal) : new TrainingProgress(terminal.out);
  onInterrupt(() => {
    observer.end();
    terminal.note("Interrupted: no map was written. Features computed so far are cached for the next time.");
  });
  const { layer, out, seed, threads, featureFolder, dataFolder, download } = options;
  try {
    const found = await explainMap(place, {
      ...(layer !== undefined && { layer }),
      ...(out !== undefined && { out }),
      ...(seed !== undefined && { seed }),
      threads,
      featureFolder,
      dataFolder,
      download,
      onProgress: downloadNotes(terminal),
      observer,
    });
    observer.end();
    if (json) {
      terminal.printJson({ event: "map", run: place, ...found });
      return;
    }
    for (const note of found.notes) terminal.note(note);
    const share = formatPercent(found.share, 1);
    terminal.print(
      `${found.examples} test examples; two principal components have ${share} of the variance.`,
    );
    terminal.print(`Page: ${shortPath(found.page)}`);
  } finally {
    observer.end();
  }
}

function secondsFromZero(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError("It must be seconds, 0 or more.");
}

function show(terminal: Terminal, written: WrittenExplanation, json: boolean): void {
  const { path, folder, page, files, data } = written;
  if (json) {
    terminal.printJson({
      event: "explanation",
      source: path,
      folder,
      page,
      files,
      class: data.explained,
      ...(data.part !== undefined && { part: data.part }),
      maps: data.maps.map(({ key, title, facts, verdict, kept, removed }) => ({
        method: key,
        title,
        facts: Object.fromEntries(facts.map(({ name, value }) => [name, value])),
        ...(verdict && { passes: verdict.isGood, verdict: verdict.text }),
        ...(kept && { kept: kept.answer }),
        ...(removed && { removed: removed.answer }),
      })),
      notes: data.notes,
    });
    return;
  }
  const { bold, dim } = colorsOf(terminal.out);
  const width = widthOf(terminal.out);
  const indented = (text: string, indent = "  ") =>
    wrapText(printable(text), width - indent.length).forEach((line) => terminal.print(indent + line));
  terminal.print(`${bold(printable(path))}: ${bold(printable(data.explained))}`);
  for (const note of data.notes) indented(note);
  for (const { title, verdict, kept, removed, facts } of data.maps) {
    terminal.print("");
    terminal.print(`  ${bold(printable(title))}`);
    for (const { name, value } of facts) indented(`${name}: ${value}`, "    ");
    if (kept) indented(`the most relevant part alone: ${kept.answer}`, "    ");
    if (removed) indented(`all but that part: ${removed.answer}`, "    ");
    if (verdict) indented(verdict.text, "    ");
  }
  terminal.print("");
  terminal.print(`  ${dim(`${files.length} files in ${shortPath(folder)}`)}`);
  terminal.print(`Page: ${shortPath(page)}`);
}

/** @file `auricle explain`: what a model's answer rests on. */

import { InvalidArgumentError, Option, type Command } from "commander";
import { explainFiles, METHODS_BY_KEY, openTrainedModel, type WrittenExplanation } from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { wholeNumber } from "../option-values.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { printable, wrapText } from "../text.ts";
import { warner } from "../warner.ts";
import { shortPath } from "./run-path.ts";

interface ExplainCommandOptions {
  readonly class?: string;
  readonly method?: readonly string[];
  readonly layer?: string;
  readonly start?: number;
  readonly out?: string;
  readonly threads?: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle explain runs/genres song.mp3               why the model says so
  $ auricle explain runs/genres song.mp3 --class jazz  what speaks for jazz
  $ auricle explain runs/genres song.mp3 --method occlusion grad-cam
  $ auricle explain runs/genres/best.safetensors song.mp3 --out why`;

export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command("explain")
    .description("show what a model's answer rests on: pictures, sounds and a page")
    .argument("<model>", "the folder of a run, or a model file (.safetensors)")
    .argument("<files...>", "recordings")
    .option("--class <name>", "the class, tag or number to explain (default: the most probable)")
    .addOption(
      new Option("--method <names...>", "methods (default: all)").choices([...METHODS_BY_KEY.keys()]),
    )
    .option("--layer <name>", "the layer that Grad-CAM and the feature maps are of")
    .option("--start <seconds>", "where in a long recording the explained part begins", secondsFromZero)
    .option("--out <folder>", "a new folder to write into (default: explanations/ in the run)")
    .option("--threads <n>", "number of threads (default: all processors)", wholeNumber(1))
    .option("--json", "write one JSON object for each file")
    .addHelpText("after", EXAMPLES)
    .action(async (place: string, files: string[], options: ExplainCommandOptions) => {
      const { terminal } = context;
      const trained = await openTrainedModel(place, options, warner(terminal, options.json ?? false));
      const { method, class: wanted, layer, start, out } = options;
      await explainFiles(
        trained,
        files,
        {
          ...(wanted !== undefined && { class: wanted }),
          ...(method && { methods: method.flatMap((key) => METHODS_BY_KEY.get(key) ?? []) }),
          ...(layer !== undefined && { layer }),
          ...(start !== undefined && { start }),
          ...(out !== undefined && { out }),
        },
        (written) => show(terminal, written, options.json ?? false),
      );
    });
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

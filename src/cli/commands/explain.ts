/** @file `auricle explain`: what a model's answer rests on. */

import { basename, join } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { embeddingMapFiles, explanationFiles, PAGE_NAME, type ExplanationData } from "../../report/index.ts";
import { drawExplanation, METHODS_BY_KEY } from "../../runs/index.ts";
import { openSession, type ExplainedInput, type Explanation } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { folderName, makeExplanationFolder, writeExplanation } from "../explanation-folder.ts";
import { addFeatureOptions, withFeatureFolder } from "../feature-folder.ts";
import { exampleNumbers, wholeNumber } from "../option-values.ts";
import { progressOn } from "../progress.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { formatPercent, printable, wrapText } from "../text.ts";
import { warner } from "../warner.ts";
import { refuseOptions } from "./refuse-options.ts";
import { requireDataFolder } from "./require-folder.ts";
import { shortPath } from "./run-path.ts";

interface ExplainCommandOptions {
  readonly class?: string;
  readonly method?: readonly string[];
  readonly layer?: string;
  readonly start?: number;
  readonly index?: readonly number[];
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
const FOR_FILES = ["class", "method", "start", "index"];
const FOR_MAPS = ["seed", "featureFolder", "cache"];
/** Options for what is found through the run's data: a map, and examples of the test part. */
const FOR_DATA = ["dataFolder", "download"];

const EXAMPLES = `
Examples:
  $ auricle explain runs/genres song.mp3               why the model says so
  $ auricle explain runs/genres song.mp3 --class jazz  what speaks for jazz
  $ auricle explain runs/genres song.mp3 --method occlusion grad-cam
  $ auricle explain runs/genres/best.safetensors song.mp3 --out why
  $ auricle explain runs/digits --index 7            one of the test examples
  $ auricle explain runs/digits t10k-images-idx3-ubyte.gz --index 7
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
    .option(
      "--index <numbers>",
      'examples of the run\'s test part, or pictures of an IDX or CIFAR-10 file, such as "7" or "0..3"',
      exampleNumbers,
    )
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
      if (files.length > 0) {
        refuseOptions(command, FOR_DATA, "is for --map and for --index without files");
      } else if (options.index === undefined) {
        command.error(
          "error: name files, --index for examples of the run's test part, or --map for all of them",
        );
      }
      requireDataFolder(options);
      await explainEach(place, inputsOf(files, options), options, context);
    });
}

/** An input to explain, and the number of the picture in a file that holds many. */
interface Wanted {
  readonly input: ExplainedInput;
  readonly example?: number;
}

function inputsOf(files: readonly string[], options: ExplainCommandOptions): readonly Wanted[] {
  const { index = [], dataFolder, download } = options;
  if (files.length === 0) return index.map((tested) => ({ input: { tested, dataFolder, download } }));
  const numbers = index.length === 0 ? [undefined] : index;
  return files.flatMap((input) => numbers.map((example) => ({ input, example })));
}

async function explainEach(
  place: string,
  all: readonly Wanted[],
  { class: wanted, method, layer, start, out, threads, json = false }: ExplainCommandOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const session = openSession();
  const warn = once(warner(terminal, json));
  const options = {
    threads,
    class: wanted,
    methods: method?.flatMap((key) => METHODS_BY_KEY.get(key) ?? []),
    layer,
    start,
    check: true,
    features: true,
  };
  for (const { input, example } of all) {
    const explanation = await session
      .explain(place, input, { ...options, example })
      .listen(({ text }) => warn(text));
    const { title, name } = namesOf(explanation);
    const data = await drawExplanation(explanation, { title, model: basename(explanation.model) });
    const own = out !== undefined && all.length > 1 ? join(out, name) : out;
    // Only now: what fails leaves no empty folder behind.
    const folder = await makeExplanationFolder(explanation.model, name, own);
    const written = await writeExplanation(folder, explanationFiles(data));
    show(terminal, { explanation, folder, page: join(folder, PAGE_NAME), files: written, data }, json);
  }
}

/** A title, and the name of a folder. */
function namesOf(explanation: Explanation): { readonly title: string; readonly name: string } {
  const { path, tested } = explanation;
  if (tested !== undefined) return { title: `${path}, test example ${tested}`, name: `test-${tested}` };
  const example = explanation.kind === "picture" ? explanation.example : undefined;
  const number = example === undefined ? ["", ""] : [`, number ${example}`, `-${example}`];
  return { title: `${basename(path)}${number[0]}`, name: `${folderName(path)}${number[1]}` };
}

/** Tells each text once: a model that is kept for the next file tells its warnings again. */
function once(warn: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    warn(text);
  };
}

async function drawMap(
  place: string,
  { json = false, ...options }: ExplainCommandOptions,
  { terminal, onInterrupt }: CommandContext,
): Promise<void> {
  const progress = progressOn(terminal, json);
  onInterrupt(() => {
    progress.end();
    terminal.note("Interrupted: no map was written. Features computed so far are cached for the next time.");
  });
  const { layer, out, seed, threads, featureFolder, dataFolder, download } = options;
  try {
    const map = await openSession()
      .embeddingMap(place, { layer, seed, threads, featureFolder, dataFolder, download })
      .listen((event) => progress.show(event));
    const drawn = embeddingMapFiles(map);
    const folder = await makeExplanationFolder(map.path, "map", out);
    const files = await writeExplanation(folder, drawn);
    progress.end();
    const { examples, share, notes } = map;
    const page = join(folder, "map.html");
    if (json) {
      terminal.printJson({ event: "map", run: place, folder, page, files, examples, share, notes });
      return;
    }
    for (const note of notes) terminal.note(note);
    terminal.print(
      `${examples} test examples; two principal components have ${formatPercent(share, 1)} of the variance.`,
    );
    terminal.print(`Page: ${shortPath(page)}`);
  } finally {
    progress.end();
  }
}

/** A written explanation. */
interface WrittenExplanation {
  readonly explanation: Explanation;
  /** Absolute. */
  readonly folder: string;
  readonly page: string;
  readonly files: readonly string[];
  readonly data: ExplanationData;
}

function secondsFromZero(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < Infinity) return value;
  throw new InvalidArgumentError("It must be seconds, 0 or more.");
}

function show(terminal: Terminal, written: WrittenExplanation, json: boolean): void {
  const { explanation, folder, page, files, data } = written;
  const { path, tested } = explanation;
  const example = explanation.kind === "picture" ? explanation.example : undefined;
  if (json) {
    terminal.printJson({
      event: "explanation",
      source: path,
      ...(example !== undefined && { example }),
      ...(tested !== undefined && { tested }),
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
  const number =
    tested !== undefined ? `, test example ${tested}` : example === undefined ? "" : `, number ${example}`;
  terminal.print(`${bold(printable(path + number))}: ${bold(printable(data.explained))}`);
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

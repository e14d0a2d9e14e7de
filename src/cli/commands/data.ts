/** @file `auricle data`: list the data sets, where their files are, and getting them. */

import { dirname } from "node:path";
import type { Command } from "commander";
import {
  datasetDefinition,
  knownDatasets,
  loadDataset,
  locateDataset,
  openAudioCollection,
  type AudioDatasetDefinition,
  type DatasetDefinition,
  type DatasetLocation,
} from "../../data/index.ts";
import { commandName } from "../command-name.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { formatBytes, formatCount, formatTable, padEnd, printable, wrapText } from "../text.ts";
import { requireDataFolder } from "./require-folder.ts";

interface DataOptions {
  readonly download?: boolean;
  readonly json?: boolean;
  readonly dataFolder?: string;
}

const EXAMPLES = `
Examples:
  $ auricle data                            the list of data sets
  $ auricle data fashion-mnist              one data set, and its files
  $ auricle data fashion-mnist --download   download its missing files
  $ auricle data gtzan --data-folder ~/music   use existing files`;

export function addDataCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("data")
    .description("list the data sets, show one, or download it")
    .argument("[name]", "a data set")
    .option("--download", "download missing files to the user's cache")
    .option("--data-folder <folder>", "a folder with your own copies, searched first")
    .option("--json", "write one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: DataOptions, command: Command) => {
      requireDataFolder(options);
      if (name === undefined) {
        if (options.download) command.error("error: --download needs the name of a data set");
        return listDatasets(terminal, options);
      }
      const definition = datasetDefinition(name);
      if (options.download) await download(definition, terminal, options);
      return showDataset(definition, terminal, options);
    });
}

async function listDatasets(terminal: Terminal, options: DataOptions): Promise<void> {
  const rows: string[][] = [["name", "what", "train", "test", "licence", "here"]];
  for (const definition of knownDatasets) {
    const location = await locateDataset(definition.name, { dataFolder: options.dataFolder });
    if (options.json) {
      terminal.printJson(describe(definition, location));
      continue;
    }
    rows.push([
      definition.name,
      firstPart(definition.title.replace(/^[^:]*: /, "")),
      ...countsOf(definition),
      firstPart(definition.licence).replace(/ [\d.]+$/, ""),
      presence(definition, location),
    ]);
  }
  if (options.json) return;
  terminal.print(formatTable(rows, "llrrll").join("\n"));
  terminal.print(`\nMore about one: ${commandName()} data <name>`);
}

/** Up to the first comma: the details, and a licence's version, are shown with the data set itself. */
function firstPart(text: string): string {
  return text.split(",")[0];
}

/** "1.2 GB", "24 GB": as exact as a size is that is known only about. */
function formatAbout(bytes: number): string {
  return bytes < 1e9 ? formatBytes(bytes) : `${Number((bytes / 1e9).toPrecision(2))} GB`;
}

/** How many examples there are to train on, validation included, and how many to test. */
function countsOf({ examples }: DatasetDefinition): [string, string] {
  const { train = 0, validation = 0, test, all = 0 }: Partial<Record<string, number>> = examples;
  return [formatCount(train + validation + all), test === undefined ? "-" : formatCount(test)];
}

function presence(definition: DatasetDefinition, location: DatasetLocation): string {
  if (definition.kind === "audio") {
    if (definition.render) return "built in";
    if (location.recordings !== undefined) return "yes";
    const bytes = definition.archives.reduce((sum, { approximateBytes }) => sum + approximateBytes, 0);
    return bytes === 0 ? "no" : `no (${formatAbout(bytes)})`;
  }
  const missing = location.files.filter(({ path }) => path === undefined);
  if (location.files.length === 0) return "built in";
  if (missing.length === 0) return "yes";
  const bytes = missing.reduce((sum, { file }) => sum + file.bytes, 0);
  return missing.length === location.files.length
    ? `no (${formatBytes(bytes)})`
    : `${location.files.length - missing.length} of ${location.files.length} files`;
}

async function download(
  definition: DatasetDefinition,
  terminal: Terminal,
  options: DataOptions,
): Promise<void> {
  const { name } = definition;
  const { dataFolder } = options;
  const controls = { dataFolder, onProgress: downloadNotes(terminal), download: true };
  if (definition.kind === "arrays") {
    for (const role of ["train", "test"] as const) await loadDataset(name, { role, ...controls });
    return;
  }
  for (const split of definition.splits) {
    await openAudioCollection(name, { splitName: split.name, ...controls });
  }
}

async function showDataset(
  definition: DatasetDefinition,
  terminal: Terminal,
  options: DataOptions,
): Promise<void> {
  const location = await locateDataset(definition.name, { dataFolder: options.dataFolder });
  if (options.json) {
    terminal.printJson(describe(definition, location));
    return;
  }
  const { bold } = colorsOf(terminal.out);
  const { classNames, licence, citation, homepage } = definition;
  const fields = {
    examples: describeExamples(definition),
    classes: classNames.join(", "),
    ...(definition.kind === "audio" && { splits: describeSplits(definition) }),
    licence,
    citation,
    homepage,
  };
  const lines = [
    bold(definition.title),
    "",
    ...Object.entries(fields).flatMap(([field, value]) => wrapField(field, value, terminal)),
    "",
    ...(definition.kind === "audio"
      ? describeRecordings(definition, location, terminal)
      : describeFiles(location)),
  ];
  terminal.print(lines.join("\n"));
}

function describeExamples({ examples }: DatasetDefinition): string {
  return Object.entries(examples)
    .map(([part, count]) => (part === "all" ? formatCount(count) : `${formatCount(count)} ${part}`))
    .join(", ");
}

/** The first is the default. */
function describeSplits({ splits }: AudioDatasetDefinition): string {
  return splits.map(({ name, title }) => `${name} (${title})`).join("; ");
}

function describeRecordings(
  { name, archives, byHand, homepage, render }: AudioDatasetDefinition,
  { recordings, folders }: DatasetLocation,
  terminal: Terminal,
): string[] {
  if (render && recordings === undefined) return ["Built in: rendered by code at its first use."];
  if (recordings !== undefined) return [`In ${printable(recordings)}`];
  const lines = ["Not here. Searched:", ...folders.map((folder) => `  ${printable(folder)}`)];
  if (archives.length === 0) return [...lines, ...wrapField("To get it", byHand ?? homepage, terminal)];
  const rows = archives.map((archive) => [
    `  ${archive.name}`,
    `about ${formatAbout(archive.approximateBytes)}`,
  ]);
  return [
    ...lines,
    "To be downloaded:",
    ...formatTable(rows, "lr"),
    `To get it: ${commandName()} data ${name} --download`,
  ];
}

/** A field with a long value: as many words a line as fit, the next lines indented. */
function wrapField(name: string, value: string, terminal: Terminal): string[] {
  const indent = 10;
  const lines = wrapText(value, widthOf(terminal.out) - indent);
  return lines.map((line, i) => padEnd(i === 0 ? `${name} ` : "", indent) + line);
}

function describeFiles(location: DatasetLocation): string[] {
  if (location.files.length === 0) return ["Built in: there are no files."];
  const folders = new Map<string, DatasetLocation["files"][number][]>();
  for (const file of location.files) {
    const folder = file.path === undefined ? "" : dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const lines = [...folders].flatMap(([folder, files]) => [
    folder === "" ? "Not here:" : `In ${printable(folder)}:`,
    ...formatTable(
      files.map(({ file }) => [`  ${file.name}`, formatBytes(file.bytes)]),
      "lr",
    ),
  ]);
  const rejected = location.files.flatMap((file) => file.rejected);
  lines.push(...rejected.map(({ path, reason }) => printable(`Skipped ${path}: ${reason}`)));
  if (folders.has("")) {
    lines.push("Searched:", ...location.folders.map((folder) => `  ${printable(folder)}`));
    lines.push(`To get them: ${commandName()} data ${location.name} --download`);
  }
  return lines;
}

function describe(definition: DatasetDefinition, location: DatasetLocation): object {
  const { name, title, licence, citation, homepage, examples, classNames } = definition;
  const files = location.files.map(({ file, path }) => ({
    name: file.name,
    bytes: file.bytes,
    path: path ?? null,
  }));
  const about = { name, title, licence, citation, homepage, examples, classNames, files };
  if (definition.kind === "arrays") return about;
  const splits = definition.splits.map((split) => ({ name: split.name, title: split.title }));
  const archives = definition.archives.map((archive) => ({
    name: archive.name,
    approximateBytes: archive.approximateBytes,
  }));
  return { ...about, splits, archives, recordings: location.recordings ?? null };
}

/** @file `auricle data`: which data sets there are, where their files are, and getting them. */

import { dirname } from "node:path";
import type { Command } from "commander";
import {
  datasetDefinition,
  knownDatasets,
  loadDataset,
  locateDataset,
  type DatasetDefinition,
  type DatasetLocation,
} from "../../data/index.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { formatBytes, formatCount, formatTable } from "../text.ts";

interface DataOptions {
  readonly download?: boolean;
  readonly json?: boolean;
  readonly dataFolder?: string;
}

const EXAMPLES = `
Examples:
  $ auricle data                            the list of data sets
  $ auricle data fashion-mnist              about one, and where its files are
  $ auricle data fashion-mnist --download   get its files, if they are not here`;

export function addDataCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("data")
    .description("list the data sets, show one, or download it")
    .argument("[name]", "a data set")
    .option("--download", "download the files that are not on this machine to the user's cache")
    .option("--data-folder <folder>", "a folder of your own copies, searched first")
    .option("--json", "write one JSON object a line")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: DataOptions, command: Command) => {
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
    const location = await locateDataset(definition.name, options);
    if (options.json) {
      terminal.printJson(describe(definition, location));
      continue;
    }
    rows.push([
      definition.name,
      firstPart(definition.title.replace(/^[^:]*: /, "")),
      formatCount(definition.examples.train),
      formatCount(definition.examples.test),
      firstPart(definition.licence),
      presence(location),
    ]);
  }
  if (options.json) return;
  terminal.print(formatTable(rows, "llrrll").join("\n"));
  terminal.print("\nMore about one: auricle data <name>");
}

/** Up to the first comma: the details are shown with the data set itself. */
function firstPart(text: string): string {
  return text.split(",")[0];
}

function presence(location: DatasetLocation): string {
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
  const onProgress = downloadNotes(terminal);
  for (const role of ["train", "test"] as const) {
    await loadDataset(definition.name, { role, onProgress, ...options, download: true });
  }
}

async function showDataset(
  definition: DatasetDefinition,
  terminal: Terminal,
  options: DataOptions,
): Promise<void> {
  const location = await locateDataset(definition.name, options);
  if (options.json) {
    terminal.printJson(describe(definition, location));
    return;
  }
  const { bold } = colorsOf(terminal.out);
  const { examples, classNames } = definition;
  const lines = [
    bold(definition.title),
    "",
    ...wrapField(
      "examples",
      `${formatCount(examples.train)} train, ${formatCount(examples.test)} test`,
      terminal,
    ),
    ...wrapField("classes", classNames.join(", "), terminal),
    ...wrapField("licence", definition.licence, terminal),
    ...wrapField("citation", definition.citation, terminal),
    ...wrapField("homepage", definition.homepage, terminal),
    "",
    ...describeFiles(location),
  ];
  terminal.print(lines.join("\n"));
}

/** A field with a long value: as many words a line as fit, the next lines indented. */
function wrapField(name: string, value: string, terminal: Terminal): string[] {
  const indent = 10;
  const lines: string[] = [];
  let line = name.padEnd(indent - 1);
  for (const word of value.split(" ")) {
    if (line.length + 1 + word.length > widthOf(terminal.out) && line.trim() !== "") {
      lines.push(line);
      line = " ".repeat(indent - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

function describeFiles(location: DatasetLocation): string[] {
  if (location.files.length === 0) return ["Built in: there are no files."];
  const folders = new Map<string, DatasetLocation["files"][number][]>();
  for (const file of location.files) {
    const folder = file.path === undefined ? "" : dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const lines = [...folders].flatMap(([folder, files]) => [
    folder === "" ? "Not here:" : `In ${folder}:`,
    ...formatTable(
      files.map(({ file }) => [`  ${file.name}`, formatBytes(file.bytes)]),
      "lr",
    ),
  ]);
  const rejected = location.files.flatMap((file) => file.rejected);
  lines.push(...rejected.map(({ path, reason }) => `Passed over ${path}: ${reason}`));
  if (folders.has("")) {
    lines.push("Searched:", ...location.folders.map((folder) => `  ${folder}`));
    lines.push(`To get them: auricle data ${location.name} --download`);
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
  return { name, title, licence, citation, homepage, examples, classNames, files };
}

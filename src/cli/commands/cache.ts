/** @file `auricle cache`: what features take on this machine, and making room. */

import { InvalidArgumentError, type Command } from "commander";
import { pretrainedFiles } from "../../pretrained/model-files.ts";
import {
  keptFeatures,
  limitFeatures,
  shrinkFeatures,
  type KeptFeatures,
  type KeptGroup,
} from "../../runs/index.ts";
import type { CommandContext } from "../context.ts";
import { colorsOf, widthOf, type TextStream } from "../terminal.ts";
import { displayWidth, formatBytes, formatCount, formatTable, printable, shortenStart } from "../text.ts";

interface CacheOptions {
  readonly clear?: boolean;
  readonly limit?: number;
  readonly featureFolder?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ auricle cache                 list by data and front end
  $ auricle cache --limit 2GB     limit its size, now and in future
  $ auricle cache --clear         remove it all

Removed features are computed again when needed. Features in use by a running
training or test are kept, and so are pretrained models.`;

export function addCacheCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command("cache")
    .description("list the cached features and pretrained models, or clear the features")
    .option("--clear", "remove all features except those in use")
    .option(
      "--limit <size>",
      "keep the cache below this size, now and in future, by removing the least recently used",
      byteSize,
    )
    .option("--feature-folder <folder>", "the folder of the features (default: the user's cache)")
    .option("--json", "write one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CacheOptions, command: Command) => {
      const { clear = false, limit, featureFolder, json } = options;
      if (clear && limit !== undefined) command.error("error: --clear and --limit cannot be used together");
      const { folder } = await keptFeatures(featureFolder);
      const freed = clear
        ? await shrinkFeatures(folder, 0)
        : limit !== undefined && (await limitFeatures(folder, limit));
      const kept = await keptFeatures(folder);
      const pretrained = await pretrainedFiles();
      if (json)
        terminal.printJson({ event: "cache", ...kept, pretrained, ...(freed !== false && { freed }) });
      else {
        if (freed !== false) terminal.print(`${formatBytes(freed)} removed.`);
        for (const line of formatKept(kept, terminal.out)) terminal.print(line);
        for (const line of formatPretrained(pretrained, terminal.out)) terminal.print(line);
      }
    });
}

function formatKept({ folder, limit, bytes, groups }: KeptFeatures, stream: TextStream): string[] {
  const { bold } = colorsOf(stream);
  const head = bold(`Features: ${formatBytes(bytes)} of at most ${formatBytes(limit)}`);
  const place = `In ${printable(folder)}`;
  if (groups.length === 0) return [head, place];
  const figures = formatTable(
    [
      ["front end", "files", "size", "used", ""],
      ...groups.map((group) => [
        group.kind,
        formatCount(group.files),
        formatBytes(group.bytes),
        new Date(group.used).toISOString().slice(0, 10),
        group.inUse ? "now in use" : "",
      ]),
    ],
    "lrrll",
  );
  const room = widthOf(stream) - Math.max(...figures.map(displayWidth)) - 2;
  const names = ["data", ...groups.map(nameOf)].map((name) => [shortenStart(name, room)]);
  const padded = formatTable(
    names.map(([name], row) => [name, figures[row]]),
    "ll",
  );
  return [head, place, "", ...padded];
}

/** Nothing where there are none. */
function formatPretrained(
  { folder, files }: Awaited<ReturnType<typeof pretrainedFiles>>,
  stream: TextStream,
): string[] {
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const rows = files.map((file) => [printable(file.name), formatBytes(file.bytes)]);
  const head = colorsOf(stream).bold(`Pretrained models: ${formatBytes(bytes)}`);
  return ["", head, `In ${printable(folder)}`, "", ...formatTable([["file", "size"], ...rows], "lr")];
}

function nameOf({ data, kind }: KeptGroup): string {
  if (data !== undefined) return printable(data);
  return kind === "measurements" ? "(of recordings, for inspect)" : "(of other programs or versions)";
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** "2GB", "500 MB", "0": bytes, with decimal units. */
function byteSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)B?$/i.exec(text.trim());
  if (!match) throw new InvalidArgumentError('It must be a size, such as "2GB" or "500MB".');
  return Math.round(Number(match[1]) * UNITS[match[2].toUpperCase()]);
}

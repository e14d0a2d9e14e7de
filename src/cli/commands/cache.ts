/** @file `auricle cache`: what features take on this machine, making room, and computing them before a training. */

import { InvalidArgumentError, type Command } from "commander";
import { clearUnpacked, unpackedArchives, type UnpackedArchives } from "../../data/packed/unpacked.ts";
import { pretrainedFiles } from "../../pretrained/model-files.ts";
import {
  keptFeatures,
  limitFeatures,
  shrinkFeatures,
  type KeptFeatures,
  type KeptGroup,
  type OptionName,
} from "../../runs/index.ts";
import { openSession, type PreparedData } from "../../session/index.ts";
import type { CommandContext } from "../context.ts";
import { countExamples } from "../nouns.ts";
import { onRanks, type Taking } from "../on-ranks.ts";
import { progressBeside } from "../progress.ts";
import { colorsOf, widthOf, type TextStream } from "../terminal.ts";
import { displayWidth, formatBytes, formatCount, formatTable, printable, shortenStart } from "../text.ts";
import { refuseOptions } from "./refuse-options.ts";
import { requireDataFolder } from "./require-folder.ts";
import {
  addTrainOptions,
  controlsOf,
  decidingValues,
  readTrainOptions,
  type TrainOptions,
} from "./train-options.ts";
import { checkOptions } from "./train-run.ts";

interface OwnOptions {
  readonly clear?: boolean;
  readonly limit?: number;
}

/** The options of a training that decide how its data are read. */
const NAMES: readonly OptionName[] = [
  ...(["model", "from", "recipe", "splitName", "task", "duplicates", "frontEnd", "window"] as const),
  ...(["size", "fit", "color", "config", "strict", "featureFolder", "threads"] as const),
  ...(["rankTimeout", "dataFolder", "download", "json"] as const),
];

const EXAMPLES = `
Examples:
  $ auricle cache                 list by data and front end
  $ auricle cache --limit 2GB     limit its size, now and in future
  $ auricle cache --clear         remove it all
  $ auricle cache ./genres        compute the features that "auricle train
                                  ./genres" with the same options would
  $ mpirun -n 8 auricle cache ./genres   the same in 8 processes

Removed features are computed again when needed, and archives are unpacked
again. What a running training or test uses is kept, and so are pretrained
models. A limit is for features alone.`;

export function addCacheCommand(program: Command, context: CommandContext): void {
  const cache = program
    .command("cache")
    .description(
      "list the cached features, unpacked data and pretrained models, clear them, or compute features",
    )
    .argument("[data]", "a data set, folder or list, to compute its features or pixels")
    .option("--clear", "remove all features and unpacked data except those in use")
    .option(
      "--limit <size>",
      "keep the cache below this size, now and in future, by removing the least recently used",
      byteSize,
    );
  addTrainOptions(cache, NAMES);
  cache
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, own: OwnOptions, command: Command) => {
      const options = await readTrainOptions(command);
      if (data === undefined) return showCache(options, own, command, context);
      if (own.clear || own.limit !== undefined) {
        command.error("error: --clear and --limit are for the whole cache; use them without data");
      }
      await onRanks(context, options.rankTimeout, async (taking, onRank) => {
        const prepared = await prepareData(data, options, command, onRank, taking);
        if (taking === undefined || taking.ranks.rank === 0) await showPrepared(prepared, options, onRank);
      });
    });
}

/** Computes what a training of these data would, this process its share. */
async function prepareData(
  data: string,
  options: TrainOptions,
  command: Command,
  { terminal, onInterrupt }: CommandContext,
  taking: Taking | undefined,
): Promise<PreparedData> {
  requireDataFolder(options);
  const session = openSession();
  checkOptions(options, await session.kindOf(data), command);
  const progress = progressBeside(terminal);
  onInterrupt(() => {
    progress.end();
    terminal.note("Interrupted. What is computed so far is cached: the same command continues from here.");
  });
  const { threads = taking?.threads, ...controls } = controlsOf(options);
  return session
    .prepare({ ...decidingValues(options), data }, { ...controls, threads, ranks: taking?.ranks })
    .listen((event) => progress.show(event))
    .finally(() => progress.end());
}

async function showPrepared(
  prepared: PreparedData,
  { featureFolder, json }: TrainOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const { kind, examples, unusable } = prepared;
  const kept = await keptFeatures(featureFolder);
  if (json) return terminal.printJson({ event: "cache", ...kept, prepared });
  const but = unusable > 0 ? `, ${formatCount(unusable)} of which cannot be used` : "";
  terminal.print(`Prepared: ${countExamples(examples, kind)}${but}.`);
  for (const line of formatKept(kept, terminal.out)) terminal.print(line);
}

async function showCache(
  options: TrainOptions,
  { clear = false, limit }: OwnOptions,
  command: Command,
  { terminal }: CommandContext,
): Promise<void> {
  if (clear && limit !== undefined) command.error("error: --clear and --limit cannot be used together");
  refuseOptions(
    command,
    NAMES.filter((name) => name !== "featureFolder" && name !== "json"),
    "is for the data that features are computed of; name them",
  );
  const { featureFolder, json } = options;
  const { folder } = await keptFeatures(featureFolder);
  // Archives are unpacked into the user's cache alone.
  const isUsers = featureFolder === undefined;
  const freed = clear
    ? (await shrinkFeatures(folder, 0)) + (isUsers ? await clearUnpacked() : 0)
    : limit !== undefined && (await limitFeatures(folder, limit));
  const kept = await keptFeatures(folder);
  const unpacked = isUsers ? await unpackedArchives() : undefined;
  const pretrained = await pretrainedFiles();
  if (json) {
    const removed = freed !== false && { freed };
    return terminal.printJson({
      event: "cache",
      ...kept,
      ...(unpacked && { unpacked }),
      pretrained,
      ...removed,
    });
  }
  if (freed !== false) terminal.print(`${formatBytes(freed)} removed.`);
  for (const line of formatKept(kept, terminal.out)) terminal.print(line);
  for (const line of unpacked ? formatUnpacked(unpacked, terminal.out) : []) terminal.print(line);
  for (const line of formatPretrained(pretrained, terminal.out)) terminal.print(line);
}

function formatKept({ folder, limit, bytes, groups }: KeptFeatures, stream: TextStream): string[] {
  const { bold } = colorsOf(stream);
  const head = bold(`Features: ${formatBytes(bytes)} of at most ${formatBytes(limit)}`);
  const place = `In ${printable(folder)}`;
  if (groups.length === 0) return [head, place];
  const figures = groups.map((group) => [group.kind, formatCount(group.files), ...usageOf(group)]);
  const rows = [["front end", "files", ...USAGE], ...figures];
  return [head, place, "", ...formatNamed("data", groups.map(nameOf), rows, "lrrll", stream)];
}

const USAGE = ["size", "used", ""];

function usageOf({ bytes, used, inUse }: Pick<KeptGroup, "bytes" | "used" | "inUse">): string[] {
  return [formatBytes(bytes), new Date(used).toISOString().slice(0, 10), inUse ? "now in use" : ""];
}

/** A table whose first column has the room that the others leave; `rows` has the others, their heads first. */
function formatNamed(
  head: string,
  names: readonly string[],
  rows: readonly string[][],
  columns: string,
  stream: TextStream,
): string[] {
  const figures = formatTable(rows, columns);
  const room = widthOf(stream) - Math.max(...figures.map(displayWidth)) - 2;
  return formatTable(
    [head, ...names].map((name, row) => [shortenStart(name, room), figures[row]]),
    "ll",
  );
}

/** Nothing where there are none. */
function formatUnpacked({ folder, bytes, archives }: UnpackedArchives, stream: TextStream): string[] {
  if (archives.length === 0) return [];
  const head = colorsOf(stream).bold(`Unpacked data: ${formatBytes(bytes)}`);
  const figures = archives.map((archive) => [formatCount(archive.files), ...usageOf(archive)]);
  const names = archives.map(({ source }) =>
    source === undefined ? "(of an earlier version)" : printable(source),
  );
  const table = formatNamed("archive", names, [["files", ...USAGE], ...figures], "rrll", stream);
  return ["", head, `In ${printable(folder)}`, "", ...table];
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

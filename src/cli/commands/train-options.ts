/** @file The options of `auricle train`, made from the table of training options. */

import { dirname } from "node:path";
import { Option, type Command } from "commander";
import { readFileBytes } from "../../io/atomic-file.ts";
import {
  appliesTo,
  OPTION_GROUPS,
  OPTION_NAMES,
  readRecipeFile,
  recipeFor,
  rowOf,
  withAbsolutePaths,
  type KindName,
  type OptionName,
  type TrainingValues,
} from "../../runs/index.ts";
import type { TrainOptions as SessionTrainOptions } from "../../session/index.ts";
import { readerOf } from "../option-values.ts";
import { refuseOptions } from "./refuse-options.ts";

/** The values of all options, those of a file among them; undefined where not given. */
export type TrainOptions = TrainingValues;

/** Adds the flags of options to a command, by group. @param names default: all */
export function addTrainOptions(train: Command, names: readonly OptionName[] = OPTION_NAMES): void {
  for (const group of OPTION_GROUPS) {
    if (group !== "") train.optionsGroup(group);
    for (const name of names.filter((one) => rowOf(one).group === group)) addOption(train, name);
  }
}

function addOption(train: Command, name: OptionName): void {
  const { flags, type } = rowOf(name);
  flags.forEach(([flag, help], i) => {
    const option = new Option(flag, i === 0 ? help + defaultOf(name) : help);
    if (flag.includes(" ")) option.argParser(readerOf(type));
    if (type.choices && flag.includes(" ")) option.choices(type.choices);
    train.addOption(option);
  });
}

/** The cases of data for which defaults are told, by their names in the help. */
const CASES = [
  {
    name: "small grey images",
    kind: "images",
    facts: { examples: 1000, pixels: { width: 28, height: 28, channels: 1 } },
  },
  {
    name: "other images",
    kind: "images",
    facts: { examples: 1000, pixels: { width: 96, height: 96, channels: 3 } },
  },
  { name: "sound", kind: "sound", facts: { examples: 1000 } },
] as const;

/** " (default: 64 for small grey images, 32 for other images and sound)". */
function defaultOf(name: OptionName): string {
  const { defaultNote, fallback, type } = rowOf(name);
  if (defaultNote !== undefined) return defaultNote && ` (default: ${defaultNote})`;
  const told = new Map<string, string[]>();
  for (const { name: data, kind, facts } of CASES) {
    if (!appliesTo(name, kind)) continue;
    const values: Readonly<Record<string, unknown>> = recipeFor(kind).values(facts);
    const value = name in values ? values[name] : fallback;
    if (value === undefined || typeof value === "boolean") continue;
    const text = value === null ? "none" : (type.format ?? String)(value);
    told.set(text, [...(told.get(text) ?? []), data]);
  }
  const [first] = told.keys();
  if (first === undefined) return "";
  if (told.size === 1) return ` (default: ${first})`;
  return ` (default: ${[...told].map(([text, data]) => `${text} for ${inWords(data)}`).join(", ")})`;
}

/** Joins names of {@link CASES}, those of all images as one. */
function inWords(names: readonly string[]): string {
  const images = CASES.filter(({ kind }) => kind === "images").map(({ name }): string => name);
  const areAll = images.every((name) => names.includes(name));
  return areAll ? ["images", ...names.slice(images.length)].join(" and ") : names.join(" and ");
}

/**
 * Reads what the user gave: the file of `--config`, and the flags, which beat it.
 * @throws AuricleError "file" where the file cannot be read or holds an unknown training option.
 */
export async function readTrainOptions(command: Command): Promise<TrainOptions> {
  const given = OPTION_NAMES.filter((name) => isGiven(command, name));
  const values = Object.fromEntries(given.map((name) => [name, valueOf(command, name)])) as TrainOptions;
  const flags = withAbsolutePaths(values, ".");
  const { config } = flags;
  if (config === undefined) return flags;
  const text = new TextDecoder().decode(await readFileBytes(config));
  return { ...withAbsolutePaths(readRecipeFile(text, config), dirname(config)), ...flags };
}

/** Returns the values of options that decide what is computed: those that a session is asked for. */
export function decidingValues(options: TrainOptions): TrainingValues {
  return Object.fromEntries(
    OPTION_NAMES.filter((name) => rowOf(name).changesBits).map((name) => [name, options[name]]),
  ) as TrainingValues;
}

/** Returns how a session is to carry a training out. */
export function controlsOf(options: TrainOptions): SessionTrainOptions {
  const { threads, strict, featureFolder, dataFolder, download, out, profile, cache } = options;
  return { threads, strict, featureFolder, dataFolder, download: download !== false, out, profile, cache };
}

/** Whether the user gave an option. */
function isGiven(command: Command, name: OptionName): boolean {
  return command.getOptionValueSource(name) === "cli";
}

/** `--no-patience` gives false; where that is no value, it stands for null. */
function valueOf(command: Command, name: OptionName): unknown {
  const value: unknown = command.getOptionValue(name);
  return value === false && !rowOf(name).type.schema.safeParse(value).success ? null : value;
}

/** Ends with a usage error where an option was given that the data have no use for. */
export function refuseOptionsOfOthers(command: Command, options: TrainOptions, kind: KindName): void {
  const other = kind === "images" ? "sound" : "images";
  const why = `is for ${other}, and these data are ${kind}`;
  const useless = OPTION_NAMES.filter((name) => !appliesTo(name, kind));
  refuseOptions(command, useless, why);
  const inFile = useless.find((name) => options[name] !== undefined);
  if (inFile !== undefined) command.error(`error: ${String(options.config)}: ${inFile} ${why}`);
}

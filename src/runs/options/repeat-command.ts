/** @file The command line that begins the same run again. Browser-safe. */

import { quoted } from "../shell-words.ts";
import type { StoredRun } from "./option.ts";
import { DECIDING_NAMES, rowOf, valueOfRun } from "./training-values.ts";
import type { OptionName } from "./table.ts";

/** `auricle train …` with every option that decides what is computed. */
export function commandOf(config: StoredRun): string {
  const words = DECIDING_NAMES.flatMap((name) => wordsOf(name, valueOfRun(name, config)));
  return ["auricle", "train", quoted(config.data), ...words.map(quoted)].join(" ");
}

/** Returns a value as words of a command line; none where the flags of the option say it by their absence. */
export function wordsOf(name: OptionName, value: unknown): string[] {
  if (value === undefined) return [];
  const { flags, type } = rowOf(name);
  const isOff = value === false || value === null;
  const flag = flags.map(([text]) => text.split(" ")[0]).find((text) => text.startsWith("--no-") === isOff);
  if (flag === undefined) return [];
  return typeof value === "boolean" || value === null ? [flag] : [flag, (type.format ?? String)(value)];
}

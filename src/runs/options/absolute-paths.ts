/** @file Paths among the values of training options. Browser-safe. */

import { resolve } from "#here/io/path";
import type { OptionName } from "./table.ts";
import { OPTION_NAMES, rowOf, type TrainingValues } from "./training-values.ts";

/** Values whose paths are absolute. @param folder what they are relative to: that of the file which states them */
export function withAbsolutePaths(values: TrainingValues, folder: string): TrainingValues {
  const entries = Object.entries(values).map(([name, value]) => {
    const known = OPTION_NAMES.find((one) => one === name);
    return [name, known ? withAbsolutePath(known, value, folder) : value];
  });
  return Object.fromEntries(entries) as TrainingValues;
}

/** One value, absolute if it is a path. */
export function withAbsolutePath(name: OptionName, value: unknown, folder: string): unknown {
  const { isPath } = rowOf(name).type;
  if (!isPath || typeof value !== "string") return value;
  return isPath === true || isPath(value) ? resolve(folder, value) : value;
}

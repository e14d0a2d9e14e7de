/** @file A run of a list as plain data. */

import type { ListedRun } from "../runs/index.ts";

/** A listed run as JSON has it: its figures are an object. */
export function plainRun(run: ListedRun): object {
  return { ...run, figures: Object.fromEntries(run.figures) };
}

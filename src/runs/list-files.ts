/** @file Lists of files with something about each, for notes and warnings. Browser-safe. */

import type { FileProblem } from "../data/audio/index.ts";
import { compareNames } from "../io/natural-order.ts";
import type { Warn } from "./observer.ts";
import type { ExampleStore } from "./run-kind.ts";

/** As many unusable files as are named; the report of a run names all. */
const NAMED_PROBLEMS = 10;

/** Tells `warn` which files are used although something is wrong with them. */
export async function warnOfFiles({ warnings }: ExampleStore, warn: Warn): Promise<void> {
  if (warnings.length > 0) await warn(listFiles("used despite problems:", warnings));
}

export function listFiles(title: string, problems: readonly FileProblem[]): string {
  const byName = [...problems].sort((a, b) => compareNames(a.path, b.path));
  const named = byName.slice(0, NAMED_PROBLEMS).map(({ path, problem }) => `  ${path}: ${problem}`);
  const others = problems.length - named.length;
  if (others > 0) named.push(`  and ${others} more`);
  return [title, ...named].join("\n");
}

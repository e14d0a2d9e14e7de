/** @file Lists of classes and of files in sentences: the first few, and how many more. Browser-safe. */

import type { FileProblem } from "./collection.ts";

/** As many as a sentence names. */
const NAMED = 5;

/** `"rock", "jazz" and 3 more` */
export function nameSome(names: readonly string[]): string {
  const list = names
    .slice(0, NAMED)
    .map((name) => JSON.stringify(name))
    .join(", ");
  return names.length > NAMED ? `${list} and ${names.length - NAMED} more` : list;
}

/** `a.wav: no such file; b.wav: empty file (0 bytes); and 3 more` */
export function nameProblems(problems: readonly FileProblem[]): string {
  const named = problems.slice(0, NAMED).map(({ path, problem }) => `${path}: ${problem}`);
  if (problems.length > NAMED) named.push(`and ${problems.length - NAMED} more`);
  return named.join("; ");
}

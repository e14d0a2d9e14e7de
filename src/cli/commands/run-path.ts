/** @file Paths of runs as people read them. */

import { relative } from "node:path";
import { cwd } from "node:process";

/** Relative to the current folder where it lies in it. */
export function shortPath(path: string): string {
  const fromHere = relative(cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

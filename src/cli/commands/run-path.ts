/** @file Paths of runs as people read them. */

import { relative } from "node:path";
import { cwd } from "node:process";
import { printable } from "../text.ts";

/** Relative to the current folder where it lies in it; printable. */
export function shortPath(path: string): string {
  const fromHere = relative(cwd(), path);
  return printable(fromHere.startsWith("..") ? path : fromHere);
}

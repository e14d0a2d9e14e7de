/** @file A short name of data, for the folders of runs. */

import { basename, resolve } from "node:path";
import { findKnownDataset } from "../../data/registry.ts";

/** The data set's name, or the last part of the path. */
export function shortDataName(data: string): string {
  return findKnownDataset(data) !== undefined ? data : basename(resolve(data));
}

/** @file Names of data: as a run stores them, and short ones for folders. Browser-safe. */

import { basename, resolve } from "#here/io/path";
import { findKnownDataset } from "../data/registry.ts";

/** The data set's name, or the last part of the path. */
export function shortDataName(data: string): string {
  return findKnownDataset(data) !== undefined ? data : basename(resolve(data));
}

/** A data set's name, or the absolute path of a folder or a list. */
export function dataOf(data: string): string {
  return findKnownDataset(data) ? data : resolve(data);
}

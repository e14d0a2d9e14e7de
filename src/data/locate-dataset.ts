/** @file Where a data set of the registry is on this machine. Node only. */

import { checkOptions, type OptionNames } from "../options.ts";
import { findRecordings } from "./known-audio.ts";
import { locateFile, searchFolders, type LocatedFile } from "./locate.ts";
import { datasetDefinition } from "./registry.ts";

export interface DatasetLocation {
  readonly name: string;
  /** The folders that were searched, in order. */
  readonly folders: readonly string[];
  readonly files: readonly LocatedFile[];
  /** The folder with the recordings of a data set of recordings; undefined when they are not here. */
  readonly recordings?: string | undefined;
}

export interface LocateOptions {
  /** A folder to search first: it, or one in it with the data set's name, holds the files. */
  readonly dataFolder?: string;
}

const OPTIONS: OptionNames<LocateOptions> = { dataFolder: true };

/**
 * Where each file of a known data set is on this machine. Nothing is downloaded. The content of its files is compared
 * by SHA-256, so this reads those that it finds; recordings are only looked for.
 * @throws AuricleError "data" for an unknown name, "file" when `dataFolder` or $AURICLE_DATA names no folder.
 */
export async function locateDataset(name: string, options: LocateOptions = {}): Promise<DatasetLocation> {
  checkOptions("locateDataset", options, OPTIONS, "name, ");
  const definition = datasetDefinition(name);
  const folders = await searchFolders(definition, options.dataFolder);
  const files = await Promise.all(definition.files.map((file) => locateFile(file, folders)));
  if (definition.kind === "arrays") return { name, folders, files };
  return { name, folders, files, recordings: await findRecordings(definition, folders) };
}

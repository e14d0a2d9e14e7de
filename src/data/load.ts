/** @file Known data sets by name: found on this machine, or downloaded once. Node only. */

import { join } from "node:path";
import { AuricleError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import type { DatasetDefinition, DatasetRole } from "./definition.ts";
import { downloadFile, type DownloadProgress, type DownloadRequest } from "./download.ts";
import { cacheFolder, DATA_VARIABLE, locateFile, searchFolders, type LocatedFile } from "./locate.ts";
import { datasetDefinition } from "./registry.ts";

export interface LoadOptions {
  /** Default `"train"`. */
  readonly role?: DatasetRole;
  /** A folder to search first: it, or one in it with the data set's name, holds the files. */
  readonly dataFolder?: string;
  /** Whether files that are not on this machine are downloaded to the user's cache. Default true. */
  readonly download?: boolean;
  /** Called during a download: which file, and how many of its bytes are here. */
  readonly onProgress?: (progress: DownloadProgress & { readonly file: string }) => void;
}

/**
 * Loads a data set of the registry, such as `"fashion-mnist"`.
 *
 * Its files are looked for in `dataFolder`, $AURICLE_DATA, the operating system's folders and the user's cache, in
 * this order; what is in none of them is downloaded. Only files whose size and SHA-256 are right are used.
 *
 * @throws AuricleError "data" for an unknown name (with the known ones), "file" when files cannot be had.
 */
export async function loadDataset(name: string, options: LoadOptions = {}): Promise<Dataset> {
  const definition = datasetDefinition(name);
  const { role = "train" } = options;
  if (role !== "train" && role !== "test") {
    throw new AuricleError(
      "argument",
      `data set "${name}": role must be "train" or "test"; got "${String(role)}"`,
    );
  }
  return definition.load(await obtainFiles(definition, role, options), role);
}

/** The path of each file that a role needs, downloading what is missing. */
export async function obtainFiles(
  definition: DatasetDefinition,
  role: DatasetRole,
  options: LoadOptions,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  const needed = definition.files.filter((file) => file.roles.includes(role));
  if (needed.length === 0) return paths;
  const folders = await searchFolders(definition, options.dataFolder);
  const located = await Promise.all(needed.map((file) => locateFile(file, folders)));
  const missing = located.filter(({ path }) => path === undefined);
  if (missing.length > 0 && options.download === false) throw notFound(definition, missing, folders);

  for (const { file, path: found } of located) {
    const path = found ?? join(cacheFolder(definition), file.name);
    if (found === undefined) {
      await download(definition, located, {
        ...file,
        path,
        onProgress: (progress) => options.onProgress?.({ file: file.name, ...progress }),
      });
    }
    paths.set(file.name, path);
  }
  return paths;
}

async function download(
  definition: DatasetDefinition,
  located: readonly LocatedFile[],
  request: DownloadRequest,
): Promise<void> {
  try {
    await downloadFile(request);
  } catch (cause) {
    if (!(cause instanceof AuricleError)) throw cause;
    const lines = [cause.message, ...describePassedOver(located), `Or ${byHand(definition)}`];
    throw new AuricleError("file", lines.join("\n"), { cause });
  }
}

function notFound(
  definition: DatasetDefinition,
  missing: readonly LocatedFile[],
  folders: readonly string[],
): AuricleError {
  const lines = [
    `data set "${definition.name}" is not on this machine, and downloading is off. Missing:`,
    ...missing.map(({ file }) => `  ${file.name} (${file.bytes} bytes)`),
    ...describePassedOver(missing),
    `Searched: ${folders.join(", ")}`,
    `Allow the download, or ${byHand(definition)}`,
  ];
  return new AuricleError("file", lines.join("\n"));
}

function describePassedOver(located: readonly LocatedFile[]): string[] {
  const rejected = located.flatMap((one) => one.rejected);
  if (rejected.length === 0) return [];
  return ["Passed over:", ...rejected.map(({ path, reason }) => `  ${path}: ${reason}`)];
}

function byHand(definition: DatasetDefinition): string {
  return `get the files from ${definition.homepage} by other means and name their folder in $${DATA_VARIABLE}`;
}

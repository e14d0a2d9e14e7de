/** @file Gets files of a data set: from this machine, or by a download. Node only. */

import { join } from "node:path";
import { AuricleError } from "../errors.ts";
import type { AboutDataset, ArrayDatasetDefinition, DatasetFile, DatasetRole } from "./definition.ts";
import { downloadFile, type DownloadRequest } from "./download.ts";
import { cacheFolder, DATA_VARIABLE, locateFile, searchFolders, type LocatedFile } from "./locate.ts";
import type { ObtainOptions } from "./obtain-options.ts";

/** The path of each file that a role needs; missing ones are downloaded. */
export async function obtainFiles(
  definition: ArrayDatasetDefinition,
  role: DatasetRole,
  options: ObtainOptions,
): Promise<Map<string, string>> {
  const needed = definition.files.filter((file) => file.roles.includes(role));
  return obtain(definition, needed, options);
}

/** The path of one file, which is downloaded if it is missing. */
export async function obtainFile(
  definition: AboutDataset,
  file: DatasetFile,
  options: ObtainOptions,
): Promise<string> {
  const [path] = (await obtain(definition, [file], options)).values();
  return path;
}

async function obtain(
  definition: AboutDataset,
  needed: readonly DatasetFile[],
  options: ObtainOptions,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  if (needed.length === 0) return paths;
  const folders = await searchFolders(definition, options.dataFolder);
  const located = await Promise.all(needed.map((file) => locateFile(file, folders)));
  const missing = located.filter(({ path }) => path === undefined);
  if (missing.length > 0 && options.download === false) throw notFound(definition, missing, folders);

  for (const { file, path: found } of located) {
    const path = found ?? join(cacheFolder(definition), file.name);
    if (found === undefined) {
      await download(definition, located, {
        urls: file.urls,
        bytes: file.bytes,
        sha256: file.sha256,
        path,
        onProgress: (progress) => options.onProgress?.({ file: file.name, ...progress }),
      });
    }
    paths.set(file.name, path);
  }
  return paths;
}

async function download(
  definition: AboutDataset,
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
  definition: AboutDataset,
  missing: readonly LocatedFile[],
  folders: readonly string[],
): AuricleError {
  const lines = [
    `data set "${definition.name}" is not on this machine, and downloads are disabled. Missing:`,
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
  return ["Skipped:", ...rejected.map(({ path, reason }) => `  ${path}: ${reason}`)];
}

function byHand(definition: AboutDataset): string {
  return `get the files from ${definition.homepage} by other means and name their folder in $${DATA_VARIABLE}`;
}

/** @file Where files of a data set may be on this machine, and which of them are right. Node only. */

import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env } from "node:process";
import envPaths from "env-paths";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import type { AboutDataset, DatasetFile } from "./definition.ts";
import { whyDifferent } from "./verify.ts";

/** The environment variable that names the folder of the user's own copies. */
export const DATA_VARIABLE = "AURICLE_DATA";

export interface LocatedFile {
  readonly file: DatasetFile;
  /** Where a whole and unchanged copy is; undefined when there is none. */
  readonly path: string | undefined;
  /** Files of the right name that were passed over since their content is another. */
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
}

/** Where downloads of a data set are kept: in the user's cache folder, as the operating system has it. */
export function cacheFolder(definition: AboutDataset): string {
  return join(envPaths("auricle").cache, "datasets", definition.name);
}

/** The folders in which files of a data set may be, in the order of the search. */
export async function searchFolders(
  definition: AboutDataset,
  dataFolder: string | undefined,
): Promise<string[]> {
  return [
    ...(await givenFolders(definition.name, dataFolder)),
    ...definition.systemFolders,
    cacheFolder(definition),
  ];
}

/**
 * The folders of the user's own copies: each that was given, and before it the one in it with this name.
 * @throws AuricleError "file" for one that is no folder
 */
export async function givenFolders(name: string, dataFolder: string | undefined): Promise<string[]> {
  const given = [
    { origin: "the option dataFolder", folder: dataFolder },
    { origin: `$${DATA_VARIABLE}`, folder: env[DATA_VARIABLE] },
  ];
  const folders: string[] = [];
  for (const { origin, folder } of given) {
    if (!folder) continue;
    await checkFolder(origin, resolve(folder));
    folders.push(resolve(folder, name), resolve(folder));
  }
  return folders;
}

async function checkFolder(origin: string, folder: string): Promise<void> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(folder)).isDirectory();
  } catch (cause) {
    throw fileError(`use ${origin},`, folder, cause);
  }
  if (!isFolder) throw new AuricleError("file", `cannot use ${origin}, ${folder}: it must be a folder`);
}

/** Looks for a file or a copy of it in the folders; the first whose content is right wins. */
export async function locateFile(file: DatasetFile, folders: readonly string[]): Promise<LocatedFile> {
  const forms = [{ names: [file.name], bytes: file.bytes, sha256: file.sha256 }, ...file.copies];
  const names = [...new Set(forms.flatMap((form) => form.names))];
  const rejected: { path: string; reason: string }[] = [];
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      try {
        const reason = await whyDifferent(
          path,
          forms.filter((form) => form.names.includes(name)),
        );
        if (reason === undefined) return { file, path, rejected };
        rejected.push({ path, reason });
      } catch (cause) {
        const code = errorCode(cause);
        if (code !== "ENOENT" && code !== "ENOTDIR") {
          rejected.push({ path, reason: fileError("read", path, cause).message });
        }
      }
    }
  }
  return { file, path: undefined, rejected };
}

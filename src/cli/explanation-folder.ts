/** @file The folder of an explanation, in which nothing is overwritten. */

import { mkdir, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError, writeFileAtomic } from "../io/atomic-file.ts";
import type { ExplanationFile } from "../report/index.ts";

/** The folder beside a run's other files that holds its explanations. */
const EXPLANATIONS = "explanations";

/**
 * Makes the folder of one explanation: the one that was asked for, which must be new or empty, or one in `explanations` within the run's
 * folder or beside the model file, named after what is explained and numbered where there is one of that name.
 * @param place the run's folder or the model file
 * @throws AuricleError "file" for a folder that holds something, or cannot be made
 */
export async function makeExplanationFolder(
  place: string,
  name: string,
  out: string | undefined,
): Promise<string> {
  if (out !== undefined) {
    const folder = resolve(out);
    if (!(await isFree(folder))) {
      throw new AuricleError(
        "file",
        `${folder}: exists and is not empty; name a new folder with --out, nothing is overwritten`,
      );
    }
    await make(folder);
    return folder;
  }
  const isFolder = (await stat(place)).isDirectory();
  const parent = join(isFolder ? place : dirname(resolve(place)), EXPLANATIONS);
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    if (!(await isFree(folder))) continue;
    await make(folder);
    return folder;
  }
}

/** A file's name without what names its format, as a folder's name. */
export function folderName(path: string): string {
  return basename(path).replace(/\.[^.]+$/, "") || "explanation";
}

/** Writes files into a folder, in their order. @returns their paths @throws AuricleError "file" when one cannot be written. */
export async function writeExplanation(folder: string, files: readonly ExplanationFile[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { name, content } of files) {
    const path = join(folder, ...name.split("/"));
    await make(dirname(path));
    await writeFileAtomic(path, content);
    paths.push(path);
  }
  return paths;
}

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw fileError("make", folder, cause);
  }
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return true;
    if (errorCode(cause) === "ENOTDIR") return false;
    throw fileError("read", folder, cause);
  }
}

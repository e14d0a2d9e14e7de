/** @file A collection in a folder or a list. Browser-safe. */

import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { errorCode, fileError } from "../../io/atomic-file.ts";
import { readClassFolder } from "./class-folder.ts";
import type { Collection, Example, Task } from "./collection.ts";
import { hasListExtension } from "./list-rows.ts";
import { listsInFolder, readList } from "./list.ts";
import type { Medium } from "./medium.ts";

/**
 * Opens a folder with a folder for each class, a folder with a list and the files it names, or a list.
 * @param path absolute
 * @returns undefined where there is nothing of that name
 * @throws AuricleError "data" or "file" when it is not understood, or nothing in it can be used.
 */
export async function openPath<F extends object, E extends Example>(
  path: string,
  medium: Medium<F, E>,
  task: Task | undefined,
): Promise<Collection<E> | undefined> {
  const kind = await kindOfPath(path);
  if (kind === undefined) return undefined;
  if (kind === "folder") return openFolder(path, medium, task);
  if (hasListExtension(path)) return readList(path, medium, task);
  throw new AuricleError(
    "data",
    `${path}: ${medium.words.files} come from a folder, an archive (.zip, .tm), or a list that ends with .csv, .tsv, .json or .jsonl`,
  );
}

async function openFolder<F extends object, E extends Example>(
  path: string,
  medium: Medium<F, E>,
  task: Task | undefined,
): Promise<Collection<E>> {
  const { list, hollow } = await listsInFolder(path, medium);
  if (list !== undefined) return readList(list, medium, task);
  try {
    return await readClassFolder(path, medium);
  } catch (error) {
    // A list that none of its files are beside says more than that there are no folders.
    if (error instanceof AuricleError && hollow.length > 0) return readList(hollow[0], medium, task);
    throw error;
  }
}

export async function kindOfPath(path: string): Promise<"folder" | "file" | undefined> {
  try {
    return (await store.look(path)).kind === "folder" ? "folder" : "file";
  } catch (cause) {
    const code = errorCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw fileError("read", path, cause);
  }
}

/** Refuses a collection with problems. @throws AuricleError "data" naming the first. */
export function refuseProblems({ problems }: Collection): void {
  const [first] = problems;
  if (!first) return;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new AuricleError("data", `${first.path}: ${first.problem}${others}; refused because strict is set`);
}

/**
 * @file The way from an address to a file. A file is found by names that the folders list, one after the other, and never by
 * putting the text of a request into a path: ".." or a drive is no name that a folder lists.
 */

import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { errorCode } from "../../io/atomic-file.ts";

/** The codes of the system where there is nothing of a name, or a link that leads nowhere. */
const NOT_THERE = ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"];

/**
 * The parts between the slashes of an address, each decoded once.
 * @param address the target of a request: "/runs/one%20run/result.json?x=1"
 * @returns undefined for one that is not a path, or is not percent-encoded UTF-8
 */
export function namesOf(address: string): string[] | undefined {
  const [path] = address.split("?", 1);
  if (!path.startsWith("/")) return undefined;
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/**
 * Finds an entry below a folder by the names on the way to it.
 * @param names none for the folder itself
 * @returns its real path, or undefined where there is none, or a link leads out of the folder
 * @throws the system's error where a folder may not be read.
 */
export async function findListed(folder: string, names: readonly string[]): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    let path = root;
    for (const name of names) {
      if (!(await readdir(path)).includes(name)) return undefined;
      path = await realpath(join(path, name));
      if (!isWithin(root, path)) return undefined;
    }
    return path;
  } catch (error) {
    if (NOT_THERE.includes(errorCode(error) ?? "")) return undefined;
    throw error;
  }
}

/** The same for a file alone: no folder, and no pipe or device, which would be waited for. */
export async function findFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  const path = await findListed(folder, names);
  return path !== undefined && (await stat(path)).isFile() ? path : undefined;
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

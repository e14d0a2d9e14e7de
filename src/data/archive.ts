/** @file Unpacks archives, and nothing outside the folder that they are unpacked to. Node only. */

import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, fileError } from "../io/atomic-file.ts";
import type { UnpackRequest } from "./archive-entry.ts";
import { unpackTar } from "./tar.ts";
import { unpackZip } from "./zip.ts";

/** How the folder begins in which an archive is unpacked before it is whole. */
const UNFINISHED = ".unpacking-";

/** Milliseconds after which such a folder is taken for one that a killed process left: a day. */
const STALE = 86_400_000;

/**
 * Unpacks an archive whole or not at all: into a folder beside `folder`, which is then renamed. Only files and folders
 * are made; links are left out, and so are hidden files.
 * @throws AuricleError "file" when the archive is damaged, an entry of it would land elsewhere, it would unpack to more than
 * a hundred times its size, or the disk refuses.
 */
export async function unpackArchive(request: UnpackRequest): Promise<void> {
  const { archive, folder } = request;
  const parent = dirname(folder);
  let unfinished: string;
  try {
    await mkdir(parent, { recursive: true });
    await removeStale(parent);
    unfinished = await mkdtemp(join(parent, UNFINISHED));
  } catch (cause) {
    throw fileError("create a folder in", parent, cause);
  }
  try {
    if (archive.endsWith(".zip")) await unpackZip({ ...request, folder: unfinished });
    else await unpackTar({ ...request, folder: unfinished });
    await putInPlace(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function putInPlace(unfinished: string, folder: string): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (cause) {
    // Another process was faster: what it has put there is the same.
    const code = errorCode(cause);
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw fileError("put in place", folder, cause);
  }
}

async function removeStale(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(parent, name);
    if (Date.now() - (await stat(path)).mtimeMs > STALE) await rm(path, { recursive: true, force: true });
  }
}

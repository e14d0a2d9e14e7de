/** @file Unpacks archives, and nothing outside the folder that they are unpacked to. Node only. */

import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { extract } from "tar";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import { placeOfEntry, type UnpackRequest } from "./archive-entry.ts";
import { unpackZip } from "./zip.ts";

/** How the folder begins in which an archive is unpacked before it is whole. */
const UNFINISHED = ".unpacking-";

/** Milliseconds after which such a folder is taken for one that a killed process left: a day. */
const STALE = 86_400_000;

/**
 * Unpacks an archive whole or not at all: into a folder beside `folder`, which is then renamed. Only files and folders
 * are made; links are left out, and so are hidden files.
 * @throws AuricleError "file" when the archive is damaged, an entry of it would land elsewhere, or the disk refuses.
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

async function unpackTar({ archive, folder, strip = 0, onProgress }: UnpackRequest): Promise<void> {
  let refused: AuricleError | undefined;
  const place = (path: string) => {
    try {
      return placeOfEntry(archive, path, strip);
    } catch (error) {
      // An exception in the midst of parsing would be lost.
      if (error instanceof AuricleError) refused ??= error;
      else throw error;
      return undefined;
    }
  };
  const unpack = extract({
    cwd: folder,
    // A damaged archive must not pass for a whole one.
    strict: true,
    filter: (path, entry) => "type" in entry && TAR_FILES.has(entry.type) && place(path) !== undefined,
    onReadEntry: (entry) => (entry.path = place(entry.path) ?? entry.path),
  });
  const finished = new Promise<void>((resolve, reject) => unpack.on("close", resolve).on("error", reject));
  try {
    const total = (await stat(archive)).size;
    let received = 0;
    for await (const piece of createReadStream(archive) as AsyncIterable<Buffer>) {
      if (!unpack.write(piece)) {
        await Promise.race([new Promise<void>((resolve) => unpack.once("drain", resolve)), finished]);
      }
      if (refused) throw refused;
      received += piece.length;
      onProgress?.({ received, total });
    }
    unpack.end();
    await finished;
  } catch (cause) {
    // The next error of a stream that has failed is known already.
    finished.catch(() => undefined);
    if (cause instanceof AuricleError || errorCode(cause)?.startsWith("E")) {
      throw fileError("unpack", archive, cause);
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AuricleError("file", `${archive}: it is damaged: ${reason}; get it again`, { cause });
  }
  if (refused) throw refused;
}

/** The types of entries that are made: files, and the folders around them. */
const TAR_FILES: ReadonlySet<string> = new Set(["File", "OldFile", "ContiguousFile", "Directory"]);

/** @file The folder of a sweep that several ranks carry out, perhaps on several machines. Node only. */

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { acquireLock } from "#here/runs/lock";
import { store } from "#here/io/store/store";
import type { Ranks } from "../distributed/ranks.ts";
import { AuricleError } from "../errors.ts";
import { fileError } from "../io/atomic-file.ts";
import { exists } from "../runs/run-folder.ts";
import { LOCK_PREFIX, namesIn, SWEEP_FILES } from "./sweep-folder.ts";

/**
 * Makes the folder, and sees that all ranks have the same one and can go on with what is in it.
 * @param path absolute, the same on all ranks
 * @throws AuricleError "file", on all ranks, where one does not see what another writes there
 */
export async function meetInFolder(ranks: Ranks, path: string): Promise<void> {
  await requireCommon(ranks, path);
  // Whether a process has ended is known on its own machine alone, so each rank looks; one after the other, as looking takes the lock.
  for (let turn = 0; turn < ranks.size; turn++) {
    if (turn === ranks.rank) await unlockAll(path);
    await ranks.barrier("looking for locks");
  }
}

async function requireCommon(ranks: Ranks, path: string): Promise<void> {
  const isFirst = ranks.rank === 0;
  // The name of a lock: a sweep's folder may hold such files.
  const own = join(path, `${LOCK_PREFIX}${randomUUID()}`);
  if (isFirst) await makeFile(path, own);
  const probe = new TextDecoder().decode(await ranks.broadcast(new TextEncoder().encode(own), "the folder"));
  const seen = await ranks.gather(Uint8Array.of(Number(await exists(probe))), "the folder");
  if (isFirst) await store.remove(probe);
  const blind = seen.findIndex(([sees]) => sees === 0);
  if (blind < 0) return;
  throw new AuricleError(
    "file",
    `${path}: rank ${blind} does not see what rank 0 writes there; a sweep on several machines needs a folder that all of them share: ` +
      "name it with --out",
  );
}

async function makeFile(folder: string, path: string): Promise<void> {
  try {
    await store.makeFolder(folder);
    await store.writeAtomic(path, "");
  } catch (cause) {
    throw fileError("write", path, cause);
  }
}

/** Removes the locks that processes of this machine have left when they were killed, of the sweep and of its runs. */
async function unlockAll(path: string): Promise<void> {
  const runs = join(path, SWEEP_FILES.runs);
  const folders = (await namesIn(runs)).map((name) => join(runs, name));
  for (const folder of [path, ...folders]) await unlock(folder);
}

async function unlock(folder: string): Promise<void> {
  if (!(await namesIn(folder)).some((name) => name.startsWith(LOCK_PREFIX))) return;
  try {
    await (await acquireLock(folder)).release();
  } catch (error) {
    // Whoever needs the folder next says who holds it.
    if (!(error instanceof AuricleError)) throw error;
  }
}

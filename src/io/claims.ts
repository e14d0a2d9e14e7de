/**
 * @file Claims on parts of a cache that processes are using, so that nobody removes them. A folder's `in-use/` has a list of names for each claim, with the
 * process that made it. Browser-safe.
 */

import { basename, join } from "#here/io/path";
import { hostName, mayRun, nameOwner } from "#here/io/owner";
import { store } from "#here/io/store/store";
import * as z from "zod/mini";
import { writeFileAtomic } from "./atomic-file.ts";
import { parseOwner, type Owner, type OwnName } from "./owner.ts";
import { namesOfJson, readParsed } from "./parsed-file.ts";

const IN_USE = "in-use";

/** After this time a process on another machine, which cannot be asked, counts as ended. */
const FORGOTTEN_MILLISECONDS = 7 * 24 * 3600_000;

/** The owner is the text of a lock: see owner.ts. */
const claimSchema = z.object({ owner: z.string(), names: z.array(z.string()) });

/** The lists that this process has made, with its name in each. */
const own = new Map<string, OwnName>();

/** How many tasks of this process may be using what it has claimed. */
let tasks = 0;

/** How often claims were given back. */
let releases = 0;

/** A number that changes when the claims of this process are given back: what was claimed before may be gone. */
export const claimPeriod = (): number => releases;

/** Runs a task that may use caches, and gives back what was claimed when no task of this process is left. */
export async function withClaims<T>(run: () => Promise<T>): Promise<T> {
  tasks++;
  try {
    return await run();
  } finally {
    tasks--;
    if (tasks === 0) await release();
  }
}

/**
 * Says that this process uses what has these names in a folder, until the tasks of {@link withClaims} are done or the process ends.
 * @throws where the folder cannot be written
 */
export async function claim(folder: string, names: readonly string[]): Promise<void> {
  const place = join(folder, IN_USE);
  await store.makeFolder(place);
  const owner = await nameOwner(place);
  const path = join(place, `${crypto.randomUUID()}.json`);
  own.set(path, owner);
  await writeFileAtomic(path, JSON.stringify({ owner: owner.text, names }));
}

async function release(): Promise<void> {
  for (const [path, owner] of own) {
    await store.remove(path);
    await owner.forget();
  }
  own.clear();
  releases++;
}

/** The names in a folder that some process uses; lists of processes that have ended are removed. */
export async function claimedNames(folder: string): Promise<Set<string>> {
  const place = join(folder, IN_USE);
  const used = new Set<string>();
  for (const name of await namesOfJson(place)) {
    const path = join(place, name);
    const list = await readParsed(path, claimSchema);
    const owner = list && parseOwner(list.owner);
    if (list && owner && (await mayRun(owner, place)) && !(await isForgotten(owner, path))) {
      for (const one of list.names) used.add(one);
      continue;
    }
    await store.remove(path);
    if (owner?.socket !== undefined) await store.remove(join(place, basename(owner.socket)));
  }
  return used;
}

/** Whether a list is of a process on another machine, and so old that it counts as ended. */
async function isForgotten({ host }: Owner, path: string): Promise<boolean> {
  if (host === hostName()) return false;
  const made = await store.look(path).catch(() => undefined);
  return made === undefined || Date.now() - made.modified > FORGOTTEN_MILLISECONDS;
}

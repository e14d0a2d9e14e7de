/**
 * @file One process at a time in a run's folder: a file that names its owner. A process that was killed leaves its
 * file behind; it is recognised by its process being gone. Node only; `lock-browser.ts` is the same for browsers.
 */

import { randomInt } from "node:crypto";
import { open, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";
import type { Lock } from "./lock.ts";
import { parseOwner, type Owner } from "../io/owner.ts";
import { mayRun, nameOwner } from "../io/owner-node.ts";
import { someoneListens } from "../io/lock-socket.ts";

/**
 * A lock without content is being written, which takes no time, or its process was killed before it wrote it. So it is
 * looked at this often, so many milliseconds apart.
 */
const LOOKS = 10;
const LOOK_INTERVAL = 50;

/** Two that come into each other's way both step back, and try again after at most so many milliseconds, this often. */
const TRIES = 10;
const LONGEST_PAUSE = 200;

/**
 * Takes the lock of a folder, over from a process that is gone if need be.
 *
 * Locks are numbered. An abandoned lock is not removed but topped: of several processes that find it at the same moment,
 * only one can make the file with the next number. Whoever has made a file then looks at all others once more, and steps
 * back if one of them is somebody's: of two, at least the one that made its file later sees the other's. Nobody removes
 * a file but its maker, and who holds the lock those that were abandoned when it came.
 * @throws AuricleError "file" when another process holds it, naming that process and what to do.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const own = await nameOwner(folder);
  try {
    for (let tries = 1; ; tries++) {
      const before = await lockNumbers(folder);
      await requireAbandoned(folder, before);
      const number = (before[0] ?? 0) + 1;
      const path = lockPath(folder, number);
      // Where another process was faster, the next look finds its lock.
      if (!(await create(path, own.text))) continue;
      const others = (await lockNumbers(folder)).filter((other) => other !== number);
      try {
        await requireAbandoned(folder, others);
      } catch (error) {
        await rm(path, { force: true });
        if (tries >= TRIES) throw error;
        await setTimeout(randomInt(LONGEST_PAUSE));
        continue;
      }
      return {
        async release() {
          for (const old of others) await removeAbandoned(folder, old);
          await removeAbandonedSockets(folder);
          await rm(path, { force: true });
          await own.forget();
        },
      };
    }
  } catch (error) {
    await own.forget();
    throw error;
  }
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock-${number}`);
}

/** The numbers of all locks in a folder, highest first. */
async function lockNumbers(folder: string): Promise<number[]> {
  try {
    const matches = (await readdir(folder)).map((name) => /^lock-(\d+)$/.exec(name));
    return matches.flatMap((match) => (match ? [Number(match[1])] : [])).sort((a, b) => b - a);
  } catch (cause) {
    throw fileError("read the folder", folder, cause);
  }
}

/** Makes the file unless there is one. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw fileError("write", path, cause);
  }
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw fileError("read", path, cause);
  }
}

/** @throws AuricleError "file" naming the process that holds one of these locks. */
async function requireAbandoned(folder: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const path = lockPath(folder, number);
    const owner = await ownerOf(path);
    if (owner && (await mayRun(owner, folder))) throw isHeld(path, owner);
  }
}

/** Removes a lock that nobody holds, with the socket of its maker. */
async function removeAbandoned(folder: string, number: number): Promise<void> {
  const path = lockPath(folder, number);
  const { socket } = parseOwner((await readLock(path)) ?? "") ?? {};
  if (socket !== undefined) await rm(join(folder, basename(socket)), { force: true });
  await rm(path, { force: true });
}

/** Removes the sockets of processes that were killed before they made a lock: old ones, since a new one is not yet heard. */
async function removeAbandonedSockets(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^lock-.+\.socket$/.test(name) || (await someoneListens(folder, name))) continue;
    const path = join(folder, name);
    const made = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (made !== undefined && Date.now() - made > OLD_MILLISECONDS) await rm(path, { force: true });
  }
}

/** A process listens at a socket that it has made at once. */
const OLD_MILLISECONDS = 60_000;

/** Returns the process that a lock names; undefined where it names none or is gone. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const content = await readLock(path);
    if (content === undefined) return undefined;
    const owner = parseOwner(content);
    if (owner) return owner;
    await setTimeout(LOOK_INTERVAL);
  }
  return undefined;
}

function isHeld(path: string, { pid, host }: Owner): AuricleError {
  return new AuricleError(
    "file",
    `this run is being trained by process ${pid} on ${host}: wait for it or stop it. If there is no such process, ` +
      `delete ${path}`,
  );
}

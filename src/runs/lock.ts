/**
 * @file One process at a time in a run's folder: a file that names its owner. A process that was killed leaves its
 * file behind; it is recognised by its process being gone. Node only.
 */

import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { kill, pid } from "node:process";
import { setTimeout } from "node:timers/promises";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError } from "../io/atomic-file.ts";

export interface Lock {
  /** Lets the next process in. */
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Tells apart two owners with the same process id. */
  readonly id: string;
}

/**
 * A lock without content is being written, which takes no time, or its process was killed before it wrote it. So it is
 * looked at this often, so many milliseconds apart.
 */
const LOOKS = 10;
const LOOK_INTERVAL = 50;

/**
 * Takes the lock of a folder, over from a process of this machine that is gone if need be.
 *
 * Locks are numbered, and the highest number counts. An abandoned lock is not removed but topped: of several processes
 * that find it at the same moment, only one can make the file with the next number.
 * @throws AuricleError "file" when another process holds it, naming that process and what to do.
 */
export async function acquireLock(folder: string): Promise<Lock> {
  const own = JSON.stringify({ pid, host: hostname(), id: randomUUID() } satisfies Owner);
  const [highest = 0] = await lockNumbers(folder);
  const highestPath = lockPath(folder, highest);
  if (highest > 0 && !(await isAbandoned(highestPath))) {
    throw isHeld(highestPath, (await readLock(highestPath)) ?? "");
  }
  const number = highest + 1;
  const path = lockPath(folder, number);
  if (!(await create(path, own))) throw isHeld(path, (await readLock(path)) ?? "");
  const [top] = await lockNumbers(folder);
  if (top !== number) {
    // The locks up to this number were removed by the holder of a higher one, since they were looked at.
    await rm(path, { force: true });
    throw isHeld(lockPath(folder, top), (await readLock(lockPath(folder, top))) ?? "");
  }
  return {
    async release() {
      for (const old of await lockNumbers(folder)) {
        if (old < number) await rm(lockPath(folder, old), { force: true });
      }
      await rm(path, { force: true });
    },
  };
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

function parseOwner(content: string): Owner | undefined {
  try {
    const { pid, host, id } = JSON.parse(content) as Partial<Owner>;
    if (typeof pid === "number" && typeof host === "string" && typeof id === "string") {
      return { pid, host, id };
    }
  } catch {
    // Not whole: its owner is writing it, or was killed while it did.
  }
  return undefined;
}

/** Whether the process that made a lock is gone. Another machine's processes are not known here. */
async function isAbandoned(path: string): Promise<boolean> {
  let owner: Owner | undefined;
  for (let look = 0; look < LOOKS; look++) {
    const content = await readLock(path);
    if (content === undefined) return true;
    owner = parseOwner(content);
    if (owner) break;
    await setTimeout(LOOK_INTERVAL);
  }
  return !owner || (owner.host === hostname() && !isRunning(owner.pid));
}

function isRunning(process: number): boolean {
  try {
    kill(process, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and is another user's.
    return errorCode(error) === "EPERM";
  }
}

function isHeld(path: string, content: string): AuricleError {
  const owner = parseOwner(content);
  const who = owner ? `process ${owner.pid} on ${owner.host}` : "another process";
  return new AuricleError(
    "file",
    `this run is being trained by ${who}: wait for it or stop it. If there is no such process, delete ${path}`,
  );
}

/**
 * @file Whether the process that holds a lock still runs. A process id alone tells little: ids are given again, and in every
 * container the first process has the id 1. Node only; `owner-browser.ts` is the same for browsers.
 */

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { env, kill, pid, platform } from "node:process";
import { errorCode } from "./atomic-file.ts";
import type { Owner, OwnName } from "./owner.ts";
import { listenInFolder, someoneListens } from "./lock-socket.ts";

/** The name of this machine. */
export const hostName = hostname;

/** The ids under which this process holds locks, for systems that offer no other way to identify a process. */
const ownIds = new Set<string>();

/** Names this process, and listens in the folder for others that ask whether it lives. */
export async function nameOwner(folder: string): Promise<OwnName> {
  const id = randomUUID();
  const name = `lock-${id}.socket`;
  const socket = BOOT === undefined ? undefined : await listenInFolder(folder, name);
  ownIds.add(id);
  return {
    text: JSON.stringify({
      pid,
      host: hostname(),
      id,
      boot: BOOT,
      namespace: NAMESPACE,
      started: startOf(pid),
      ...(socket && { socket: name }),
    } satisfies Owner),
    async forget() {
      ownIds.delete(id);
      await socket?.close();
    },
  };
}

/** Whether an owner runs, or may run where that cannot be known, as on another machine. */
export async function mayRun(owner: Owner, folder: string): Promise<boolean> {
  const sameHost = owner.host === hostname();
  if (owner.boot !== undefined && owner.boot === BOOT) {
    if (owner.socket !== undefined) return someoneListens(folder, owner.socket);
    // Another container's processes are not seen. One that has our name and our number was here before us.
    if (owner.namespace !== NAMESPACE) return !(sameHost && owner.pid === pid);
    return startOf(owner.pid) === owner.started;
  }
  if (!sameHost) return true;
  // The machine was started again since.
  if (owner.boot !== undefined && BOOT !== undefined) return false;
  if (owner.pid === pid) return ownIds.has(owner.id);
  return isRunning(owner.pid) && (owner.started === undefined || owner.started === startOf(owner.pid));
}

const BOOT = onLinux(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
const NAMESPACE = onLinux(() => readlinkSync("/proc/self/ns/pid"));

function onLinux(read: () => string): string | undefined {
  if (platform !== "linux") return undefined;
  try {
    return read();
  } catch {
    // A sandbox without it.
    return undefined;
  }
}

/** When a process began, in the system's words; undefined where there is none of that id, or it cannot be known. */
function startOf(process: number): string | undefined {
  if (platform === "win32") return undefined;
  try {
    if (BOOT === undefined) {
      return execFileSync("ps", ["-o", "lstart=", "-p", String(process)], {
        encoding: "utf8",
        env: { ...env, LC_ALL: "C" },
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    }
    // The name of the program, in brackets, may hold anything. The 20th field after it counts ticks since the boot.
    const stat = readFileSync(`/proc/${process}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
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

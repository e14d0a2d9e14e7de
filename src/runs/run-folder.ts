/** @file Making and finding the folders of runs. Browser-safe. */

import { dirname, join, resolve } from "#here/io/path";
import { store } from "#here/io/store/store";
import { acquireLock } from "#here/runs/lock";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError, writeFileAtomic } from "../io/atomic-file.ts";
import { removeUnfinished } from "../io/unfinished-files.ts";
import type { Lock } from "./lock.ts";

/** Where runs go when no folder is given. */
export const RUNS_FOLDER = "runs";

/** The names of the files in a run's folder. */
export const RUN_FILES = {
  config: "config.json",
  versions: "versions.json",
  result: "result.json",
  metrics: "metrics.jsonl",
  last: "last.safetensors",
  previous: "previous.safetensors",
  best: "best.safetensors",
  warnings: "warnings.json",
  provenance: "provenance.safetensors",
  profile: "profile.json",
} as const;

/** The folder within a run's in which ways to use a network are compared; gone when one is chosen. */
export const WAYS_FOLDER = "ways";

/** Names of further files in a run's folder, all of which can be made again from `RUN_FILES`. */
const OTHER_FILES = ["split.json", "predictions.json", "report.html", "metrics.csv"];

/** The names of all files that a run keeps. */
export const RUN_FILE_NAMES: readonly string[] = [...Object.values(RUN_FILES), ...OTHER_FILES];

/** Whether a run writes a file of this name, whole or not at all. */
export function isWritten(name: string): boolean {
  return RUN_FILE_NAMES.includes(name) || name === MARKER;
}

/** A folder that this process may write to until it releases the lock. */
export interface RunFolder {
  readonly path: string;
  readonly lock: Lock;
}

/**
 * Makes the folder of a new run: `path`, or `runs/<date>-<time>-<model>-<data>` in the current folder, with a number
 * where two begin in the same second.
 * @throws AuricleError "file" when `path` holds something already, which stays as it is.
 */
export async function createRunFolder(
  path: string | undefined,
  about: { readonly model: string; readonly data: string; readonly now?: Date },
): Promise<RunFolder> {
  if (path !== undefined) {
    const folder = resolve(path);
    await makeFolder(folder);
    return claim(folder, path);
  }
  const stem = join(resolve(RUNS_FOLDER), runName(about));
  await makeFolder(dirname(stem));
  for (let number = 1; ; number++) {
    const folder = number === 1 ? stem : `${stem}-${number}`;
    try {
      await store.makeNewFolder(folder);
      return await claim(folder, folder);
    } catch (cause) {
      if (errorCode(cause) !== "EEXIST") throw fileError("create the folder", folder, cause);
    }
  }
}

/** `2026-11-22-161833-lenet5-digits`, in local time. */
export function runName({
  model,
  data,
  now = new Date(),
}: {
  model: string;
  data: string;
  now?: Date;
}): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("");
  return `${date}-${time}-${model}-${data}`.replace(/[^\w.-]+/g, "_");
}

/**
 * Refuses a folder that a new run cannot have, before the work of reading data is begun for it; one that is not there is
 * fine.
 * @param isOwn whether an entry of the folder may be there, beside the others
 * @throws AuricleError "file" when the folder holds something else.
 */
export async function requireRoom(path: string, isOwn: IsOwn = isLeftOver): Promise<void> {
  const folder = resolve(path);
  let entries: string[];
  try {
    entries = await namesIn(folder);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return;
    throw fileError("create the folder", folder, cause);
  }
  checkEntries(folder, path, entries, isOwn);
}

type IsOwn = (name: string, entries: readonly string[]) => boolean;

/** Marks a folder in which a new run is being made, until the config.json that makes it a run is there. */
const MARKER = ".auricle-run";

/**
 * Whether a file was left by a process that was killed before the folder was a run. The marker is written first: without it,
 * files of the same names belong to somebody else.
 */
function isLeftOver(name: string, entries: readonly string[]): boolean {
  if (name.startsWith("lock-") || name.startsWith(MARKER)) return true;
  return (
    entries.includes(MARKER) &&
    (name === WAYS_FOLDER ||
      /^(config\.json\.|versions\.json|split\.json|provenance\.safetensors)/.test(name))
  );
}

/** To be called when the configuration of a new run is written: from now on its folder is known by that. */
export async function endMaking(folder: string): Promise<void> {
  await store.remove(join(folder, MARKER));
}

function checkEntries(folder: string, given: string, entries: readonly string[], isOwn: IsOwn): void {
  if (entries.includes(RUN_FILES.config)) {
    throw new AuricleError(
      "file",
      `${folder} already holds a run: choose another folder, or continue it with --resume ${given}`,
    );
  }
  const foreign = entries.find((name) => !isOwn(name, entries));
  if (foreign !== undefined) {
    throw new AuricleError(
      "file",
      `${folder} is not empty (it holds ${foreign}): a new run needs a folder of its own`,
    );
  }
}

function isFolder(path: string): Promise<boolean> {
  return store.look(path).then(
    ({ kind }) => kind === "folder",
    () => false,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return (await store.list(folder)).map(({ name }) => name);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await store.makeFolder(folder);
  } catch (cause) {
    throw fileError("create the folder", folder, cause);
  }
}

/** Takes a folder for a new run, if it is empty but for what a killed process left. */
async function claim(folder: string, given: string): Promise<RunFolder> {
  const lock = await acquireLock(folder);
  try {
    checkEntries(folder, given, await namesIn(folder), isLeftOver);
    await removeUnfinished(folder, isWritten, 0);
    await writeFileAtomic(
      join(folder, MARKER),
      "A new run is being created here. Other files in this folder may be replaced.\n",
    );
    return { path: folder, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Takes the folder of a run to go on with it. @throws AuricleError "file" when there is none, or it is in use. */
export async function reopenRunFolder(path: string): Promise<RunFolder> {
  const folder = await findRun(path);
  const lock = await acquireLock(folder);
  // Whoever wrote here before is gone.
  await removeUnfinished(folder, isWritten, 0);
  await endMaking(folder);
  return { path: folder, lock };
}

/** Whether a folder holds a run. */
export function hasRun(path: string): Promise<boolean> {
  return exists(join(path, RUN_FILES.config));
}

/** The absolute path of a run's folder. @throws AuricleError "file" when `path` is none. */
export async function findRun(path: string): Promise<string> {
  const folder = resolve(path);
  if (await hasRun(folder)) return folder;
  if ((await exists(join(folder, RUN_FILES.last))) || (await exists(join(folder, RUN_FILES.best)))) {
    throw new AuricleError(
      "file",
      `${folder}: the run's ${RUN_FILES.config} is missing: restore it from a copy or start a new run`,
    );
  }
  const where = `Runs are in ${RUNS_FOLDER}/ where they were started, unless --out named another folder`;
  if (!(await isFolder(folder))) {
    const what = (await exists(folder)) ? "a file" : "no such folder";
    throw new AuricleError("file", `${what}: ${folder} is not the folder of a run. ${where}`);
  }
  throw new AuricleError(
    "file",
    `${folder} is not the folder of a run: it has no ${RUN_FILES.config}. ${where}`,
  );
}

/** The newest run in `runs/` that is not finished. @throws AuricleError "file" when there is none. */
export async function newestUnfinishedRun(): Promise<string> {
  const runs = resolve(RUNS_FOLDER);
  const names = await namesIn(runs).catch(() => []);
  // Names begin with date and time.
  for (const name of names.sort().reverse()) {
    const folder = join(runs, name);
    if ((await hasRun(folder)) && !(await exists(join(folder, RUN_FILES.result)))) return folder;
  }
  throw new AuricleError("file", `no unfinished run in ${runs}: name the folder of one after --resume`);
}

/** Whether `path` is a file that can be seen. */
export async function exists(path: string): Promise<boolean> {
  return store.look(path).then(
    ({ kind }) => kind === "file",
    () => false,
  );
}

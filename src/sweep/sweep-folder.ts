/** @file The folder of a sweep: the file that it follows, its runs, and what is known of them besides. Node only. */

import { join } from "node:path";
import * as z from "zod/mini";
import { acquireLock } from "#here/runs/lock";
import { store } from "#here/io/store/store";
import { AuricleError } from "../errors.ts";
import { errorCode, fileError, readFileBytes, writeFileAtomic } from "../io/atomic-file.ts";
import type { Lock } from "../runs/lock.ts";
import { exists } from "../runs/run-folder.ts";
import { shownValue } from "../shown-value.ts";
import type { Sweep } from "./sweep-file.ts";

/** The names of the files in a sweep's folder. */
export const SWEEP_FILES = {
  sweep: "sweep.json",
  progress: "progress.json",
  results: "results.json",
  best: "best.json",
  page: "sweep.html",
  runs: "runs",
} as const;

/** How the names of locks begin, which a folder may hold that is no sweep's yet. */
export const LOCK_PREFIX = "lock-";

/** Facts that the runs do not state. */
const progressSchema = z.object({
  /** Seconds of work, before interruptions too. */
  seconds: z.number().check(z.minimum(0)),
  /** Why configurations could not be trained, by their numbers from 1. */
  failures: z.record(z.string(), z.string()),
});

export type Progress = z.infer<typeof progressSchema>;

export class SweepFolder {
  /** Absolute. */
  readonly path: string;
  readonly progress: Progress;
  /** The names of the runs that may be there. A system that shares files may go on saying that there is none of a name for some time. */
  private readonly runs: Set<string>;
  private readonly lock: Lock;

  private constructor(path: string, progress: Progress, runs: readonly string[], lock: Lock) {
    this.path = path;
    this.progress = progress;
    this.runs = new Set(runs);
    this.lock = lock;
  }

  /**
   * Takes the folder of a sweep, a new one or one to go on with.
   * @throws AuricleError "file" when it holds something else, or is in use; "argument" when it holds another sweep
   */
  static async open(path: string, sweep: Sweep): Promise<SweepFolder> {
    const entries = await namesIn(path);
    const file = join(path, SWEEP_FILES.sweep);
    const isOurs = entries.includes(SWEEP_FILES.sweep);
    const foreign = entries.find((name) => !name.startsWith(LOCK_PREFIX));
    if (!isOurs && foreign !== undefined) {
      throw new AuricleError(
        "file",
        `${path} is not the folder of a sweep (it holds ${foreign} and no ${SWEEP_FILES.sweep}): choose another with --out`,
      );
    }
    try {
      await store.makeFolder(path);
    } catch (cause) {
      throw fileError("create the folder", path, cause);
    }
    const lock = await acquireLock(path);
    try {
      const text = textOf(sweep);
      if (isOurs) await checkSame(file, text);
      await writeFileAtomic(file, text);
      const progress = await readProgress(join(path, SWEEP_FILES.progress));
      return new SweepFolder(path, progress, await namesIn(join(path, SWEEP_FILES.runs)), lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The folder of a run. @param configuration its number, from 0 */
  runOf(configuration: number, seed: number): string {
    return join(this.path, SWEEP_FILES.runs, nameOfRun(configuration, seed));
  }

  /** Notes that a run has begun. */
  begin(configuration: number, seed: number): void {
    this.runs.add(nameOfRun(configuration, seed));
  }

  hasBegun(configuration: number, seed: number): boolean {
    return this.runs.has(nameOfRun(configuration, seed));
  }

  write(name: keyof typeof SWEEP_FILES, text: string): Promise<void> {
    return writeFileAtomic(join(this.path, SWEEP_FILES[name]), text);
  }

  /** Notes the time, and failures. */
  async saveProgress(): Promise<void> {
    await this.write("progress", `${JSON.stringify(this.progress, undefined, 2)}\n`);
  }

  release(): Promise<void> {
    return this.lock.release();
  }
}

function nameOfRun(configuration: number, seed: number): string {
  return `${String(configuration + 1).padStart(3, "0")}-seed-${seed}`;
}

/** The names in a folder; none where there is no such folder. @throws AuricleError "file" where it cannot be read */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return (await store.list(path)).map(({ name }) => name);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return [];
    throw fileError("read the folder", path, cause);
  }
}

/** A sweep as its folder keeps it: conditions are objects. */
export function textOf(sweep: Sweep): string {
  const plain = (_: string, value: unknown): unknown =>
    value instanceof Map ? Object.fromEntries(value as ReadonlyMap<string, unknown>) : value;
  return `${JSON.stringify(sweep, plain, 2)}\n`;
}

/** All may not change but the budget: more of it makes more runs, and those that there are stay. */
async function checkSame(path: string, text: string): Promise<void> {
  const [before, now] = [await readObject(path), JSON.parse(text) as Readonly<Record<string, unknown>>];
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [was, is] = [before[name], now[name]];
    if (name === "budget" || JSON.stringify(was) === JSON.stringify(is)) continue;
    throw new AuricleError(
      "argument",
      `${path}: a sweep that goes on keeps its ${name}; it was ${shownValue(was)}, and is now ${shownValue(is)}: ` +
        "restore it, or begin another sweep with --out",
    );
  }
}

async function readObject(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = new TextDecoder().decode(await readFileBytes(path));
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === "object" && content !== null) return content as Readonly<Record<string, unknown>>;
  } catch {
    // As for any other content.
  }
  throw new AuricleError(
    "file",
    `${path}: the file is damaged: restore it, or begin another sweep with --out`,
  );
}

async function readProgress(path: string): Promise<Progress> {
  if (!(await exists(path))) return { seconds: 0, failures: {} };
  const read = progressSchema.safeParse(await readObject(path));
  if (read.success) return { seconds: read.data.seconds, failures: { ...read.data.failures } };
  throw new AuricleError(
    "file",
    `${path}: the file is damaged: remove it; time and failures are then forgotten`,
  );
}

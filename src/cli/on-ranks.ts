/**
 * @file A command in one of several processes that MPI has started: rank 0 shows and writes, the others compute in silence, and where one
 * fails all end.
 */

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { rmSync } from "node:fs";
import { availableParallelism, cpus, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CommanderError } from "commander";
import type { Communicator } from "../distributed/communicator.ts";
import { joinRanks } from "../distributed/join-ranks.ts";
import { launchOf } from "../distributed/launch.ts";
import type { Ranks } from "../distributed/ranks.ts";
import { REPORT_NAME } from "../runs/index.ts";
import type { CommandContext } from "./context.ts";
import { errorMessage } from "./error-message.ts";
import { Terminal } from "./terminal.ts";
import { formatCount } from "./text.ts";

/** A process that takes part. */
export interface Taking {
  readonly ranks: Ranks;
  /** A folder for what this rank alone needs; removed at the end. */
  readonly folder: string;
  /** The threads that this rank should compute with, so that those of one machine have all its processors together. */
  readonly threads: number;
}

/**
 * Runs a command, together with the other processes that MPI has started.
 * @param timeout seconds that an exchange waits for other ranks; default 300
 * @param run is given the ranks, or undefined where this process is alone, and a context in which rank 0 alone shows anything
 */
export async function onRanks(
  context: CommandContext,
  timeout: number | undefined,
  run: (taking: Taking | undefined, context: CommandContext) => Promise<void>,
): Promise<void> {
  const launch = launchOf(process.env);
  const ranks = joinRanks({ timeout });
  if (!ranks || ranks.size === 1) return run(undefined, context);
  const folder = await mkdtemp(join(tmpdir(), `auricle-rank-${ranks.rank}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const own = ranks.rank === 0 ? context : silent(context);
  try {
    await tellOfRanks(ranks, own.terminal);
    await run({ ranks, folder, threads: threadsOf(launch?.localSize ?? 1, own.terminal) }, own);
    await ranks.end();
  } catch (error) {
    if (error instanceof CommanderError) throw error;
    await ranks.fail(errorMessage(error));
  } finally {
    process.off("exit", remove);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says which process on which machine a rank is: MPICH names processes that were killed by their number alone. */
async function tellOfRanks(ranks: Communicator, terminal: Terminal): Promise<void> {
  const own = new TextEncoder().encode(`${hostname()} (process ${process.pid})`);
  const names = (await ranks.gather(own, "the start")).map((bytes) => new TextDecoder().decode(bytes));
  terminal.note(
    `${ranks.size} ranks by ${ranks.engine}: ${names.map((name, i) => `${i} on ${name}`).join(", ")}`,
  );
}

/** MPI may have bound each rank to processors of its own; otherwise the ranks of a machine divide its processors. */
function threadsOf(localSize: number, terminal: Terminal): number {
  const usable = availableParallelism();
  const all = cpus().length;
  if (usable >= all) return Math.max(1, Math.floor(usable / localSize));
  if (usable < Math.floor(all / localSize)) {
    terminal.note(
      `mpirun binds each rank to ${formatCount(usable)} of ${formatCount(all)} processors; --bind-to none gives them all`,
    );
  }
  return usable;
}

/** Errors of other ranks come to rank 0's screen, and their results are the same. */
function silent(context: CommandContext): CommandContext {
  const nowhere = { write: () => true };
  return { ...context, terminal: new Terminal(nowhere, nowhere), setExitCode: () => undefined };
}

/** How the files of a run are sent: names and lengths as JSON, then the contents. */
interface Packed {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/**
 * Gives all other ranks a copy of the run that rank 0 goes on with.
 * @param path the run's folder on rank 0; undefined where there is none
 * @returns the folder of this rank's copy, on rank 0 the folder itself
 */
export async function shareRunFolder(
  { ranks, folder }: Taking,
  path: string | undefined,
): Promise<string | undefined> {
  const given = ranks.rank === 0 && path !== undefined ? await pack(path) : new Uint8Array(0);
  const bytes = await ranks.broadcast(given, "the files of the run");
  if (ranks.rank === 0) return path;
  if (bytes.length === 0) return undefined;
  await unpack(bytes, folder);
  return folder;
}

async function pack(path: string): Promise<Uint8Array> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && isShared(entry.name)).map(({ name }) => name);
  const contents = await Promise.all(names.map((name) => readFile(join(path, name))));
  const packed: Packed = { files: names.map((name, i) => ({ name, bytes: contents[i].length })) };
  const head = new TextEncoder().encode(JSON.stringify(packed));
  const length = new Uint8Array(Uint32Array.of(head.length).buffer);
  return Buffer.concat([length, head, ...contents]);
}

/** Locks are those of a process, and a report is made anew. */
function isShared(name: string): boolean {
  return name !== REPORT_NAME && /\.(json|jsonl|safetensors)$/.test(name);
}

async function unpack(bytes: Uint8Array, folder: string): Promise<void> {
  const [length] = new Uint32Array(bytes.slice(0, 4).buffer);
  const { files } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Packed;
  let at = 4 + length;
  for (const file of files) {
    await writeFile(join(folder, file.name), bytes.subarray(at, at + file.bytes));
    at += file.bytes;
  }
}

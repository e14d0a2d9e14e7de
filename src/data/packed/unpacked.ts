/** @file The files of archives that were unpacked in the user's cache: how much it takes, and removing it. Browser-safe. */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import * as z from "zod/mini";
import { claimedNames } from "../../io/claims.ts";
import { compareNames } from "../../io/natural-order.ts";
import { readParsed } from "../../io/parsed-file.ts";

/** The name of the file that is there when all others of a folder are. */
export const WHOLE = "whole";

/** Its content; empty where an earlier version wrote it. */
const factsSchema = z.object({ source: z.string() });
export type UnpackedFacts = z.infer<typeof factsSchema>;

/** The folder for what is unpacked. */
export function unpackedFolder(): string {
  return join(store.cacheFolder(), "unpacked");
}

/** The files that one archive became. */
export interface UnpackedArchive {
  /** The archive's path when it was opened last; undefined where that is not known. */
  readonly source: string | undefined;
  readonly files: number;
  readonly bytes: number;
  /** When it was opened last, in milliseconds since the epoch. */
  readonly used: number;
  /** Whether a process is using it now. */
  readonly inUse: boolean;
}

export interface UnpackedArchives {
  readonly folder: string;
  readonly bytes: number;
  readonly archives: readonly UnpackedArchive[];
}

/** Looks at all that was unpacked. */
export async function unpackedArchives(): Promise<UnpackedArchives> {
  const folder = unpackedFolder();
  const inUse = await claimedNames(folder);
  const archives: UnpackedArchive[] = [];
  for (const name of await namesIn(folder)) {
    const whole = join(folder, name, WHOLE);
    const sizes = await sizesIn(join(folder, name, "files"));
    archives.push({
      source: (await readParsed(whole, factsSchema))?.source,
      files: sizes.length,
      bytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
      used: (await store.look(whole).catch(() => undefined))?.modified ?? 0,
      inUse: inUse.has(name),
    });
  }
  archives.sort((a, b) => compareNames(a.source ?? "", b.source ?? ""));
  return { folder, bytes: archives.reduce((sum, { bytes }) => sum + bytes, 0), archives };
}

/** Removes all that was unpacked but what a process uses; it is unpacked again when needed. @returns bytes that were freed */
export async function clearUnpacked(): Promise<number> {
  const before = await unpackedArchives();
  const { folder } = before;
  const inUse = await claimedNames(folder);
  for (const name of await namesIn(folder)) {
    if (inUse.has(name)) continue;
    // First, so that what is removed in part is not taken for whole.
    await store.remove(join(folder, name, WHOLE));
    await store.remove(join(folder, name));
  }
  return before.bytes - (await unpackedArchives()).bytes;
}

/** The names of the folders, each of an archive. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await store.list(folder).catch(() => []);
  return entries.filter(({ name, kind }) => kind === "folder" && HASH.test(name)).map(({ name }) => name);
}

const HASH = /^[0-9a-f]{40}$/;

/** The bytes of each file in a folder and those below. */
async function sizesIn(folder: string): Promise<number[]> {
  const sizes: number[] = [];
  for (const { name, kind } of await store.list(folder).catch(() => [])) {
    const path = join(folder, name);
    if (kind === "folder") sizes.push(...(await sizesIn(path)));
    else sizes.push((await store.look(path)).bytes);
  }
  return sizes;
}

/**
 * @file Which content each recording has, without reading it again: a file of hashes, believed as long as a
 * recording's size and times are what they were. Browser-safe.
 */

import { join } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import * as z from "zod/mini";
import { writeFileAtomic } from "../../../../io/atomic-file.ts";
import { removeUnfinished } from "../../../../io/unfinished-files.ts";

const NAME = "contents.json";
const PIECE_BYTES = 1 << 20;

/** Recordings that are remembered; the ones seen longest ago go first. About 20 MB. */
const LONGEST = 100_000;

/**
 * A file may be written twice within one tick of the file system's clock, 2 s on some. So what was hashed so
 * soon after a change is not remembered.
 */
export const SETTLED_MILLISECONDS = 2000;

const entriesSchema = z.record(z.string(), z.tuple([z.string(), z.string()]));

/** The properties that show whether a file has changed. */
export interface FileState {
  /** Whether it is a file: a folder or a pipe has no content. */
  readonly isFile: boolean;
  readonly bytes: number;
  readonly signature: string;
  /** Since the epoch, in milliseconds: when content or attributes changed last. */
  readonly changed: number;
}

/** @throws an error of the file system. */
export async function fileState(path: string): Promise<FileState> {
  const { kind, bytes, signature, changed } = await store.look(path);
  return { isFile: kind === "file", bytes, signature, changed };
}

/** SHA-256 of a file's content, hexadecimal. @throws an error of the file system. */
export async function hashContent(path: string): Promise<string> {
  const hash = sha256();
  const file = await store.open(path);
  try {
    for (let at = 0; at < file.size; at += PIECE_BYTES) hash.update(await file.read(at, PIECE_BYTES));
    return hash.digest();
  } finally {
    await file.close();
  }
}

/** Hashes by path. Losing it, or an entry of another process, costs only the time to hash again. */
export class ContentIndex {
  private readonly path: string;
  private readonly folder: string;
  private readonly known: Map<string, readonly [signature: string, hash: string]>;
  private readonly learnt = new Map<string, readonly [signature: string, hash: string]>();

  private constructor(folder: string, known: Map<string, readonly [string, string]>) {
    this.folder = folder;
    this.path = join(folder, NAME);
    this.known = known;
  }

  static async open(folder: string): Promise<ContentIndex> {
    return new ContentIndex(folder, await readEntries(join(folder, NAME)));
  }

  /** The hash of a file that is as it was when it was hashed. */
  find(path: string, state: FileState): string | undefined {
    const entry = this.known.get(path);
    return entry?.[0] === state.signature ? entry[1] : undefined;
  }

  /** @param now when hashing began, since the epoch, in milliseconds */
  learn(path: string, state: FileState, hash: string, now: number): void {
    if (now - state.changed >= SETTLED_MILLISECONDS) this.learnt.set(path, [state.signature, hash]);
  }

  /** Adds what was learnt to the file, as it is by now. @throws AuricleError "file". */
  async save(): Promise<void> {
    if (this.learnt.size === 0) return;
    const entries = await readEntries(this.path);
    for (const [path, entry] of this.learnt) {
      entries.delete(path);
      entries.set(path, entry);
    }
    const newest = [...entries].slice(-LONGEST);
    await store.makeFolder(this.folder);
    await removeUnfinished(this.folder, (name) => name === NAME);
    await writeFileAtomic(this.path, JSON.stringify(Object.fromEntries(newest)));
  }
}

async function readEntries(path: string): Promise<Map<string, readonly [string, string]>> {
  try {
    return new Map(
      Object.entries(entriesSchema.parse(JSON.parse(new TextDecoder().decode(await store.read(path))))),
    );
  } catch {
    // Absent or damaged: everything is hashed again.
    return new Map();
  }
}

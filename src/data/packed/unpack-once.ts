/** @file Files that are made of another one's content, once, in the user's cache. Browser-safe. */

import { dirname, join } from "#here/io/path";
import { sha256 } from "#here/io/sha256";
import { store } from "#here/io/store/store";
import { fileError } from "../../io/atomic-file.ts";
import { claim } from "../../io/claims.ts";
import { unpackedFolder, WHOLE, type UnpackedFacts } from "./unpacked.ts";

/** Raised when the same content becomes other files. */
const VERSION = 2;

/** How many files are written at once: the disk confirms each. */
const AT_ONCE = 16;

/** A file to write: its path below the folder, with `/`, and what gives its content. */
export interface UnpackedFile {
  readonly path: string;
  content(): Uint8Array;
}

/**
 * Writes files unless they are there from an earlier time. Several processes may do so at once: each file appears whole, and
 * equal names have equal content.
 * @param source the path of the file that they are made of, which `auricle cache` shows
 * @param content its bytes
 * @param files the same ones for the same content
 * @returns the folder that they are in
 * @throws AuricleError "file" when they cannot be written, and what `content` of a file throws
 */
export async function unpackOnce(
  source: string,
  content: Uint8Array,
  files: readonly UnpackedFile[],
): Promise<string> {
  const name = sha256().update(`${VERSION} `).update(content).digest().slice(0, 40);
  const whole = join(unpackedFolder(), name, WHOLE);
  // Of its own, as any name may be in it.
  const folder = join(unpackedFolder(), name, "files");
  const facts = JSON.stringify({ source } satisfies UnpackedFacts);
  // A cache that only others may write is read all the same; where files are missing, writing them fails with its own message.
  await claim(unpackedFolder(), [name]).catch(() => undefined);
  const isThere = await store.look(whole).then(
    () => true,
    () => false,
  );
  if (isThere) {
    // Its time says when this was used last.
    await store.writeAtomic(whole, facts).catch(() => undefined);
    return folder;
  }
  for (const inner of new Set([folder, ...files.map(({ path }) => dirname(join(folder, path)))])) {
    await store.makeFolder(inner).catch((cause: unknown) => {
      throw fileError("create the folder", inner, cause);
    });
  }
  const write = async (path: string, bytes: Uint8Array) => {
    await store.writeAtomic(path, bytes).catch((cause: unknown) => {
      throw fileError("write", path, cause);
    });
  };
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    await Promise.all(some.map((file) => write(join(folder, file.path), file.content())));
  }
  await store.writeAtomic(whole, facts).catch((cause: unknown) => {
    throw fileError("write", whole, cause);
  });
  return folder;
}

/** A name for a file or a folder on any disk, from any text, and unlike those that were given before. */
export function diskName(text: string, taken: Set<string>): string {
  const plain =
    text
      .replace(/[^\p{L}\p{N} _-]/gu, "_")
      .trim()
      .slice(0, 60) || "_";
  let name = plain;
  // Some disks do not tell cases apart.
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${plain} ${i}`;
  taken.add(name.toLowerCase());
  return name;
}
